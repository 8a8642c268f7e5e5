"""Colour, where somebody sees it: on a terminal, and not where NO_COLOR is set (https://no-color.org)."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import typer

#: Puts a style on a text, or does nothing to it. Styles: added, removed, changed, heading.
Paint = Callable[[str, str], str]

_CODES = {"added": "32", "removed": "31", "changed": "7", "heading": "1"}


def plain(text: str, _style: str) -> str:
    """No colour."""
    return text


def coloured(text: str, style: str) -> str:
    """ECMA-48 select graphic rendition around the text."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if text else ""


@contextmanager
def interruptible(words: str) -> Iterator[None]:
    """Ctrl-C ends the command with ``words`` about what that leaves behind, and with the shell's exit code for it."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo(f"interrupted; {words}", err=True)
        raise typer.Exit(128 + signal.SIGINT) from None


def paint_for(stream: Literal["stdout", "stderr"]) -> Paint:
    """How to write to a standard stream."""
    seen = getattr(sys, stream).isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return coloured if seen else plain
