"""The tables of a snapshot, batch by batch, as the current schemas type them.

A snapshot may be older than this program, or forged. A column or a member that it lacks is null; one that cannot be
read as its type is an error that names the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dataset_builder.errors import SnapshotError
from dataset_builder.schema import TABLES, released_tables
from dataset_builder.snapshot.manifest import read_manifest
from dataset_builder.visible import one_line

#: Rows that are held at once; bodies of this many articles fit into some tens of megabytes.
BATCH_ROWS = 2000


@dataclass(frozen=True)
class SnapshotTables:
    """A snapshot that is being read.

    Attributes:
        root: its folder.
        manifest: its manifest.json.
        shards: table -> the paths of its files below ``root``, in the order of their names.
    """

    root: Path
    manifest: dict[str, Any]
    shards: dict[str, tuple[str, ...]]

    def rows(self, table: str) -> int:
        """The rows of a table, as its files' footers state them."""
        return sum(int(self._open(path).metadata.num_rows) for path in self.shards[table])

    def batches(self, table: str, columns: Sequence[str]) -> Iterator[tuple[str, pa.RecordBatch]]:
        """(path of the shard, batch of ``columns``) in the order of the files.

        Args:
            columns: names, or dotted paths to members of nested columns; the batch has the columns themselves.

        Raises:
            SnapshotError: a shard cannot be read.
        """
        names = tuple(dict.fromkeys(column.partition(".")[0] for column in columns))
        schema = released_tables()[table].arrow
        target = pa.schema([schema.field(name) for name in names])
        for path in self.shards[table]:
            file = self._open(path)
            try:
                for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=list(columns)):
                    yield path, _fitted_batch(batch, target)
            except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
                raise _unreadable(path, error) from None

    def _open(self, path: str) -> pq.ParquetFile:
        try:
            return pq.ParquetFile(self.root / path)
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(path, error) from None


def open_snapshot(root: Path) -> SnapshotTables:
    """The snapshot at ``root``; its shards are the ones that the manifest lists.

    Raises:
        UsageError: ``root`` is no folder.
        SnapshotError: there is no snapshot.
    """
    manifest = read_manifest(root)
    listed = manifest.get("files")
    entries = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    paths = sorted(path for entry in entries if isinstance(path := entry.get("path"), str) and _is_shard(path))
    shards = {table: tuple(path for path in paths if path.startswith(f"{table}/")) for table in TABLES}
    return SnapshotTables(root, manifest, shards)


def _is_shard(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return path.endswith(".parquet") and ".." not in parts and "\0" not in path and not path.startswith("/")


def _unreadable(path: str, error: Exception) -> SnapshotError:
    return SnapshotError(
        f"cannot be read: {one_line(str(error))}",
        expected="a table as build-dataset writes it",
        hint="build-dataset verify SNAPSHOT says what has changed",
        place=one_line(path),
    )


def _fitted_batch(batch: pa.RecordBatch, target: pa.Schema) -> pa.RecordBatch:
    columns = [
        fitted(batch.column(field.name), field.type)
        if field.name in batch.schema.names
        else pa.nulls(batch.num_rows, field.type)
        for field in target
    ]
    return pa.RecordBatch.from_arrays(columns, schema=target)


def fitted(array: pa.Array, target: pa.DataType) -> pa.Array:
    """``array`` as ``target`` types it; members of a struct that it lacks are null.

    Raises:
        pa.ArrowException: the values are of another kind.
    """
    if array.type.equals(target):
        return array
    if array.offset:  # nested arrays are rebuilt from whole buffers only
        array = array.take(pa.array(range(len(array)), pa.int64()))
    if pa.types.is_struct(target) and pa.types.is_struct(array.type):
        known = {member.name for member in array.type}
        members = [
            fitted(array.field(member.name), member.type) if member.name in known else pa.nulls(len(array), member.type)
            for member in target
        ]
        return pa.StructArray.from_arrays(members, fields=list(target), mask=array.is_null())
    if pa.types.is_list(target) and pa.types.is_list(array.type):
        items = fitted(array.values, target.value_type)
        return pa.ListArray.from_arrays(array.offsets, items, type=target, mask=array.is_null())
    return array.cast(target)
