"""Rows of native cells as chunks of columns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from dataset_builder.validate.keys import RowNumbers
from dataset_builder.validate.missing import Mask
from dataset_builder.validate.suspects import Column

#: Rows that are looked at together, and the characters after which a chunk is cut short.
CHUNK_ROWS = 4096
CHUNK_CHARACTERS = 16 * 2**20

#: Python types whose cells are looked at as an Arrow column, where a whole column has the one type.
_ARROW_TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive rows.

    Attributes:
        rows: frictionless's row numbers and the cells.
        columns: one column for each expected field; cells that a row does not have are None.
        numbers: the row numbers.
        ragged: which rows have another number of cells than there are fields.
    """

    rows: list[tuple[int, list[Any]]]
    columns: list[Column]
    numbers: RowNumbers
    ragged: Mask


class CellChunks:
    """Cuts a stream of numbered rows into chunks.

    An exception of the stream is raised after the rows before it, as frictionless meets it.
    """

    def __init__(self, rows: Iterator[tuple[int, list[Any]]], width: int) -> None:
        self._rows = rows
        self._width = width

    def __iter__(self) -> Iterator[Chunk]:
        failure: Exception | None = None
        while failure is None:
            rows: list[tuple[int, list[Any]]] = []
            try:
                characters = 0
                for row in islice(self._rows, CHUNK_ROWS):
                    rows.append(row)
                    characters += sum(len(cell) for cell in row[1] if isinstance(cell, str))
                    if characters > CHUNK_CHARACTERS:
                        break
            except Exception as error:
                failure = error
            if rows:
                yield self._chunk(rows)
            elif failure is None:
                return
        raise failure

    def _chunk(self, rows: list[tuple[int, list[Any]]]) -> Chunk:
        lengths = np.fromiter((len(cells) for _, cells in rows), dtype=np.int64, count=len(rows))
        ragged = lengths != self._width
        cells = [_fitted(row, self._width) for _, row in rows] if ragged.any() else [row for _, row in rows]
        columns = [_as_column(list(column)) for column in zip(*cells, strict=True)] if self._width else []
        numbers = np.fromiter((number for number, _ in rows), dtype=np.int64, count=len(rows))
        return Chunk(rows, columns, numbers, ragged)


class KeptKeys:
    """The key columns of all chunks, for rows that a later row repeats."""

    def __init__(self, positions: Sequence[int], width: int) -> None:
        self._positions = positions
        self._width = width
        self._starts: list[int] = []
        self._chunks: list[tuple[RowNumbers, list[Column]]] = []

    def add(self, chunk: Chunk) -> None:
        """Keep the keys of a chunk."""
        if self._positions:
            self._starts.append(int(chunk.numbers[0]))
            self._chunks.append((chunk.numbers, [chunk.columns[position] for position in self._positions]))

    def cells_of(self, number: int) -> list[Any]:
        """The cells of the row with this number; None outside the keys."""
        numbers, columns = self._chunks[bisect_right(self._starts, number) - 1]
        index = int(np.searchsorted(numbers, number))
        cells: list[Any] = [None] * self._width
        for position, column in zip(self._positions, columns, strict=True):
            cells[position] = column[index] if isinstance(column, list) else column[index].as_py()
        return cells


def _fitted(cells: Sequence[Any], width: int) -> list[Any]:
    return [*cells[:width], *[None] * (width - len(cells))]


def _as_column(cells: list[Any]) -> Column:
    """The cells as an Arrow column where all have one plain type, else as they are."""
    types = set(map(type, cells)) - {type(None)}
    kind = _ARROW_TYPES.get(types.pop()) if len(types) == 1 else None
    if kind is None:
        return cells
    try:
        return pa.array(cells, kind)
    except (pa.ArrowException, OverflowError, UnicodeEncodeError):
        return cells
