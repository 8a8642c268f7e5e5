"""Python's ``re`` in bounded time: in a process of its own that is ended when one cell takes too long.

``re`` cannot be interrupted from within, and some patterns need longer than the universe has (``(a|aa)+$`` on a hundred
letters). What RE2 can decide never comes here.
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from dataset_builder.errors import ConfigError

#: How long one cell may take, in seconds. A match of a tame pattern takes microseconds.
CELL_SECONDS = 5.0
#: How long all cells together may that take longer than ``SLOW_SECONDS``, so that a table of them ends as well.
RUN_SECONDS, SLOW_SECONDS = 60.0, 0.1

_WORKER = Path(__file__).with_name("re_worker.py")


class CostlyPatternError(ConfigError):
    """A pattern ran away on a cell."""


class BoundedRe:
    """``re.compile(pattern).match`` for many texts, each within ``CELL_SECONDS``.

    The process starts with the first question and ends with :meth:`close` or with the object.
    """

    def __init__(self, pattern: str, *, cell_seconds: float = CELL_SECONDS, run_seconds: float = RUN_SECONDS) -> None:
        self.pattern = pattern
        self.cell_seconds = cell_seconds
        self.run_seconds = run_seconds
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
            ready, _, _ = select.select([process.stdout], [], [], self.cell_seconds)
            waited = time.monotonic() - asked
            self._slow += waited if waited > SLOW_SECONDS else 0
            read = process.stdout.read1(len(texts) - len(answers)) if ready else b""  # type: ignore[attr-defined]
            if not read or self._slow > self.run_seconds:
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
            command = [sys.executable, "-I", "-S", "-X", "utf8", str(_WORKER)]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
            # Runs when this object goes, and before the interpreter does.
            self._end = weakref.finalize(self, _end_process, self._process)
            _write(self._process, [self.pattern])
        return self._process

    def _too_costly(self, text: str, *, timed_out: bool) -> CostlyPatternError:
        place = f"on a cell of {len(text)} characters"
        what = f"takes more than {self.cell_seconds:g} s {place}" if timed_out else f"needs too much memory {place}"
        if self._slow > self.run_seconds:
            what = f"takes more than {self.run_seconds:g} s on the cells that are slow"
        return CostlyPatternError(
            f"the pattern {self.pattern!r} {what}",
            expected="a pattern whose cost does not explode with the length of the cell",
            hint="write it without a repetition inside a repetition; without lookaround and backreferences, too, it "
            "takes time in proportion, and has no limit",
        )


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
