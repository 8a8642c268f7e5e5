"""Record batches on disk while a build runs: written once, read back through a memory map, never all in memory.

A spool may be of several files, written by several workers. Batches are numbered through all of them, and so are rows;
both numbers depend on the order of the files alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataset_builder.engines.storage import deliver, opened
from dataset_builder.errors import OutsideError

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class SpoolFile:
    """One file of record batches, with the rows of each."""

    path: str
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
    def write(cls, path: str | Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Spool:
        """Write ``batches`` to ``path``.

        Raises:
            OutsideError: the disk failed.
        """
        sizes: list[int] = []

        def fill(target: Path) -> None:
            with pa.OSFile(str(target), "wb") as file, pa.ipc.new_file(file, schema) as writer:
                for batch in batches:
                    writer.write_batch(batch)
                    sizes.append(batch.num_rows)

        try:
            deliver(str(path), fill)
        except OSError as error:
            raise OutsideError(
                f"{Path(path).parent} cannot be written: {error.strerror or error}",
                expected="room for about three times the size of the corpus beside the snapshot while it is built",
                hint="free some disk space or choose another --out, and build again; what is finished is kept",
            ) from error
        return cls((SpoolFile(str(path), tuple(sizes)),))

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
                with opened(file.path) as source:
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
        with opened(self.files[0].path) as source:
            schema = pa.ipc.open_file(source).schema
        return schema if columns is None else pa.schema([schema.field(name) for name in columns])

    def _pieces(self, rows: Rows, columns: Sequence[str] | None) -> Iterator[pa.RecordBatch]:
        """The given rows, which are sorted, batch by batch."""
        owners = np.searchsorted(self.batch_starts, rows, side="right") - 1
        borders = np.flatnonzero(np.diff(owners, prepend=-1, append=-1))
        with ExitStack() as stack:
            index, reader = -1, None
            for start, end in zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True):
                number = int(owners[start])
                file = int(np.searchsorted(self._file_starts, number, side="right")) - 1
                if reader is None or file != index:
                    stack.close()
                    index, reader = file, pa.ipc.open_file(stack.enter_context(opened(self.files[file].path)))
                batch = reader.get_batch(number - int(self._file_starts[index]))
                batch = batch if columns is None else batch.select(list(columns))
                yield _chosen(batch, rows[start:end] - self.batch_starts[number])


def _chosen(batch: pa.RecordBatch, rows: Rows) -> pa.RecordBatch:
    """The given rows of a batch, which are sorted; a stretch of them is not copied."""
    if rows[-1] - rows[0] == len(rows) - 1 and bool(np.all(np.diff(rows) == 1)):
        return batch.slice(int(rows[0]), len(rows))
    return batch.take(pa.array(rows))
