"""Parquet files: read batch by batch, ahead of the judge, in bounded memory."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dataset_builder.errors import CorpusError
from dataset_builder.parquet_bounds import rows_at_once
from dataset_builder.validate.sources.ahead import ReadAhead
from dataset_builder.validate.sources.arrow import CHUNK_ROWS, spread_cells

#: Bytes of decoded cells to hold in one batch, and how many batches to read ahead.
BATCH_BYTES = 8 * 2**20
BATCHES_AHEAD = 6


class ParquetSource:
    """One Parquet file.

    Reading starts at once in the background, so that it overlaps with whatever else has to start. Raises
    :class:`CorpusError` for a file that is no Parquet or is cut short.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self._path = path
        self._file = self._open()
        self.schema = self._file.schema_arrow
        self._ahead: ReadAhead[pa.RecordBatch] | None = None

    @property
    def rows(self) -> int:
        """How many rows there are, as the footer states it."""
        return int(self._file.metadata.num_rows)

    def start(self) -> None:
        """Read ahead from now on."""
        self._ahead = ReadAhead(self._read(), BATCHES_AHEAD)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All rows in order."""
        if self._ahead is None:
            self.start()
        assert self._ahead is not None
        yield from self._ahead

    def columns(self, positions: Sequence[int]) -> Iterator[pa.RecordBatch]:
        """All rows in order, only the columns at ``positions``, from a second handle."""
        names = [self.schema.names[position] for position in positions]
        for batch in self._guarded(self._open().iter_batches(CHUNK_ROWS, columns=self._readable(names))):
            yield batch.select([_place(self.schema, batch.schema, position) for position in positions])

    def cells_at(self, rows: Sequence[int], positions: Sequence[int]) -> list[list[Any]]:
        """Native cells of ``rows``, from the row groups that hold them."""
        file = self._open()
        cells: list[list[Any]] = []
        starts = self._group_starts()
        names = self._readable([self.schema.names[position] for position in positions])
        for group, members in groupby(rows, key=lambda row: bisect_right(starts, row) - 1):
            table = file.read_row_group(group, columns=names)
            table = table.select([_place(self.schema, table.schema, position) for position in positions])
            cells += spread_cells(table.take([row - starts[group] for row in members]), positions, len(self.schema))
        return cells

    def close(self) -> None:
        """Stop reading."""
        if self._ahead is not None:
            self._ahead.close()

    def _open(self) -> pq.ParquetFile:
        try:
            return pq.ParquetFile(self._path, pre_buffer=False)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._unreadable(error) from error

    def _read(self) -> Iterator[pa.RecordBatch]:
        # All of it in the thread that reads ahead, the look at the dictionaries as well.
        metadata = self._file.metadata
        held = sum(metadata.row_group(index).total_byte_size for index in range(metadata.num_row_groups))
        rows = max(64, min(CHUNK_ROWS, BATCH_BYTES * metadata.num_rows // max(1, held)))
        try:
            with self._path.open("rb") as raw:
                rows = rows_at_once(raw, metadata, rows)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._unreadable(error) from error
        yield from self._guarded(self._file.iter_batches(rows, use_threads=True))

    def _guarded(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        try:
            yield from batches
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> CorpusError:
        return CorpusError(
            f"the Parquet file cannot be read: {str(error).splitlines()[0]}",
            expected="a whole Parquet file",
            hint="fetch or write the file again; it may have been cut short",
            place=str(self._path),
        )

    def _readable(self, names: list[str]) -> list[str] | None:
        """The names to read; None, for all columns, where a name does not tell which column is meant."""
        ambiguous = any("." in name or self.schema.names.count(name) > 1 for name in names)
        return None if ambiguous else names

    def _group_starts(self) -> list[int]:
        metadata = self._file.metadata
        starts = [0]
        for index in range(metadata.num_row_groups):
            starts.append(starts[-1] + metadata.row_group(index).num_rows)
        return starts


def _place(whole: pa.Schema, read: pa.Schema, position: int) -> int:
    return position if len(read) == len(whole) else int(read.get_field_index(whole.names[position]))
