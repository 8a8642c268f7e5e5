"""What frictionless gets to see: the suspects among the rows of a table, with their original numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
from frictionless.resources import TableResource

from dataset_builder.progress import Watch
from dataset_builder.validate.chunks import CellChunks, KeptKeys
from dataset_builder.validate.judge import NumberedRow
from dataset_builder.validate.keys import RowNumbers
from dataset_builder.validate.native import native_rows
from dataset_builder.validate.nested import NestedCheck
from dataset_builder.validate.report import RowError
from dataset_builder.validate.sources import ArrowSource, StreamSource
from dataset_builder.validate.suspects import Column, SuspectFinder, Suspects

#: The label row is row 1 of an Arrow table.
FIRST_ROW = 2
#: Suspects are turned into native cells so many at a time, for the judge may stop at any row.
_JUDGED_TOGETHER = 256


class Chooser:
    """Looks at a table once, in order.

    Args:
        nested_schema: the schema whose nested members are checked too; empty for none.
        limit_errors: how many errors are reported; 0 for all.
        watch: counts the rows.

    Attributes:
        seeds: numbers of rows that frictionless sees for their keys alone; their errors do not count.
        nested_errors: what the check of nested members found.
    """

    def __init__(self, nested_schema: Mapping[str, Any], limit_errors: int, watch: Watch) -> None:
        self.seeds: set[int] = set()
        self._rows = 0
        self.nested_errors: list[RowError] = []
        self._nested_schema = nested_schema
        self._limit = limit_errors
        self._watch = watch

    def prepare(self, resource: TableResource) -> None:
        """Take over what frictionless knows once the table is open: fields, keys and references."""
        self._stats = resource.stats
        fields = resource.header.get_expected_fields()
        self._nested = NestedCheck(self._nested_schema, [field.name for field in fields])
        self._finder = SuspectFinder(
            fields,
            primary_key=resource.schema.primary_key,
            foreign_keys=resource.schema.foreign_keys,
            lookup=resource.lookup,
        )

    def _find(self, columns: list[Column], numbers: RowNumbers, ragged: Any = None) -> Suspects:
        found = self._finder.find(columns, numbers, ragged=ragged)
        room = self._limit - len(self.nested_errors) if self._limit else None
        self.nested_errors += islice(self._nested.errors(columns, numbers), room)
        self.seeds.update(found.seeds)
        if self._rows == 0 and len(numbers):
            # The limit on errors is looked at after a row: there has to be one, if only for errors of the header.
            found.rows[0] = True
        return found

    def _count(self, index: int = 0) -> None:
        """Tell frictionless how many rows came before the one at ``index`` of this chunk; it adds those it sees."""
        self._stats.rows = self._rows + index


class BatchChooser(Chooser):
    """Chooses among the rows of an Arrow source."""

    def __init__(self, source: ArrowSource, nested_schema: Mapping[str, Any], limit_errors: int, watch: Watch) -> None:
        super().__init__(nested_schema, limit_errors, watch)
        self._source = source

    def prepare(self, resource: TableResource) -> None:
        """As above; a stream also learns which columns to keep."""
        super().prepare(resource)
        if isinstance(self._source, StreamSource):
            self._source.keep = self._finder.key_positions

    def __call__(self, _: Iterator[NumberedRow]) -> Iterator[NumberedRow]:
        """The suspects; what frictionless itself would read is a row of labels only."""
        for batch in self._source.batches():
            numbers = np.arange(self._rows, self._rows + batch.num_rows) + FIRST_ROW
            found = self._find(batch.columns, numbers)
            if found.seeds:
                earlier = [number - FIRST_ROW for number in found.seeds]
                yield from zip(found.seeds, self._source.cells_at(earlier, self._finder.key_positions), strict=True)
            for index, cells in _native_suspects(batch, np.flatnonzero(found.rows)):
                self._count(index)
                yield int(numbers[index]), cells
            self._rows += batch.num_rows
            self._watch.add(batch.num_rows)
        self._count()


class CellChooser(Chooser):
    """Chooses among the rows that frictionless itself reads, from whatever format."""

    def __call__(self, rows: Iterator[NumberedRow]) -> Iterator[NumberedRow]:
        """The suspects among ``rows``."""
        width = len(self._finder.checks)
        kept = KeptKeys(self._finder.key_positions, width)
        for chunk in CellChunks(rows, width):
            found = self._find(chunk.columns, chunk.numbers, chunk.ragged)
            kept.add(chunk)
            yield from ((number, kept.cells_of(number)) for number in found.seeds)
            for index in np.flatnonzero(found.rows).tolist():
                self._count(index)
                yield chunk.rows[index]
            self._rows += len(chunk.rows)
            self._watch.add(len(chunk.rows))
        self._count()


def _native_suspects(batch: pa.RecordBatch, suspects: Any) -> Iterator[tuple[int, list[Any]]]:
    for start in range(0, len(suspects), _JUDGED_TOGETHER):
        block = suspects[start : start + _JUDGED_TOGETHER]
        yield from zip(block.tolist(), native_rows(batch.take(pa.array(block))), strict=True)
