"""Progress in a terminal: one line that is written over, with rate and time left; nothing anywhere else.

A step that lasts less than a second is not shown, and nothing is where standard error is no terminal or ``--quiet`` was
given. The line is plain text, so ``NO_COLOR`` (https://no-color.org) asks for nothing more; a terminal that cannot go
back to the start of a line (``TERM=dumb``) is left alone.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, TextIO

import typer

from dataset_builder.cli.sizes import byte_size
from dataset_builder.progress import ASIDE, BYTES, OnProgress, Progress, silent

#: What ends after so many seconds needs no progress.
PATIENCE = 1.0
#: Seconds between two lines.
_PAUSE = 0.1
_CLEAR = "\r\x1b[K"  # ECMA-48: to the first column, erase to the end of the line

QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]


class ProgressLine:
    """Writes reports of progress to a terminal.

    Args:
        stream: the terminal.
        clock: seconds since some moment.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._began = clock()
        self._step = ""
        self._step_began = self._began
        self._first = 0
        self._written = float("-inf")
        self._shown = False

    def __call__(self, event: Progress) -> None:
        """Take one report."""
        if event == ASIDE:
            self.clear()
            return
        now = self._clock()
        if event.step != self._step:
            self._step, self._step_began, self._first, self._written = event.step, now, event.done, float("-inf")
        if now - self._began < PATIENCE or now - self._written < _PAUSE:
            return
        self._written = now
        self._write(line(event, event.done - self._first, now - self._step_began))

    def _write(self, text: str) -> None:
        width = shutil.get_terminal_size().columns
        self._stream.write(_CLEAR + text[: max(width - 1, 10)])
        self._stream.flush()
        self._shown = True

    def clear(self) -> None:
        """Take the line away, so that what is printed next stands at its place."""
        if self._shown:
            self._stream.write(_CLEAR)
            self._stream.flush()
            self._shown = False


def line(event: Progress, done: int, seconds: float) -> str:
    """``read  12,000 of 48,000  25%  2,400/s  15 s left``; less where less is known.

    Args:
        done: how much was done since the step began, ``seconds`` ago.
    """
    parts = [event.step]
    unit = event.unit
    if event.total:
        parts += [f"{_amount(event.done, unit)} of {_amount(event.total, unit)}{_named(unit)}"]
        parts.append(f"{100 * event.done // event.total}%")
    elif event.done:
        parts.append(f"{_amount(event.done, unit)}{_named(unit)}")
    if done > 0 and seconds >= PATIENCE / 2:
        rate = done / seconds
        parts.append(f"{_amount(rate, unit)}{_named(unit)}/s")
        if event.total and event.done < event.total:
            parts.append(f"{duration((event.total - event.done) / rate)} left")
    return "  ".join(parts)


def _amount(count: float, unit: str) -> str:
    """``48,000``, or ``3.4 MB`` of bytes; below ten a rate has a decimal."""
    if unit == BYTES:
        return byte_size(count)
    return f"{count:,}" if isinstance(count, int) else f"{count:,.0f}" if count >= 10 else f"{count:.1f}"


def _named(unit: str) -> str:
    return f" {unit}" if unit and unit != BYTES else ""


def duration(seconds: float) -> str:
    """``40 s``, ``12 min``, ``3 h 05 min``."""
    whole = round(seconds)
    if whole < 100:
        return f"{whole} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02} min"


def shown(quiet: bool, stream: TextIO) -> bool:
    """Whether somebody is there to see progress."""
    return not quiet and stream.isatty() and os.environ.get("TERM") != "dumb"


@contextmanager
def progress(quiet: bool = False) -> Iterator[OnProgress]:
    """Where a job sends its reports: a line on standard error, or nowhere. The line is gone at the end."""
    if not shown(quiet, sys.stderr):
        yield silent
        return
    written = ProgressLine(sys.stderr)
    try:
        yield written
    finally:
        written.clear()
