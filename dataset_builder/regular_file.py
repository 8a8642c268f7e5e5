"""Opening a file that a caller has named: a regular one, without waiting for it, and never more of it than a limit.

A pipe would be waited for and a device read for ever. What it is instead is an ``OSError`` whose ``strerror`` says so,
so that whoever asks tells it as every other file that cannot be read. (The corpus has :mod:`read.safe_open`, which
makes findings.)
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def open_regular(path: Path) -> BinaryIO:
    """The file as a stream.

    Raises:
        OSError: it cannot be opened, or is a folder, a pipe, a device or a socket.
    """
    _refuse(path.stat(), path)
    # O_NONBLOCK: should a pipe have taken the file's place since it was looked at, opening it must not wait.
    file = open(path, "rb", opener=lambda name, flags: os.open(name, flags | getattr(os, "O_NONBLOCK", 0)))  # noqa: SIM115
    try:
        _refuse(os.fstat(file.fileno()), path)
    except OSError:
        file.close()
        raise
    return file


def read_regular(path: Path, most: int) -> bytes:
    """The file's bytes.

    Raises:
        OSError: it cannot be read, is no regular file, or has more than ``most`` bytes.
    """
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        content = file.read(most + 1) if size <= most else b""
    if (found := max(size, len(content))) > most:
        raise OSError(errno.EFBIG, f"{found:,} bytes, more than {most:,}", str(path))
    return content


def leads_outside(path: Path, folder: Path) -> bool:
    """Whether a path comes to stand outside ``folder``, by its spelling or by a link, or nowhere at all."""
    try:
        return not path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a link to itself
        return True


def _refuse(status: os.stat_result, path: Path) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, "a folder", str(path))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "a device, pipe or socket", str(path))
