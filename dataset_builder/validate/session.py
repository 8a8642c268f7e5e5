"""One validation: a source, a schema, frictionless as the judge, and what passes between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from frictionless import Package
from frictionless import Report as FrictionlessReport
from frictionless.resources import TableResource

from dataset_builder.errors import ConfigError
from dataset_builder.progress import OnProgress, Watch, silent
from dataset_builder.validate.choosers import BatchChooser, CellChooser
from dataset_builder.validate.judge import SuspectDialect, judge
from dataset_builder.validate.native import native_rows
from dataset_builder.validate.reference_tables import inject_keys, open_references
from dataset_builder.validate.report import RowError
from dataset_builder.validate.sources import ArrowSource, Table, TextSource
from dataset_builder.validate.sources.text import bounded_csv_cells
from dataset_builder.validate.table_schema import read_schema


class Session:
    """A validation of one table.

    Args:
        source: where the rows come from.
        schema: the Table Schema.
        references: the tables that foreign keys name, each with its schema or without.
        limit_errors: stop after so many errors; 0 means never.
        nested: also check the members that our schemas name in ``fields``.
        on_progress: is told how many rows have been looked at.
    """

    def __init__(
        self,
        source: ArrowSource | TextSource,
        schema: Mapping[str, Any],
        references: Mapping[str, Table | tuple[Table, Mapping[str, Any]]],
        *,
        limit_errors: int,
        nested: bool,
        on_progress: OnProgress = silent,
    ) -> None:
        self._source = source
        self._schema = read_schema(schema)
        self._limit = limit_errors
        self._references = open_references(references)
        members = schema if nested else {}
        # To count the lines of a text is for those who watch.
        watch = Watch("validate", on_progress, None if on_progress is silent else source.rows)
        self._chooser: BatchChooser | CellChooser = (
            CellChooser(members, limit_errors, watch)
            if isinstance(source, TextSource)
            else BatchChooser(source, members, limit_errors, watch)
        )
        self._dialect = SuspectDialect()
        self._resource = TableResource(**self._options(), schema=self._schema, dialect=self._dialect)
        if references:
            others = [reference.resource for reference in self._references.values()]
            Package(name="references", resources=[self._resource, *others])

    @property
    def field_count(self) -> int:
        """How many fields the schema has."""
        return len(self._schema.fields)

    @property
    def nested_errors(self) -> list[RowError]:
        """What the check of nested members found, in the order of the rows."""
        return self._chooser.nested_errors

    @property
    def rows(self) -> int:
        """How many rows frictionless would have read: all, or up to the one where it stopped at its limit."""
        return self._resource.stats.rows or 0

    def judge(self) -> FrictionlessReport:
        """Frictionless's report."""
        try:
            with bounded_csv_cells():
                return judge(
                    self._resource, limit_errors=self._limit, seeds=self._chooser.seeds, before=self._know_expectations
                )
        except (TypeError, ValueError, ArithmeticError, AttributeError, KeyError, AssertionError) as error:
            raise ConfigError(
                f"frictionless fails on row {self.rows + 1}: {type(error).__name__}: {error}",
                expected="a schema whose constraints and keys can be applied to the cells",
                hint="compare like with like: zoned with zoned times, keys of plain values",
            ) from error

    def _options(self) -> dict[str, Any]:
        if isinstance(self._source, TextSource):
            self._dialect.choose(self._chooser)
            return self._source.options()
        labels = self._source.schema.names
        if labels and self._schema.fields:
            self._dialect.choose(self._chooser)
            return {"name": self._source.name, "data": [labels]}
        # Without fields frictionless infers a schema, without columns there is nothing to prove: it reads every row.
        return {"name": self._source.name, "data": self._every_row}

    def _know_expectations(self) -> None:
        inject_keys(self._resource, self._source, self._references)
        self._chooser.prepare(self._resource)

    def _every_row(self) -> Iterator[list[Any]]:
        assert not isinstance(self._source, TextSource)
        yield self._source.schema.names
        for batch in self._source.batches():
            yield from native_rows(batch)
