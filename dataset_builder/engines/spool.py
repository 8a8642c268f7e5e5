"""Record batches on disk while a build runs: written once, read back through a memory map, never all in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa


class Spool:
    """A file of record batches of one schema."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self.batches = 0

    @classmethod
    def write(cls, path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Spool:
        """Write ``batches`` to ``path``."""
        spool = cls(path)
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, schema) as writer:
            for batch in batches:
                writer.write_batch(batch)
                spool.rows += batch.num_rows
                spool.batches += 1
        return spool

    def read(self) -> Iterator[pa.RecordBatch]:
        """The batches in the order in which they were written."""
        with pa.memory_map(str(self.path)) as file:
            reader = pa.ipc.open_file(file)
            for index in range(reader.num_record_batches):
                yield reader.get_batch(index)

    def select(self, rows_by_batch: dict[int, list[int]]) -> pa.Table:
        """The given rows of the given batches, in that order."""
        with pa.memory_map(str(self.path)) as file:
            reader = pa.ipc.open_file(file)
            chosen = [
                reader.get_batch(index).take(pa.array(rows, type=pa.int64())) for index, rows in rows_by_batch.items()
            ]
            return pa.Table.from_batches(chosen, schema=reader.schema)
