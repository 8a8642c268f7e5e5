"""What an engine is: something that does one job for many tasks, somewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

from dataset_builder.errors import OutsideError

Task = TypeVar("Task")
Result = TypeVar("Result")


def do(job: Callable[[Task], Result], task: Task) -> Result:
    """The result of one task; an error tells what was in hand."""
    try:
        return job(task)
    except OutsideError as error:
        error.place = error.place or f"at {task}"
        raise
    except Exception as error:
        error.add_note(f"with this in hand: {task}")
        raise


class Engine(Protocol):
    """Runs a job over tasks.

    A job is a picklable callable: a frozen value that holds what all its tasks share. It may be called in another
    process, and again if that process dies, so it writes under a name that depends on the task alone, and atomically.
    Tasks and results are small; what is large goes through files.
    """

    @property
    def workers(self) -> int:
        """How many tasks may be in hand at once."""

    def expect(self, size: int) -> None:
        """Be told how many bytes of input are coming."""

    def map(self, job: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """The results, in the order of the tasks. ``str(task)`` names what was in hand when something failed."""

    def close(self) -> None:
        """Let the workers go."""

    def __enter__(self) -> Engine:
        """The engine itself."""

    def __exit__(self, *_: Any) -> None:
        """Close it."""
