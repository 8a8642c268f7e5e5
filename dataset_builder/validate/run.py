"""Validate one table against one Table Schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa

from dataset_builder.errors import ConfigError, UsageError
from dataset_builder.validate.jsonl import json_rows
from dataset_builder.validate.native import native_rows
from dataset_builder.validate.report import Report, RowError, Stats

if TYPE_CHECKING:
    from frictionless.resources import TableResource

Table: TypeAlias = "pa.Table | pa.RecordBatch | pa.RecordBatchReader | Path"


def validate_table(
    table: Table,
    schema: Mapping[str, Any],
    *,
    limit_errors: int = 1000,
    references: Mapping[str, Table] | None = None,
    name: str | None = None,
) -> Report:
    """The verdict of frictionless on ``table``.

    Args:
        table: an Arrow table, batch or reader, or the path of a Parquet, CSV or JSONL file.
        schema: a Frictionless Table Schema (v1 or v2) as a mapping.
        limit_errors: stop after so many errors; 0 means never.
        references: the tables that foreign keys name.
        name: the table's own name, as foreign keys to itself use it.

    Raises:
        ConfigError: the schema is no Table Schema.
        UsageError: the table cannot be read at all.
    """
    from frictionless import FrictionlessException, Package, Schema

    try:
        known = Schema.from_descriptor(dict(schema))
    except FrictionlessException as error:
        reasons = "; ".join(reason.note for reason in error.to_errors())
        raise ConfigError(f"the schema is not valid: {reasons}", expected="a Frictionless Table Schema") from error
    resource = _resource(table, name)
    resource.schema = known
    if references:
        others = [_resource(other, other_name) for other_name, other in references.items()]
        Package(name="references", resources=[resource, *others])
    checked = resource.validate(limit_errors=limit_errors)
    task = checked.tasks[0] if checked.tasks else None
    errors = tuple(RowError.from_frictionless(error) for error in (task.errors if task else checked.errors))
    warnings = tuple(task.warnings) if task else ()
    return Report(
        valid=not errors,
        errors=errors,
        stats=Stats(
            rows=resource.stats.rows or 0,
            fields=len(known.fields),
            errors=len(errors),
            complete=not any(warning.startswith("reached") for warning in warnings),
            warnings=warnings,
        ),
    )


def _resource(table: Table, name: str | None) -> TableResource:
    """``table`` as frictionless sees it: native cells below a row of labels."""
    from frictionless.resources import TableResource

    options: dict[str, Any] = {"name": name} if name else {}
    if isinstance(table, Path):
        if not table.is_file():
            raise UsageError(f"there is no file {table}", expected="a Parquet, CSV or JSONL file")
        if table.suffix in (".jsonl", ".ndjson"):
            return TableResource(data=lambda: json_rows(table), **{"name": table.stem, **options})
        if table.suffix not in (".parquet", ".parq"):
            return TableResource(path=table.name, basepath=str(table.parent), **options)
        import pyarrow.parquet as pq

        options.setdefault("name", table.stem)
        batches: Any = pq.ParquetFile(table)
        labels, stream = batches.schema_arrow.names, batches.iter_batches
    elif isinstance(table, pa.RecordBatch):
        labels, stream = table.schema.names, lambda: iter([table])
    elif isinstance(table, pa.Table):
        labels, stream = table.schema.names, table.to_batches
    else:
        labels, stream = table.schema.names, lambda: iter(table)

    def rows() -> Iterator[list[Any]]:
        yield labels
        for batch in stream():
            yield from native_rows(batch)

    return TableResource(data=rows, **options)
