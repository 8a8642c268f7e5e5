"""What a program costs: seconds, seconds of all processors, and memory, over it and every process that it starts."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

ROOT = Path(__file__).resolve().parent.parent
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
#: Seconds between two looks: short programs are looked at often, long ones seldom.
_FIRST_INTERVAL, _INTERVAL, _FIRST_SECONDS = 0.01, 0.2, 2.0


class FailedError(Exception):
    """A program under measurement did not end well."""


@dataclass(frozen=True)
class Used:
    """What one run took.

    Attributes:
        seconds: from its start to its end.
        processor: seconds of all processors, all its processes together.
        resident: bytes, the largest sum over its processes at one moment; a shared page counts with each of them.
        output: what it wrote to standard output.
    """

    seconds: float
    processor: float
    resident: int
    output: str


def run(command: Sequence[object], **environment: str) -> Used:
    """Run a program in a session of its own, and watch the session.

    Raises:
        FailedError: it ended with another code than 0.
    """
    merged = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    words = [str(word) for word in command]
    spent: dict[str, float] = {}
    resident = 0
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(words, stdout=output, stderr=errors, env=merged, cwd=ROOT, start_new_session=True)
        ended = 0
        while not ended:
            resident = max(resident, _look(process.pid, spent))
            early = time.perf_counter() - start < _FIRST_SECONDS
            time.sleep(_FIRST_INTERVAL if early else _INTERVAL)
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode:
            raise FailedError(f"{words}: exit code {process.returncode}\n{errors.read()[-2000:].decode()}")
        # What the program has waited for is in its usage; what it left behind was seen only.
        processor = max(usage.ru_utime + usage.ru_stime, sum(spent.values()))
        return Used(seconds, processor, resident, output.read().decode())


def _look(session: int, spent: dict[str, float]) -> int:
    """Note the processor time of each process of the session in ``spent``; all its resident bytes (proc(5))."""
    resident = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError, IndexError):
                fields = (folder / "stat").read_text().rpartition(") ")[2].split()
                if int(fields[3]) == session:
                    spent[folder.name] = (int(fields[11]) + int(fields[12])) / _TICKS
                    resident += int(fields[21]) * _PAGE
    return resident


def in_turn(turns: int, *runs: Callable[[], Result]) -> list[list[Result]]:
    """Run every one of ``runs`` so often, one after the other and the next time backwards; for each its results."""
    found: list[list[Result]] = [[] for _ in runs]
    for turn in range(turns):
        for index in range(len(runs)) if turn % 2 == 0 else reversed(range(len(runs))):
            found[index].append(runs[index]())
    return found


def ratio(numerators: Sequence[float], denominators: Sequence[float]) -> float:
    """The median of the ratios, turn by turn: what troubles the machine for a while troubles both alike."""
    return statistics.median(a / b for a, b in zip(numerators, denominators, strict=True))


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)
