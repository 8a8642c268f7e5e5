"""The door to the shards of a snapshot that nobody has verified: each is looked at before Arrow decodes anything of it.

``verify`` makes findings of the same faults. The commands that compare, cite and withdraw do not verify first, and end
with the name of the shard.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dataset_builder.errors import SnapshotError
from dataset_builder.limits import DEFAULT_LIMITS
from dataset_builder.parquet_bounds import grows_beyond
from dataset_builder.regular_file import open_regular
from dataset_builder.visible import one_line


def sound_shard(root: Path, path: str) -> Path:
    """Where the shard ``path`` of the snapshot at ``root`` stands; some milliseconds for an honest one.

    Raises:
        SnapshotError: it is no regular file and no readable Parquet, its footer contradicts itself, or it grows beyond
            bounds when it is decoded.
    """
    with readable(root, path):
        open_regular(root / path).close()
        grown = grows_beyond(root / path)
    if grown:
        most = DEFAULT_LIMITS.unpacked_bytes((root / path).stat().st_size)
        raise SnapshotError(
            f"the shard stands for more than {most:,} bytes",
            expected=f"at most {DEFAULT_LIMITS.unpacked_ratio} decoded bytes from each byte of the file",
            hint=_hint(root),
            place=_shown(root, path),
        )
    return root / path


@contextmanager
def readable(root: Path, path: str) -> Iterator[None]:
    """What Arrow and the disk say about a shard, as an error that names it.

    Raises:
        SnapshotError: it cannot be read.
    """
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, MemoryError) as error:
        raise SnapshotError(
            f"the shard cannot be read: {one_line(str(error))}",
            expected="a Parquet file as build-dataset writes it",
            hint=_hint(root),
            place=_shown(root, path),
        ) from None


def _hint(root: Path) -> str:
    return f"build-dataset verify {root} says what is wrong with it"


def _shown(root: Path, path: str) -> str:
    return one_line(str(root / path), 400)
