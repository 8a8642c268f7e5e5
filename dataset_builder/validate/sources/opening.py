"""From what the caller has to a source of rows."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import pyarrow as pa

from dataset_builder.errors import UsageError
from dataset_builder.validate.sources.arrow import ArrowSource, StreamSource, TableSource
from dataset_builder.validate.sources.parquet import ParquetSource
from dataset_builder.validate.sources.text import TextSource

#: What can be validated.
Table: TypeAlias = "pa.Table | pa.RecordBatch | pa.RecordBatchReader | Path"

_PARQUET = (".parquet", ".parq")
_TEXT = (".csv", ".tsv", ".jsonl", ".ndjson")


def open_source(table: Table, name: str | None = None) -> ArrowSource | TextSource:
    """The rows of ``table``. Raises :class:`UsageError` for what is no table or not there."""
    if isinstance(table, Path):
        return _open_file(table, name)
    if isinstance(table, pa.RecordBatch):
        table = pa.Table.from_batches([table])
    if isinstance(table, pa.Table):
        return TableSource(table, name or "memory")
    return StreamSource(table, name or "memory")


def _open_file(path: Path, name: str | None) -> ArrowSource | TextSource:
    if not path.is_file():
        raise UsageError(f"there is no file {path}", expected="a Parquet, CSV or JSONL file")
    suffix = path.suffix.lower()
    if suffix in _PARQUET:
        return ParquetSource(path, name or path.stem)
    if suffix in _TEXT:
        return TextSource(path, name)
    raise UsageError(
        f"{path.name} has none of the endings {', '.join((*_PARQUET, *_TEXT))}",
        expected="a Parquet, CSV or JSONL file",
        hint="rename the file so that its ending says what it is",
    )
