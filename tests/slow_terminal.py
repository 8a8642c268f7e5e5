"""A terminal whose clock goes slowly: whatever reports progress is seen to, in a test that lasts no longer for it."""

from __future__ import annotations

import functools
import itertools
import re

import pytest

import dataset_builder.cli.progress as shown_progress

FIRST_COLUMN = "\r\x1b[K"
#: Seconds that pass between two reports.
BETWEEN = 3.0


def slow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let standard error be a terminal, and let time pass from report to report."""
    clock = functools.partial(next, itertools.count(0.0, BETWEEN))
    monkeypatch.setattr(shown_progress, "shown", lambda quiet, _: not quiet)
    monkeypatch.setattr(shown_progress, "ProgressLine", functools.partial(shown_progress.ProgressLine, clock=clock))
    monkeypatch.setenv("COLUMNS", "120")


def lines_of(written: str) -> list[str]:
    """The lines of progress that were written over each other."""
    return [line for line in written.split(FIRST_COLUMN)[1:-1] if line]


def steps_of(written: str) -> list[str]:
    """The steps of those lines, each once, in their order."""
    return list(dict.fromkeys(re.split(r"  ", line, maxsplit=1)[0] for line in lines_of(written)))
