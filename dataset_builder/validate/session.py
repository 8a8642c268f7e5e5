"""One validation: a source, a schema, frictionless as the judge, and what passes between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
from frictionless import Package
from frictionless import Report as FrictionlessReport
from frictionless.resources import TableResource

from dataset_builder.errors import ConfigError
from dataset_builder.validate.chunks import CellChunks, KeptKeys
from dataset_builder.validate.judge import NumberedRow, SuspectDialect, judge
from dataset_builder.validate.native import native_rows
from dataset_builder.validate.nested import NestedCheck
from dataset_builder.validate.reference_tables import inject_keys, open_references
from dataset_builder.validate.report import RowError
from dataset_builder.validate.sources import ArrowSource, StreamSource, Table, TextSource
from dataset_builder.validate.sources.text import bounded_csv_cells
from dataset_builder.validate.suspects import SuspectFinder
from dataset_builder.validate.table_schema import read_schema

#: The label row is row 1 of an Arrow table.
_FIRST_ROW = 2
#: Suspects are turned into native cells so many at a time, for the judge may stop at any row.
_JUDGED_TOGETHER = 256


class Session:
    """A validation of one table.

    Args:
        source: where the rows come from.
        schema: the Table Schema.
        references: the tables that foreign keys name, each with its schema or without.
        nested: also check the members that our schemas name in ``fields``.

    Attributes:
        nested_errors: what the check of nested members found, in the order of the rows.
    """

    def __init__(
        self,
        source: ArrowSource | TextSource,
        schema: Mapping[str, Any],
        references: Mapping[str, Table | tuple[Table, Mapping[str, Any]]],
        *,
        nested: bool = False,
    ) -> None:
        self.nested_errors: list[RowError] = []
        self._source = source
        self._schema = read_schema(schema)
        self._seeds: set[int] = set()
        self._limit = 0
        self._rows = 0
        self._last_judged = 0
        self._finder: SuspectFinder | None = None
        self._nested_schema = schema if nested else {}
        self._nested: NestedCheck | None = None
        self._dialect = SuspectDialect()
        self._references = open_references(references)
        self._resource = TableResource(**self._options(), schema=self._schema, dialect=self._dialect)
        if references:
            others = [reference.resource for reference in self._references.values()]
            Package(name="references", resources=[self._resource, *others])

    @property
    def field_count(self) -> int:
        """How many fields the schema has."""
        return len(self._schema.fields)

    def rows_read(self, complete: bool) -> int:
        """How many rows frictionless would have read: up to the last judged one where it stopped at its limit."""
        return self._rows if complete else self._last_judged

    def judge(self, limit_errors: int) -> FrictionlessReport:
        """Frictionless's report."""
        self._limit = limit_errors
        try:
            with bounded_csv_cells():
                return judge(
                    self._resource, limit_errors=limit_errors, seeds=self._seeds, before=self._know_expectations
                )
        except (TypeError, ValueError, ArithmeticError, AttributeError, KeyError, AssertionError) as error:
            raise ConfigError(
                f"frictionless fails on row {self._last_judged + _FIRST_ROW - 1}: {type(error).__name__}: {error}",
                expected="a schema whose constraints and keys can be applied to the cells",
                hint="compare like with like: zoned with zoned times, keys of plain values",
            ) from error

    def _options(self) -> dict[str, Any]:
        if isinstance(self._source, TextSource):
            self._dialect.choose(self._choose_cells)
            return self._source.options()
        source, labels = self._source, self._source.schema.names
        if labels and self._schema.fields:
            self._dialect.choose(self._choose_batches)
            return {"name": source.name, "data": [labels]}
        # Without fields frictionless infers a schema, without columns there is nothing to prove: it reads every row.
        return {"name": source.name, "data": self._every_row}

    def _know_expectations(self) -> None:
        """Prepare the search for suspects, now that frictionless knows labels, fields and references."""
        schema = self._resource.schema
        inject_keys(self._resource, self._source, self._references)
        fields = self._resource.header.get_expected_fields()
        self._nested = NestedCheck(self._nested_schema, [field.name for field in fields])
        self._finder = SuspectFinder(
            fields,
            primary_key=schema.primary_key,
            foreign_keys=schema.foreign_keys,
            lookup=self._resource.lookup,
        )
        if isinstance(self._source, StreamSource):
            self._source.keep = self._finder.key_positions

    def _choose_batches(self, _: Iterator[NumberedRow]) -> Iterator[NumberedRow]:
        """The suspects among the rows of an Arrow source."""
        assert not isinstance(self._source, TextSource)
        assert self._finder is not None
        assert self._nested is not None
        for batch in self._source.batches():
            start = self._rows
            self._rows += batch.num_rows
            numbers = np.arange(start, self._rows) + _FIRST_ROW
            found = self._finder.find(batch.columns, numbers)
            self._keep(self._nested.errors(batch.columns, numbers))
            yield from self._seed_rows(found.seeds)
            if start == 0 and len(found.rows):
                # The limit on errors is looked at after a row: there has to be one, if only for errors of the header.
                found.rows[0] = True
            for number, cells in _native_suspects(batch, np.flatnonzero(found.rows)):
                self._last_judged = start + number + 1
                yield start + number + _FIRST_ROW, cells

    def _keep(self, errors: Iterator[RowError]) -> None:
        """Keep errors of nested members, as many as can be reported."""
        room = self._limit - len(self.nested_errors) if self._limit else None
        self.nested_errors += islice(errors, room)

    def _seed_rows(self, numbers: tuple[int, ...]) -> Iterator[NumberedRow]:
        """Earlier rows that passed, by their keys alone: their errors do not count."""
        if not numbers:
            return
        assert not isinstance(self._source, TextSource)
        assert self._finder is not None
        rows = self._source.cells_at([number - _FIRST_ROW for number in numbers], self._finder.key_positions)
        self._seeds.update(numbers)
        yield from zip(numbers, rows, strict=True)

    def _choose_cells(self, rows: Iterator[NumberedRow]) -> Iterator[NumberedRow]:
        """The suspects among the rows that frictionless reads from a text file."""
        assert self._finder is not None
        assert self._nested is not None
        width = len(self._finder.checks)
        kept = KeptKeys(self._finder.key_positions, width)
        first = True
        for chunk in CellChunks(rows, width):
            found = self._finder.find(chunk.columns, chunk.numbers, ragged=chunk.ragged)
            self._keep(self._nested.errors(chunk.columns, chunk.numbers))
            kept.add(chunk)
            self._seeds.update(found.seeds)
            yield from ((number, kept.cells_of(number)) for number in found.seeds)
            if first:
                found.rows[0] = True
                first = False
            for index in np.flatnonzero(found.rows).tolist():
                self._last_judged = self._rows + index + 1
                yield chunk.rows[index]
            self._rows += len(chunk.rows)

    def _every_row(self) -> Iterator[list[Any]]:
        assert not isinstance(self._source, TextSource)
        yield self._source.schema.names
        for batch in self._source.batches():
            self._rows += batch.num_rows
            self._last_judged = self._rows
            yield from native_rows(batch)


def _native_suspects(batch: pa.RecordBatch, suspects: Any) -> Iterator[tuple[int, list[Any]]]:
    for start in range(0, len(suspects), _JUDGED_TOGETHER):
        block = suspects[start : start + _JUDGED_TOGETHER]
        yield from zip(block.tolist(), native_rows(batch.take(pa.array(block))), strict=True)
