"""The rows of a snapshot's table that another snapshot does not have in the very same file.

Months that nothing touched are the same bytes in both, and need not be opened. What remains is read a row group at a
time, so that memory depends on the group's size and not on the table's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dataset_builder.errors import SnapshotError
from dataset_builder.progress import OnProgress, counted, silent
from dataset_builder.sound_shard import readable, sound_shard

#: 16 bytes an id, a quarter of what Arrow needs for its 32 digits.
ID = np.dtype("S16")
Ids = np.ndarray[Any, np.dtype[np.bytes_]]


@dataclass(frozen=True)
class Group:
    """One row group of one shard."""

    path: str
    index: int


class Side:
    """One snapshot's part of a table.

    Attributes:
        groups: its row groups, in the order of paths.
        ids: of all their rows, in order.
        starts: where each group begins among ``ids``, and at the end their number.
    """

    def __init__(self, root: Path, paths: list[str], key: str = "id", on_progress: OnProgress = silent) -> None:
        self.root = root
        self.groups: list[Group] = []
        found: list[Ids] = []
        starts = [0]
        for path in counted(paths, "ids", on_progress, total=len(paths), unit="files"):
            with readable(root, path), pq.ParquetFile(sound_shard(root, path)) as file:
                for index in range(file.num_row_groups):
                    column = file.read_row_group(index, columns=[key]).column(key)
                    self.groups.append(Group(path, index))
                    found.append(packed(column, path))
                    starts.append(starts[-1] + len(column))
        self.ids: Ids = np.concatenate([*found, np.empty(0, ID)])
        self.starts = np.array(starts)
        self._held: tuple[Group, tuple[str, ...], pa.Table] | None = None

    def group_of(self, rows: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """The number of the group that each row is in."""
        return np.searchsorted(self.starts, rows, side="right") - 1

    def take(self, number: int, rows: np.ndarray[Any, Any], columns: tuple[str, ...]) -> pa.Table:
        """Some rows of one group, counted from the beginning of the side; the group last read is held."""
        group = self.groups[number]
        if self._held is None or self._held[:2] != (group, columns):
            self._held = None  # before the next one is read, not after
            with readable(self.root, group.path), pq.ParquetFile(self.root / group.path) as file:
                self._held = group, columns, file.read_row_group(group.index, columns=list(columns))
        table = self._held[2]
        if len(rows) == len(table) and (np.diff(rows) == 1).all():
            return table  # the group as it is: no copy
        return table.take(pa.array(rows - self.starts[number]))

    def release(self) -> None:
        """Let go of the group that is held."""
        self._held = None


def packed(column: pa.ChunkedArray, path: str) -> Ids:
    """Ids of 32 hexadecimal digits as 16 bytes each.

    Raises:
        SnapshotError: one is no such id.
    """
    array = pa.chunked_array(column.chunks, column.type).cast(pa.string()).combine_chunks()
    array = array.chunk(0) if isinstance(array, pa.ChunkedArray) else array
    try:
        return np.frombuffer(bytes.fromhex("".join(array.to_pylist())), ID, count=len(array))
    except (ValueError, TypeError):
        raise SnapshotError(
            "an id that is no 32 hexadecimal digits", hint="build-dataset verify SNAPSHOT", place=path
        ) from None


def unpacked(article: bytes) -> str:
    """The id as text; numpy drops trailing zeros."""
    return article.ljust(16, b"\0").hex()


def own_paths(manifest: dict[str, Any], other: dict[str, Any], table: str) -> list[str]:
    """The shards of ``table`` that ``other`` does not have with the same digest, in the order of their paths."""
    known = {entry["sha256"] for entry in _shards(other, table)}
    return sorted(entry["path"] for entry in _shards(manifest, table) if entry["sha256"] not in known)


def shared_rows(manifest: dict[str, Any], other: dict[str, Any], table: str) -> int:
    """Rows in shards that both have."""
    known = {entry["sha256"] for entry in _shards(other, table)}
    return sum(int(entry["rows"]) for entry in _shards(manifest, table) if entry["sha256"] in known)


def _shards(manifest: dict[str, Any], table: str) -> Iterator[dict[str, Any]]:
    for entry in manifest["files"]:
        path = str(entry["path"])
        if path.startswith(f"{table}/") and path.endswith(".parquet") and ".." not in path:
            yield entry
