"""Tables that are Arrow already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import pyarrow as pa

from dataset_builder.validate.native import native_cells

#: Rows that are looked at together; beyond some thousands nothing gets faster.
CHUNK_ROWS = 8192


class ArrowSource(Protocol):
    """A table of record batches.

    Attributes:
        schema: the Arrow schema; its names are the labels.
        name: a name for messages and for foreign keys to the table itself.
    """

    schema: pa.Schema
    name: str

    @property
    def rows(self) -> int | None:
        """How many rows there are; None while nobody knows."""

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All rows in order."""

    def columns(self, positions: Sequence[int]) -> Iterator[pa.RecordBatch]:
        """All rows in order, only the columns at ``positions``; does not disturb :meth:`batches`."""

    def cells_at(self, rows: Sequence[int], positions: Sequence[int]) -> list[list[Any]]:
        """Native cells of the 0-based ``rows``, which ascend and were read before; None outside ``positions``."""

    def close(self) -> None:
        """Stop reading."""


class TableSource:
    """An Arrow table in memory."""

    def __init__(self, table: pa.Table, name: str) -> None:
        self.schema = table.schema
        self.name = name
        self._table = table

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self._table.num_rows)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All rows in order."""
        yield from self._table.to_batches(max_chunksize=CHUNK_ROWS)

    def columns(self, positions: Sequence[int]) -> Iterator[pa.RecordBatch]:
        """All rows in order, only the columns at ``positions``."""
        yield from self._table.select(list(positions)).to_batches(max_chunksize=CHUNK_ROWS)

    def cells_at(self, rows: Sequence[int], positions: Sequence[int]) -> list[list[Any]]:
        """Native cells of ``rows``; None outside ``positions``."""
        return spread_cells(self._table.select(list(positions)).take(rows), positions, len(self.schema))

    def close(self) -> None:
        """Nothing to stop."""


class StreamSource:
    """A reader that can be read once; the columns of keys are kept for the rows that a later row repeats."""

    rows: int | None = None

    def __init__(self, reader: pa.RecordBatchReader, name: str) -> None:
        self.schema = reader.schema
        self.name = name
        self.keep: tuple[int, ...] = ()
        self._reader = reader
        self._kept: list[pa.RecordBatch] = []

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All rows in order, once."""
        for batch in self._reader:
            if self.keep:
                self._kept.append(batch.select(list(self.keep)))
            for start in range(0, batch.num_rows, CHUNK_ROWS):
                yield batch.slice(start, CHUNK_ROWS)

    def columns(self, positions: Sequence[int]) -> Iterator[pa.RecordBatch]:
        """All rows in order, only the columns at ``positions``: reads the whole stream into memory."""
        table = self._reader.read_all()
        self._reader = table.to_reader()
        yield from table.select(list(positions)).to_batches(max_chunksize=CHUNK_ROWS)

    def cells_at(self, rows: Sequence[int], positions: Sequence[int]) -> list[list[Any]]:
        """Native cells of ``rows``; ``positions`` must be those kept."""
        kept = pa.Table.from_batches(self._kept).take(rows)
        return spread_cells(kept, positions, len(self.schema))

    def close(self) -> None:
        """Nothing to stop."""


def spread_cells(table: pa.Table, positions: Sequence[int], width: int) -> list[list[Any]]:
    """Rows of ``width`` native cells; the columns of ``table`` stand at ``positions``, the rest is None."""
    rows: list[list[Any]] = [[None] * width for _ in range(table.num_rows)]
    for position, column in zip(positions, table.columns, strict=True):
        for row, cell in zip(rows, native_cells(column), strict=True):
            row[position] = cell
    return rows
