"""What an engine is: something that does one job for many tasks, somewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataset_builder.errors import OutsideError

Task = TypeVar("Task")
Result = TypeVar("Result")


class RowTask(Protocol):
    """A task about some of the rows that a job holds.

    Attributes:
        rows: their numbers.
        columns: the columns of them that are of use.
    """

    @property
    def rows(self) -> npt.NDArray[np.int64]: ...

    @property
    def columns(self) -> Sequence[str]: ...


class NumberedRows(Protocol):
    """Rows that are numbered from 0 and lie in batches somewhere; the value may travel to a worker."""

    def read(self, first: int = 0, last: int | None = None) -> Iterator[pa.RecordBatch]:
        """The batches from number ``first`` to before ``last``."""

    def take(self, rows: npt.NDArray[np.int64], columns: Sequence[str] | None = None) -> pa.Table:
        """The given rows, in that order, each column in one piece; all columns where none are named."""

    @property
    def batch_starts(self) -> npt.NDArray[np.int64]:
        """The number of the first row of every batch, and of the row after the last."""


class RowJob(Protocol):
    """A job whose tasks each want some of the same rows, wherever those are; every engine brings them its own way."""

    @property
    def articles(self) -> NumberedRows:
        """The rows."""

    @property
    def root(self) -> str | Path:
        """Where it writes."""

    def moved(self, articles: Any, root: str | Path) -> RowJob:
        """The same job over rows that are elsewhere, writing elsewhere."""

    def __call__(self, task: Any, /) -> Any:
        """The result of one task."""


def do(job: Callable[[Task], Result], task: Task) -> Result:
    """The result of one task; an error tells what was in hand.

    Arrow's allocator gives back what it keeps for the next batches, as the next task's may be of another size.
    """
    try:
        return job(task)
    except OutsideError as error:
        error.place = error.place or f"at {task}"
        raise
    except Exception as error:
        error.add_note(f"with this in hand: {task}")
        raise
    finally:
        pa.default_memory_pool().release_unused()


class Engine(Protocol):
    """Runs jobs over tasks.

    A job is a picklable callable: a frozen value that holds what all its tasks share. It may be called in another
    process, and again if that process dies, so it writes under a name that depends on the task alone, and atomically.
    Tasks and results are small; what is large goes through files.
    """

    @property
    def workers(self) -> int:
        """How many tasks may be in hand at once."""

    def expect(self, size: int, corpus: Path, models: Sequence[str] = (), /) -> None:
        """Be told of the input before the first task: its bytes, its folder, and the models that its tasks load."""

    def scratch(self, local: Path) -> str | Path:
        """Where workers leave files for each other; ``local`` is a folder on this machine for the length of a build."""

    def map(self, job: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """The results, in the order of the tasks. ``str(task)`` names what was in hand when something failed."""

    def gather(self, job: RowJob, tasks: Sequence[Any]) -> Iterator[Any]:
        """The same for tasks that each want rows from everywhere."""

    def rest(self) -> None:
        """Let go of workers that have nothing to do, with the memory that they hold; for more work there are others."""

    def close(self) -> None:
        """Let the workers go."""

    def __enter__(self) -> Engine:
        """The engine itself."""

    def __exit__(self, *_: Any) -> None:
        """Close it."""
