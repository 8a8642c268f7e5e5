"""Record batches on disk while a build runs: written once, read back through a memory map, never all in memory.

A spool may be of several files, written by several workers. Batches are numbered through all of them, and so are rows;
both numbers depend on the order of the files alone. A file is a schema and batches, each an encapsulated message of
Arrow's IPC format, one after the other; where each begins, and the checksum of its bytes, is in the ``Spool`` itself,
which travels another way than the file. So a process that reads a batch for the first time knows whether these are the
bytes that a worker has written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataset_builder.engines.storage import deliver, opened
from dataset_builder.errors import OutsideError
from dataset_builder.progress import OnProgress, Progress

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Message:
    """A message in a file: its place in bytes, the CRC-32 of it, and the rows of the batch that it is."""

    start: int
    size: int
    checksum: int
    rows: int = 0


@dataclass(frozen=True)
class SpoolFile:
    """One file of record batches: where its schema is, and each batch."""

    path: str
    schema: Message
    batches: tuple[Message, ...]

    @property
    def rows(self) -> int:
        """The rows of all its batches."""
        return sum(batch.rows for batch in self.batches)


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
        written: list[Message] = []

        def fill(target: Path) -> None:
            with pa.OSFile(str(target), "wb") as file:
                written.append(_append(file, schema.serialize()))
                written.extend(_append(file, batch.serialize(), batch.num_rows) for batch in batches)

        try:
            deliver(str(path), fill)
        except OSError as error:
            raise OutsideError(
                f"{Path(path).parent} cannot be written: {error.strerror or error}",
                expected="room for about three times the size of the corpus beside the snapshot while it is built",
                hint="free some disk space or choose another --out, and build again; what is finished is kept",
            ) from error
        return cls((SpoolFile(str(path), written[0], tuple(written[1:])),))

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
        sizes = [batch.rows for file in self.files for batch in file.batches]
        return np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))).astype(np.int64)

    @cached_property
    def _file_starts(self) -> Rows:
        """The number of the first batch of every file, and of the batch after the last."""
        return np.concatenate(([0], np.cumsum([len(file.batches) for file in self.files]))).astype(np.int64)

    def read(self, first: int = 0, last: int | None = None) -> Iterator[pa.RecordBatch]:
        """The batches from number ``first`` to before ``last``, in the order in which they were written."""
        last = self.batches if last is None else last
        for index, file in enumerate(self.files):
            start, end = int(self._file_starts[index]), int(self._file_starts[index + 1])
            if end > first and start < last:
                with _Reader.of(file) as reader:
                    for number in range(max(start, first), min(end, last)):
                        yield reader.batch(number - start)

    def batch(self, number: int) -> pa.RecordBatch:
        """One batch."""
        return next(self.read(number, number + 1))

    def column(self, name: str) -> pa.ChunkedArray:
        """One column of all rows, copied into memory."""
        # Copied batch by batch, for what is not would keep its file's pages in memory.
        chunks = [batch.column(name).take(pa.array(np.arange(batch.num_rows))) for batch in self.read()]
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
        with _Reader.of(self.files[0]) as reader:
            schema = reader.schema
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
                    index, reader = file, stack.enter_context(_Reader.of(self.files[file]))
                batch = reader.batch(number - int(self._file_starts[index]))
                batch = batch if columns is None else batch.select(list(columns))
                yield _chosen(batch, rows[start:end] - self.batch_starts[number])


def _append(file: pa.NativeFile, message: pa.Buffer, rows: int = 0) -> Message:
    """Write a message at the end of ``file``."""
    start = file.tell()
    file.write(message)
    return Message(start, message.size, crc32(message), rows)


#: The messages that this process has compared with their checksums in this step of the build: (path, start).
_compared: set[tuple[str, int]] = set()


def compare_anew() -> None:
    """Another step begins: what was read in the last one may have changed on the disk since."""
    _compared.clear()


def compared_each_step(on_progress: OnProgress) -> OnProgress:
    """``on_progress``, and what is read after the first report of a step is compared anew."""
    steps: set[str] = set()

    def report(progress: Progress) -> None:
        on_progress(progress)
        if progress.step not in steps:
            steps.add(progress.step)
            compare_anew()

    return report


@dataclass(frozen=True)
class _Reader:
    """An open file of a spool."""

    file: SpoolFile
    source: pa.NativeFile

    @classmethod
    @contextmanager
    def of(cls, file: SpoolFile) -> Iterator[_Reader]:
        """Open ``file``.

        Raises:
            OutsideError: it is not there.
        """
        try:
            with opened(file.path) as source:
                yield cls(file, source)
        except FileNotFoundError as error:
            raise _damaged(file.path, "it is not there") from error

    @cached_property
    def schema(self) -> pa.Schema:
        return pa.ipc.read_schema(self._message(self.file.schema))

    def batch(self, number: int) -> pa.RecordBatch:
        """One batch; its columns are read when they are used.

        Raises:
            OutsideError: the file is damaged.
        """
        message = self.file.batches[number]
        content = self._message(message)
        try:
            return pa.ipc.read_record_batch(content, self.schema)
        except (pa.ArrowException, OSError, EOFError, ValueError) as error:  # changed since it was compared
            self._compare(content, message)
            raise _damaged(self.file.path, str(error)) from error

    def _message(self, message: Message) -> pa.Buffer:
        """The bytes of a message, compared with their checksum once a process and step.

        Raises:
            OutsideError: they are others.
        """
        place = (self.file.path, message.start)
        self.source.seek(0, 2)
        if self.source.tell() < message.start + message.size:
            raise _damaged(self.file.path, f"it ends after {self.source.tell()} bytes, in a batch or before it")
        self.source.seek(message.start)
        content = self.source.read_buffer(message.size)
        if place not in _compared:
            self._compare(content, message)
            _compared.add(place)
        return content

    def _compare(self, content: pa.Buffer, message: Message) -> None:
        if crc32(content) != message.checksum:
            raise _damaged(self.file.path, f"the bytes from {message.start} on are not those that were written")


def _damaged(path: str, found: str) -> OutsideError:
    return OutsideError(
        f"{path}, which the build keeps there while it works, was damaged: {found}",
        expected="the bytes that a worker wrote",
        hint="look after the disk, let nothing else write below it, and build again: what is in the cache is kept",
    )


def _chosen(batch: pa.RecordBatch, rows: Rows) -> pa.RecordBatch:
    """The given rows of a batch, which are sorted; a stretch of most of them is not copied.

    What is not copied keeps the batch in memory, and a few rows are not worth that.
    """
    stretch = rows[-1] - rows[0] == len(rows) - 1 and bool(np.all(np.diff(rows) == 1))
    if stretch and 2 * len(rows) >= batch.num_rows:
        return batch.slice(int(rows[0]), len(rows))
    return batch.take(pa.array(rows))
