"""Validate one table against one Table Schema: the main road of this package.

source -> chunks -> suspects (Arrow proves the other rows good) -> frictionless judges them -> report
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from dataset_builder.errors import UsageError
from dataset_builder.progress import OnProgress, silent
from dataset_builder.validate.report import Report, RowError, Stats
from dataset_builder.validate.sources import ParquetSource, Table, TextSource, open_source

#: A table that a foreign key names, with its schema or without.
ReferenceTable: TypeAlias = "Table | tuple[Table, Mapping[str, Any]]"


def validate_table(
    table: Table,
    schema: Mapping[str, Any],
    *,
    limit_errors: int = 1000,
    references: Mapping[str, ReferenceTable] | None = None,
    name: str | None = None,
    nested: bool = False,
    on_progress: OnProgress = silent,
) -> Report:
    """The verdict of frictionless on ``table``.

    Args:
        table: an Arrow table, batch or reader, or the path of a Parquet, CSV or JSONL file.
        schema: a Frictionless Table Schema (v1 or v2) as a mapping.
        limit_errors: stop after so many errors; 0 means never.
        references: the tables that foreign keys name, each with its schema or without (frictionless infers it then).
        name: the table's own name, as foreign keys to itself use it.
        nested: also check the members of objects that a schema of ours names in ``fields``; frictionless reads over
            them, and so does this function unless it is told to look.
        on_progress: is told how many rows have been looked at.

    Raises:
        ConfigError: the schema is no Table Schema, or frictionless cannot apply it, or a pattern of it runs away.
        UsageError: there is no such table.
        CorpusError: the table cannot be read.
    """
    if references and name in references:
        raise UsageError(f"the table and a reference are both named {name}", expected="names of their own")
    source = open_source(table, name)
    if isinstance(source, ParquetSource):
        # Before frictionless is imported: Arrow decodes meanwhile.
        source.start()
    from dataset_builder.validate.session import Session

    try:
        how: Any = {"limit_errors": limit_errors, "nested": nested, "on_progress": on_progress}
        session = Session(source, schema, references or {}, **how)
        checked = session.judge()
    finally:
        if not isinstance(source, TextSource):
            source.close()
    task = checked.tasks[0] if checked.tasks else checked
    warnings = tuple(task.warnings)
    complete = not any(warning.startswith("reached error limit") for warning in warnings)
    errors = [RowError.from_frictionless(error) for error in task.errors]
    if session.nested_errors:
        errors = _merge(errors, session.nested_errors, limit_errors)
    return Report(
        valid=not errors,
        errors=tuple(errors),
        stats=Stats(
            rows=session.rows,
            fields=session.field_count,
            errors=len(errors),
            complete=complete,
            warnings=warnings,
        ),
    )


def _merge(errors: list[RowError], nested: list[RowError], limit: int) -> list[RowError]:
    """Both kinds of errors in the order of the rows, those of the header first, cut to ``limit``."""
    merged = sorted([*errors, *nested], key=lambda error: error.row_number or 0)
    return merged[:limit] if limit else merged
