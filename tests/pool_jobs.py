"""Jobs for the tests of the engines: a worker imports this module by its name."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Square:
    """Squares numbers; waits longer for small ones, so that results do not come in order by themselves."""

    def __call__(self, number: int) -> int:
        time.sleep(0.02 / (1 + number))
        return number * number


@dataclass(frozen=True)
class FailAt:
    """Squares numbers, but for one."""

    number: int

    def __call__(self, number: int) -> int:
        if number == self.number:
            raise ValueError(f"cannot square {number}")
        return number * number


@dataclass(frozen=True)
class DieAt:
    """Kills its own process over one number, the first ``times`` times."""

    number: int
    times: int
    notes: Path

    def __call__(self, number: int) -> int:
        if number == self.number and len(list(self.notes.iterdir())) < self.times:
            (self.notes / str(time.monotonic_ns())).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return number * number


@dataclass(frozen=True)
class OnlyHere:
    """A job that no other process can make of its pickle."""

    home: int

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return _made_at, (self.home,)

    def __call__(self, number: int) -> int:
        return number


def _made_at(home: int) -> OnlyHere:
    if os.getpid() != home:
        raise LookupError("there is no such job here")
    return OnlyHere(home)


@dataclass(frozen=True)
class ProcessNumber:
    """Tells which process does the task."""

    def __call__(self, _number: int) -> int:
        time.sleep(0.05)
        return os.getpid()


@dataclass(frozen=True)
class DyingReading:
    """Reads nothing and kills its own process."""

    sources: frozenset[str]
    folder: Path

    def __call__(self, _portion: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class DyingOnce:
    """Does what ``job`` does, but kills its own process over the first two tasks, once."""

    job: object
    notes: Path

    def __call__(self, task: object) -> object:
        note = self.notes / getattr(task, "origin", "").replace(" ", "-")
        if len(list(self.notes.iterdir())) < 2 and not note.exists():
            note.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.job(task)  # type: ignore[operator]
