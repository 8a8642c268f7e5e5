"""Python's ``re`` in bounded time: in a process of its own that is ended when one cell takes too long.

``re`` cannot be interrupted from within, and some patterns need longer than the universe has (``(a|aa)+$`` on a hundred
letters). What RE2 can decide never comes here.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from dataset_builder.errors import ConfigError, UsageError
from dataset_builder.visible import one_line

#: A cell that took so long, in seconds, is slow; a match of a tame pattern takes microseconds.
SLOW_SECONDS = 0.1
SECONDS_VARIABLE, MEGABYTES_VARIABLE = "BUILD_DATASET_PATTERN_SECONDS", "BUILD_DATASET_PATTERN_MEGABYTES"

_WORKER = Path(__file__).with_name("re_worker.py")


class CostlyPatternError(ConfigError):
    """A pattern ran away on a cell."""


@dataclass(frozen=True, slots=True)
class PatternBounds:
    """What a pattern may take. How much of it an honest one needs hangs on the machine, so the environment raises it.

    Attributes:
        cell_seconds: for one cell.
        run_seconds: for all slow cells together, so that a table of them ends as well.
        megabytes: of memory; ``re`` keeps some hundred bytes for each repetition of a group.
    """

    cell_seconds: float = 5.0
    run_seconds: float = 60.0
    megabytes: int = 2048

    @classmethod
    def of_environment(cls) -> PatternBounds:
        """The bounds as ``BUILD_DATASET_PATTERN_SECONDS`` (a cell; twelve times that for all slow ones) and
        ``BUILD_DATASET_PATTERN_MEGABYTES`` set them.

        Raises:
            UsageError: one of them is no number from 1 to a million.
        """
        seconds = _number(SECONDS_VARIABLE, 5)
        return cls(seconds, 12.0 * seconds, _number(MEGABYTES_VARIABLE, 2048))


class BoundedRe:
    """``re.compile(pattern).match`` for many texts, each within bounds.

    The process starts with the first question and ends with :meth:`close` or with the object.
    """

    def __init__(self, pattern: str, bounds: PatternBounds | None = None) -> None:
        self.pattern = pattern
        self.bounds = bounds or PatternBounds.of_environment()
        self._slow = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._end: weakref.finalize[[subprocess.Popen[bytes]], BoundedRe] | None = None

    def matches(self, texts: Sequence[str]) -> list[bool]:
        """Whether the pattern matches at the start of each text. Raises :class:`CostlyPatternError`."""
        process = self._started()
        writer = threading.Thread(target=_write, args=(process, texts), daemon=True)
        writer.start()
        answers = bytearray()
        assert process.stdout is not None
        while len(answers) < len(texts):
            asked = time.monotonic()
            ready, _, _ = select.select([process.stdout], [], [], self.bounds.cell_seconds)
            waited = time.monotonic() - asked
            self._slow += waited if waited > SLOW_SECONDS else 0
            read = process.stdout.read1(len(texts) - len(answers)) if ready else b""  # type: ignore[attr-defined]
            if not read or self._slow > self.bounds.run_seconds:
                self.close()
                raise self._too_costly(texts[len(answers)], timed_out=not ready)
            answers += read
        writer.join()
        return [answer == ord("1") for answer in answers]

    def close(self) -> None:
        """End the process."""
        self._process = None
        if self._end is not None:
            self._end()

    def __enter__(self) -> BoundedRe:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            command = [sys.executable, "-I", "-S", "-X", "utf8", str(_WORKER), str(self.bounds.megabytes)]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
            # Runs when this object goes, and before the interpreter does.
            self._end = weakref.finalize(self, _end_process, self._process)
            _write(self._process, [self.pattern])
        return self._process

    def _too_costly(self, text: str, *, timed_out: bool) -> CostlyPatternError:
        place = f"on a cell of {len(text)} characters"
        what, variable = f"takes more than {self.bounds.cell_seconds:g} s {place}", SECONDS_VARIABLE
        if not timed_out:
            what, variable = f"needs more than {self.bounds.megabytes} MB of memory {place}", MEGABYTES_VARIABLE
        if self._slow > self.bounds.run_seconds:
            what, variable = (
                f"takes more than {self.bounds.run_seconds:g} s on the cells that are slow",
                SECONDS_VARIABLE,
            )
        return CostlyPatternError(
            f"the pattern {self.pattern!r} {what}",
            expected="a pattern whose cost does not explode with the length of the cell",
            hint="write it without a repetition inside a repetition; without lookaround and backreferences, too, it "
            f"takes time in proportion, and has no limit; if it is honest, raise {variable} in the environment",
        )


def _number(variable: str, default: int) -> int:
    said = os.environ.get(variable, str(default))
    if not (said.isascii() and said.isdigit() and len(said) <= 6 and int(said) >= 1):
        raise UsageError(f"{variable} is {one_line(said)!r}", expected="a whole number from 1 to 999999")
    return int(said)


def _write(process: subprocess.Popen[bytes], texts: Sequence[str]) -> None:
    assert process.stdin is not None
    with suppress(OSError, ValueError):
        for text in texts:
            process.stdin.write(json.dumps(text).encode("ascii") + b"\n")
        process.stdin.flush()


def _end_process(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()
    process.wait()
