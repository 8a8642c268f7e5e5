"""Files that workers leave for each other: on a disk that all of them see, or behind an fsspec address."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa


def is_address(place: str | Path) -> bool:
    """Whether ``place`` is an fsspec address and no path."""
    return "://" in str(place)


def joined(folder: str | Path, name: str) -> str:
    """The file ``name`` in ``folder``."""
    return f"{str(folder).rstrip('/')}/{name}"


@contextmanager
def opened(place: str) -> Iterator[pa.NativeFile]:
    """The file for random access: through a memory map where it is on a disk."""
    if not is_address(place):
        with pa.memory_map(place) as source:
            yield source
        return
    import fsspec  # type: ignore[import-untyped]

    with fsspec.open(place, "rb") as source:
        yield pa.PythonFile(source, mode="r")


def deliver(place: str, write: Callable[[Path], None]) -> None:
    """Have ``write`` make a file and put it at ``place``, whole or not at all, whoever else writes the same there."""
    if not is_address(place):
        target = Path(place)
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        try:
            write(unfinished)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
        return
    system, path = _resolved(place)
    with tempfile.TemporaryDirectory(prefix="build-dataset-") as folder:
        made = Path(folder) / PurePosixPath(path).name
        write(made)
        system.makedirs(str(PurePosixPath(path).parent), exist_ok=True)
        system.put_file(str(made), path)


def fetch(place: str, target: Path) -> None:
    """Copy the file at an fsspec address to a path."""
    system, path = _resolved(place)
    target.parent.mkdir(parents=True, exist_ok=True)
    system.get_file(path, str(target))


def discard(place: str) -> None:
    """Delete what is below an fsspec address."""
    system, path = _resolved(place)
    if system.exists(path):
        system.rm(path, recursive=True)


def _resolved(place: str) -> tuple[Any, str]:
    import fsspec

    system, path = fsspec.core.url_to_fs(place)
    return system, str(path)
