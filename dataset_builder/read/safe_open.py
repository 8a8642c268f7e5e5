"""Opening files that strangers have named: regular files below the corpus only, and never more than a limit."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

from dataset_builder.issues import Issue
from dataset_builder.regular_file import read_regular
from dataset_builder.visible import is_unsafe, one_line


def safe_name(locator: str) -> Issue | None:
    """The finding for a name that must not be shown or written, or None."""
    if is_unsafe(locator):
        shown = one_line(locator.encode("utf-8", "backslashreplace").decode())
        return Issue(shown, code="unsafe-file-name", found=shown, expected="a name of visible characters")
    return None


def outside(path: Path, corpus: Path, locator: str) -> Issue | None:
    """The finding for a path that resolves to a place outside ``corpus``, or None."""
    try:
        resolved = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return Issue(locator, code="unreadable-file", found="a link that leads nowhere", expected="a file")
    if resolved.is_relative_to(corpus.resolve()):
        return None
    return Issue(
        locator, code="path-outside", found="a symbolic link that leads outside", expected="a file of the corpus"
    )


def regular_file(path: Path, locator: str) -> Issue | None:
    """The finding for a path that is a device, a pipe or a socket, or None."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return _unreadable(locator, error)
    if stat.S_ISREG(mode):
        return None
    return Issue(locator, code="not-a-regular-file", found="a device, pipe or socket", expected="a regular file")


def read_bounded(path: Path, locator: str, limit: int) -> bytes | Issue:
    """The file's bytes, or the finding that says why they were not read."""
    try:
        return read_regular(path, limit)
    except OSError as error:
        if error.errno == errno.EFBIG:
            found = error.strerror or "a larger file"
            return Issue(locator, code="file-too-large", found=found, expected=f"at most {limit} bytes")
        return _unreadable(locator, error)


def _unreadable(locator: str, error: OSError) -> Issue:
    return Issue(
        locator, code="unreadable-file", found=error.strerror or type(error).__name__, expected="a readable file"
    )
