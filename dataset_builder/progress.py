"""What a long job tells whoever waits for it: how far which step is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Progress:
    """One report on the way.

    Attributes:
        step: what is being done, a word or two: ``read``, ``process``, ``link``, ``write``, ``describe``, ``scan``.
        done: how much of it is done, in articles; never less than in the step's report before.
        total: how much there is, None while nobody knows.
    """

    step: str
    done: int
    total: int | None = None


#: Is called from the process and thread that does the job; what it raises ends the job.
OnProgress = Callable[[Progress], None]


def silent(_event: Progress) -> None:
    """Tell nobody."""


def counted(
    items: Iterable[Item], step: str, on_progress: OnProgress, *, size: Callable[[Item], int], total: int | None = None
) -> Iterator[Item]:
    """``items`` as they are, with a report after each of how much has passed, and one before the first."""
    done = 0
    on_progress(Progress(step, 0, total))
    for item in items:
        yield item
        done += size(item)
        on_progress(Progress(step, done, total))
