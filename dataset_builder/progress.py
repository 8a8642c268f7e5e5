"""What a long job tells whoever waits for it: how far which step is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")

#: The unit that is shown in powers of a thousand.
BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class Progress:
    """One report on the way.

    Attributes:
        step: what is being done, a word or two: ``read``, ``process``, ``link``, ``write``, ``describe``, ``scan``.
        done: how much of it is done; never less than in the step's report before.
        total: how much there is, None while nobody knows.
        unit: what is counted, in the plural: ``files``, or :data:`BYTES`; empty for articles and other rows.
    """

    step: str
    done: int
    total: int | None = None
    unit: str = ""


#: Is called from the process and thread that does the job; what it raises ends the job.
OnProgress = Callable[[Progress], None]


#: Somebody else writes to the terminal now: the client of a service that shows its own progress.
ASIDE = Progress("", 0)


def silent(_event: Progress) -> None:
    """Tell nobody."""


def counted(
    items: Iterable[Item],
    step: str,
    on_progress: OnProgress,
    *,
    size: Callable[[Item], int] = lambda _: 1,
    total: int | None = None,
    unit: str = "",
) -> Iterator[Item]:
    """``items`` as they are, with a report after each of how much has passed, and one before the first."""
    done = 0
    on_progress(Progress(step, 0, total, unit))
    for item in items:
        yield item
        done += size(item)
        on_progress(Progress(step, done, total, unit))


@dataclass
class Watch:
    """How far a step is that is done in several places, or in pieces that nobody iterates over.

    Attributes:
        step, total, unit: as in :class:`Progress`.
        done: so far.
    """

    step: str
    on_progress: OnProgress
    total: int | None = None
    unit: str = ""
    done: int = 0

    def add(self, size: int) -> None:
        """So much more is done."""
        self.done += size
        self.on_progress(Progress(self.step, self.done, self.total, self.unit))


@dataclass
class Portion:
    """A part of a step, such as one file of many, that is worth ``whole`` and never more."""

    watch: Watch
    whole: int
    done: int = 0

    def add(self, size: int) -> None:
        """So much more is done, up to the whole."""
        size = min(size, self.whole - self.done)
        if size > 0:
            self.done += size
            self.watch.add(size)

    def finish(self) -> None:
        """All of it is done."""
        self.add(self.whole)
