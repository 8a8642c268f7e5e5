"""Parquet shards that are the same bytes for the same rows, and whose neighbours do not move when a row comes or goes.

Rows are sorted by (date, id) and cut by calendar month; the undated have a shard of their own. Row groups are of fixed
size and pages are cut by content, so that a changed row changes the pages around it and no others.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dataset_builder.describe.facts import FileFacts
from dataset_builder.errors import OutsideError
from dataset_builder.snapshot.identity import file_sha256
from dataset_builder.snapshot.row_keys import RowKeys
from dataset_builder.split_options import REST

#: Small groups keep what a late arrival rewrites small (measured: 1.1 % new bytes for 1 % new rows).
ROW_GROUP_ROWS = 10_000
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
    if len(rows) <= SHARD_ROWS and int(rows.sizes.sum(dtype=np.int64)) <= SHARD_BYTES:
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


def write_shard(root: Path, path: str, table: pa.Table) -> FileFacts:
    """Write one shard below ``root`` and return its facts."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with pq.ParquetWriter(
            target,
            table.schema,
            compression="zstd",
            compression_level=COMPRESSION_LEVEL,
            use_content_defined_chunking=True,
            write_page_index=True,
            version="2.6",
        ) as writer:
            writer.write_table(table, row_group_size=ROW_GROUP_ROWS)
    except OSError as error:
        raise OutsideError(
            f"{path} could not be written: {error}", hint="free some disk space and build again"
        ) from error
    sha256 = file_sha256(target)
    set_content_time(target, sha256)
    return FileFacts(path, target.stat().st_size, sha256, table.num_rows)


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
