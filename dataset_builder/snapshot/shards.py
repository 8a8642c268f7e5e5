"""Parquet shards that are the same bytes for the same rows, and whose neighbours do not move when a row comes or goes.

Rows are sorted by (date, id) and cut by calendar month; the undated have a shard of their own. Inside a shard the
borders of row groups and of pages follow the content, so that a changed row changes the bytes around it and no others:
storage that keeps a chunk once (Xet, restic) takes in little of a new version. docs/decisions/stable-shards.md has the
measurements behind each number here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dataset_builder.describe.facts import FileFacts
from dataset_builder.engines.storage import deliver, joined
from dataset_builder.errors import OutsideError
from dataset_builder.snapshot.identity import file_sha256
from dataset_builder.snapshot.row_keys import RowKeys
from dataset_builder.split_options import REST

#: A row group ends after an article whose key's checksum says so: after one in so many on average, beyond the least.
#: Where the border follows the content, a row that goes does not push a row out of every later group.
_GROUP_SPACING = 400
_LEAST_GROUP = 150
_MOST_GROUP = 2_000
#: Bytes of a page before compression. Smaller ones compress worse, of larger ones more is new after a change.
_PAGES = {"min_chunk_size": 128 * 1024, "max_chunk_size": 512 * 1024}
#: Columns whose smallest and greatest values are of use to a reader that looks for a row. Those of sixty others would
#: make a footer of each group that is new whenever anything is.
_STATISTICS = ("id", "article_id", "date", "name")
#: A month with more rows, or with more bytes of text, is split.
SHARD_ROWS = 100_000
SHARD_BYTES = 128 * 1024 * 1024
COMPRESSION_LEVEL = 3


def shards_of(keys: RowKeys, split: str = REST) -> Iterator[tuple[str, RowKeys]]:
    """(file name, rows) of every shard of one split, for sorted rows."""
    for month, rows in keys.months():
        for number, part in enumerate(_cut(rows)):
            yield shard_name(split, month, number), part


def _cut(rows: RowKeys, low: int = 0, high: int = 1 << 64) -> Iterator[RowKeys]:
    """The rows of one month in pieces that are not too large.

    ``low`` and ``high`` are the places that the piece reaches from and to. A piece is halved until it fits, always in
    the middle of its places, whatever rows are there: a row that comes or goes moves no border, but where a piece grows
    too large.
    """
    fits = len(rows) <= SHARD_ROWS and int(rows.sizes.sum(dtype=np.int64)) <= SHARD_BYTES
    if fits or len(rows) == 1 or high - low == 1:  # one row may be too large by itself
        if len(rows):
            yield rows
        return
    middle = (low + high) // 2
    border = int(np.searchsorted(rows.places, np.uint64(middle)))
    yield from _cut(rows.chosen(slice(0, border)), low, middle)
    yield from _cut(rows.chosen(slice(border, len(rows))), middle, high)


def shard_name(split: str, month: str, number: int) -> str:
    """The file name of a shard: ``train-2024-10-00000.parquet``."""
    return f"{split}-{month}-{number:05d}.parquet"


@dataclass(frozen=True)
class WrittenShard:
    """A shard's file, and the size of its data before compression."""

    file: FileFacts
    data_bytes: int


def write_shard(root: str | Path, path: str, table: pa.Table) -> WrittenShard:
    """Write one shard below ``root``, which may be an fsspec address, and return its facts."""
    found: list[WrittenShard] = []

    def fill(target: Path) -> None:
        _write_parquet(target, table)
        sha256 = file_sha256(target)
        set_content_time(target, sha256)
        found.append(WrittenShard(FileFacts(path, target.stat().st_size, sha256, table.num_rows), data_bytes(target)))

    try:
        deliver(joined(root, path), fill)
    except OSError as error:
        raise OutsideError(
            f"{path} could not be written: {error}", hint="free some disk space and build again"
        ) from error
    return found[0]


def _write_parquet(target: Path, table: pa.Table) -> None:
    with pq.ParquetWriter(
        target,
        table.schema,
        compression="zstd",
        compression_level=COMPRESSION_LEVEL,
        # A dictionary holds the values of a whole group in one page, which any row that goes makes anew.
        use_dictionary=False,
        use_content_defined_chunking=_PAGES,
        write_page_index=True,
        write_statistics=[name for name in table.column_names if name in _STATISTICS],
        version="2.6",
    ) as writer:
        for start, rows in row_groups(table):
            writer.write_table(table.slice(start, rows), row_group_size=rows)


def row_groups(table: pa.Table) -> Iterator[tuple[int, int]]:
    """(first row, rows) of every row group; the rows of one article stay together."""
    key = next((name for name in ("article_id", "id") if name in table.column_names), table.column_names[0])
    articles = pc.run_end_encode(table.column(key).combine_chunks())
    ends = articles.run_ends.to_numpy()
    start = first = 0
    for index, (end, name) in enumerate(zip(ends.tolist(), articles.values.to_pylist(), strict=True)):
        count = index + 1 - first
        border = count >= _LEAST_GROUP and crc32(str(name).encode()) % _GROUP_SPACING == 0
        if border or count == _MOST_GROUP or index == len(ends) - 1:
            yield start, end - start
            start, first = end, index + 1


def data_bytes(path: Path) -> int:
    """Size of a shard's data before compression, as its own footer states it."""
    metadata = pq.read_metadata(path)
    return sum(metadata.row_group(index).total_byte_size for index in range(metadata.num_row_groups))


def set_content_time(path: Path, sha256: str) -> None:
    """Give a file a modification time that depends on its content and nothing else.

    ``datasets`` keys its cache of local files by modification time: other content needs another time, and the same
    content may keep it. The moment lies within the day 2000-01-01, in microseconds taken from the digest.
    """
    day = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())
    offset = int(sha256[:12], 16) % 86_400_000_000
    nanoseconds = day * 1_000_000_000 + offset * 1_000
    os.utime(path, ns=(nanoseconds, nanoseconds))
