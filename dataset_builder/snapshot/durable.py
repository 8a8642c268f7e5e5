"""On the disk before anybody relies on it: a file's content before its name, a name before the next step."""

from __future__ import annotations

import os
from pathlib import Path


def flush_tree(folder: Path) -> None:
    """Have every file below ``folder``, and every name, on the disk."""
    for here, _, names in os.walk(folder):
        for name in names:
            flush_file(Path(here) / name)
        flush_folder(Path(here))


def flush_file(path: Path) -> None:
    """Have a file's content on the disk."""
    _flush(path)


def flush_folder(folder: Path) -> None:
    """Have the names in ``folder`` on the disk; other systems than POSIX ones cannot be asked to."""
    if os.name == "posix":
        _flush(folder)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
