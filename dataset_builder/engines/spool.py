"""Record batches on disk while a build runs: written once, read back through a memory map, never all in memory.

A spool may be of several files, written by several workers. Batches are numbered through all of them, and so are rows;
both numbers depend on the order of the files alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataset_builder.errors import OutsideError

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class SpoolFile:
    """One file of record batches, with the rows of each."""

    path: Path
    batch_rows: tuple[int, ...]

    @property
    def rows(self) -> int:
        """The rows of all its batches."""
        return sum(self.batch_rows)


@dataclass(frozen=True)
class Spool:
    """Files of record batches of one schema, as one sequence. It is a value that may travel to a worker."""

    files: tuple[SpoolFile, ...]

    @classmethod
    def write(cls, path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Spool:
        """Write ``batches`` to ``path``.

        Raises:
            OutsideError: the disk failed.
        """
        sizes: list[int] = []
        try:
            with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, schema) as writer:
                for batch in batches:
                    writer.write_batch(batch)
                    sizes.append(batch.num_rows)
        except OSError as error:
            raise OutsideError(
                f"{path.parent} cannot be written: {error.strerror or error}",
                expected="room for about three times the size of the corpus beside the snapshot while it is built",
                hint="free some disk space or choose another --out, and build again; what is finished is kept",
            ) from error
        return cls((SpoolFile(path, tuple(sizes)),))

    @classmethod
    def joined(cls, spools: Iterable[Spool]) -> Spool:
        """The files of all ``spools``, in order."""
        return cls(tuple(file for spool in spools for file in spool.files if file.rows))

    @cached_property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(file.rows for file in self.files)

    @property
    def batches(self) -> int:
        """How many batches there are."""
        return len(self.batch_starts) - 1

    @cached_property
    def batch_starts(self) -> Rows:
        """The number of the first row of every batch, and of the row after the last."""
        sizes = [size for file in self.files for size in file.batch_rows]
        return np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))).astype(np.int64)

    @cached_property
    def _file_starts(self) -> Rows:
        """The number of the first batch of every file, and of the batch after the last."""
        return np.concatenate(([0], np.cumsum([len(file.batch_rows) for file in self.files]))).astype(np.int64)

    def read(self, first: int = 0, last: int | None = None) -> Iterator[pa.RecordBatch]:
        """The batches from number ``first`` to before ``last``, in the order in which they were written."""
        last = self.batches if last is None else last
        for index, file in enumerate(self.files):
            start, end = int(self._file_starts[index]), int(self._file_starts[index + 1])
            if end > first and start < last:
                with pa.memory_map(str(file.path)) as source:
                    reader = pa.ipc.open_file(source)
                    for number in range(max(start, first), min(end, last)):
                        yield reader.get_batch(number - start)

    def batch(self, number: int) -> pa.RecordBatch:
        """One batch."""
        return next(self.read(number, number + 1))

    def column(self, name: str) -> pa.ChunkedArray:
        """One column of all rows, copied into memory."""
        chunks = [batch.column(name) for batch in self.read()]
        kind = chunks[0].type if chunks else self._schema([name]).field(name).type
        return pa.chunked_array([pa.concat_arrays(chunks)] if chunks else [], kind)

    def take(self, rows: Rows, columns: Sequence[str] | None = None) -> pa.Table:
        """The given rows, in that order, each column in one piece.

        Args:
            rows: numbers of rows.
            columns: names of the columns wanted; all where None.
        """
        order = np.argsort(rows, kind="stable")
        wanted = rows[order]
        pieces = list(self._pieces(wanted, columns))
        if not pieces:
            return self._schema(columns).empty_table()
        table = pa.Table.from_batches(pieces).combine_chunks()
        if np.array_equal(order, np.arange(len(order))):
            return table
        places = np.empty(len(order), np.int64)
        places[order] = np.arange(len(order))
        return table.take(pa.array(places))

    def _schema(self, columns: Sequence[str] | None) -> pa.Schema:
        with pa.memory_map(str(self.files[0].path)) as source:
            schema = pa.ipc.open_file(source).schema
        return schema if columns is None else pa.schema([schema.field(name) for name in columns])

    def _pieces(self, rows: Rows, columns: Sequence[str] | None) -> Iterator[pa.RecordBatch]:
        """The given rows, which are sorted, batch by batch."""
        owners = np.searchsorted(self.batch_starts, rows, side="right") - 1
        borders = np.flatnonzero(np.diff(owners, prepend=-1, append=-1))
        opened: tuple[int, pa.ipc.RecordBatchFileReader] | None = None
        for start, end in zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True):
            number = int(owners[start])
            index = int(np.searchsorted(self._file_starts, number, side="right")) - 1
            if opened is None or opened[0] != index:
                opened = index, pa.ipc.open_file(pa.memory_map(str(self.files[index].path)))
            batch = opened[1].get_batch(number - int(self._file_starts[index]))
            batch = batch if columns is None else batch.select(list(columns))
            inside = rows[start:end] - self.batch_starts[number]
            if inside[-1] - inside[0] == len(inside) - 1 and len(np.unique(inside)) == len(inside):
                yield batch.slice(int(inside[0]), len(inside))
            else:
                yield batch.take(pa.array(inside))
