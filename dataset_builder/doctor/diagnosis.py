"""One look at everything that a build needs: each answer is a value with what was found and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from dataset_builder.visible import one_line


class State(StrEnum):
    """How it stands with one thing."""

    OK = "ok"
    NOTE = "note"  # something optional is not there
    WARNING = "warning"  # works, but not as well as it could
    ERROR = "error"  # a build would fail


@dataclass(frozen=True)
class Diagnosis:
    """One thing that was looked at.

    Attributes:
        area: what kind of thing: python, libraries, extras, model, disk, system.
        subject: which one.
        found: how it is, on one line.
        mend: what to do, where something is to be done.
    """

    area: str
    subject: str
    state: State
    found: str
    mend: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The diagnosis as one JSON object."""
        return {**asdict(self), "state": str(self.state)}


def examine(folder: Path) -> tuple[Diagnosis, ...]:
    """Look at the installation, and at ``folder`` as the place where snapshots would be written."""
    from dataset_builder.doctor import libraries, model, system

    areas: tuple[tuple[str, Callable[[], Iterator[Diagnosis]]], ...] = (
        ("python", system.examine_python),
        ("libraries", libraries.examine_libraries),
        ("extras", libraries.examine_extras),
        ("model", model.examine_model),
        ("disk", lambda: system.examine_disk(folder)),
        ("system", system.examine_system),
    )
    return tuple(found for area, look in areas for found in _contained(area, look))


def _contained(area: str, look: Callable[[], Iterator[Diagnosis]]) -> Iterator[Diagnosis]:
    """What breaks while it is looked at is broken."""
    try:
        yield from look()
    except Exception as error:
        shown = one_line(f"{type(error).__name__}: {error}", 300)
        yield Diagnosis(area, area, State.ERROR, shown, "install news-dataset-builder anew, in a fresh environment")
