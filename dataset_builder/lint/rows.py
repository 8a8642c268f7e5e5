"""The rows of a table: what they say about their rights, counted by statement, and whether they name a source."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from dataset_builder.lint.folder import Folder, names
from dataset_builder.lint.stated import Stated
from dataset_builder.parquet_bounds import grows_beyond, rows_at_once
from dataset_builder.progress import Portion
from dataset_builder.read.context import InputFile
from dataset_builder.read.streams import StreamError, inner_suffix, open_stream

#: Characters of a statement that are read (see rights.reading), and different statements that are kept of a table.
_LONGEST = 4_001
_MOST_STATEMENTS = 20_000
_LINE_BYTES = 64 << 20
_BATCH = 4_096
#: Bytes between two looks at how far it is.
_LOOK_BYTES = 1 << 20


@dataclass
class Rows:
    """What the rows of one table say.

    Attributes:
        name: the file.
        count: rows read.
        columns: those that may hold statements about rights.
        has_sources: whether a column says where a row is from.
        refers: whether a column names the rows of another table, which may say it.
        silent: rows with nothing in any of ``columns``; ``first_silent`` is the first of them.
    """

    name: str
    count: int = 0
    columns: tuple[str, ...] = ()
    has_sources: bool = False
    refers: bool = False
    silent: int = 0
    first_silent: int = 0
    _said: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    @property
    def table(self) -> str:
        """The table that the file is, or is a shard of: its folder, or its own name."""
        return self.name.rpartition("/")[0] or self.name

    @property
    def statements(self) -> list[Stated]:
        """Every different statement, with its first row and how many rows make it."""
        return [Stated(self.name, column, words, 0, row, rows) for (column, words), (row, rows) in self._said.items()]

    def add(self, values: dict[str, Any]) -> None:
        """Take one row in."""
        self.count += 1
        spoken = False
        for column in self.columns:
            for words in _words(values.get(column)):
                spoken = True
                said = self._said.get((column, words))
                if said is not None:
                    said[1] += 1
                elif len(self._said) < _MOST_STATEMENTS:
                    self._said[column, words] = [self.count, 1]
        if self.columns and not spoken:
            self.silent += 1
            self.first_silent = self.first_silent or self.count


def read_rows(folder: Folder, name: str, portion: Portion) -> Rows:
    """Read one table to its end, or to where it breaks, which is a finding.

    Args:
        portion: is told how many bytes of the file have been read, or about so.
    """
    rows = Rows(name)
    suffix = inner_suffix(name)
    try:
        if suffix == ".parquet":
            _parquet(folder, rows, portion)
        else:
            with open_stream(InputFile(folder.root / name, name)) as stream:
                read = _lines if suffix in (".jsonl", ".ndjson") else partial(_delimited, suffix=suffix)
                read(_watched(stream, portion), rows)
    except StreamError as error:
        folder.refuse(name, error.issue.found, error.issue.expected)
    except (OSError, ValueError, RecursionError, csv.Error) as error:
        folder.refuse(name, f"after row {rows.count}: {type(error).__name__}: {error}", "a table")
    portion.finish()
    return rows


def _watched(stream: Any, portion: Portion) -> Iterator[bytes]:
    """The lines of a stream. What a compressed file unpacks to is more than the file: it is read early."""
    unseen = 0
    while line := stream.readline(_LINE_BYTES):
        if (unseen := unseen + len(line)) >= _LOOK_BYTES:
            portion.add(unseen)
            unseen = 0
        if len(line) == _LINE_BYTES:
            raise ValueError(f"a line of more than {_LINE_BYTES:,} bytes")
        yield line


def _choose(rows: Rows, columns: list[str]) -> None:
    rows.columns = tuple(name for name in columns if _plain(name) in names("license_columns"))
    rows.has_sources = any(_plain(name) in names("source_columns") for name in columns)
    rows.refers = any(name.casefold().endswith("_id") for name in columns)


def _plain(name: str) -> str:
    return re.sub(r"[\s_.:-]+", "", name.casefold())


def _words(value: Any) -> Iterator[str]:
    """The statements of a cell; a list holds several."""
    for entry in value[:100] if isinstance(value, list) else [value]:
        if isinstance(entry, str) and entry.strip():
            yield entry.strip()[:_LONGEST]


def _parquet(folder: Folder, rows: Rows, portion: Portion) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder.root / rows.name
    if grown := grows_beyond(path):
        raise ValueError(f"it unpacks to more than {grown:,} bytes")
    with path.open("rb") as raw, pq.ParquetFile(raw) as file:
        _choose(rows, file.schema_arrow.names)
        rows.columns = tuple(name for name in rows.columns if _of_text(file.schema_arrow.field(name).type, pa))
        if not rows.columns:
            rows.count = file.metadata.num_rows
            return
        size = rows_at_once(raw, file.metadata, _BATCH)
        for batch in file.iter_batches(batch_size=size, columns=list(rows.columns), use_threads=False):
            for values in batch.to_pylist():
                rows.add(values)
            portion.add(portion.whole * batch.num_rows // max(1, file.metadata.num_rows))


def _of_text(kind: Any, pa: Any) -> bool:
    inner = kind.value_type if pa.types.is_list(kind) or pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(inner) or pa.types.is_large_string(inner))


def _lines(lines: Iterator[bytes], rows: Rows) -> None:
    for line in lines:
        if not line.strip():
            continue
        values = json.loads(line)
        if not isinstance(values, dict):
            raise ValueError("a line that is no JSON object")
        if rows.count == 0:
            _choose(rows, list(values))
        rows.add(values)


def _delimited(raw: Iterator[bytes], rows: Rows, suffix: str) -> None:
    lines = map(_decoded, raw)
    first = next(lines, "").lstrip("\ufeff")
    delimiter = "\t" if suffix == ".tsv" else max(",;\t|", key=first.count)
    header = next(csv.reader([first], delimiter=delimiter), [])
    _choose(rows, header)
    csv.field_size_limit(_LINE_BYTES)
    for values in csv.reader(lines, delimiter=delimiter):
        if values:
            rows.add(dict(zip(header, values, strict=False)))


def _decoded(line: bytes) -> str:
    return line.decode("utf-8", "replace").replace("\0", "")
