"""The tables that foreign keys name: their keys are read once, by columns, and handed to frictionless."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from frictionless.resources import TableResource

from dataset_builder.validate.column import ColumnCheck, plain
from dataset_builder.validate.keyset import KeySet, TextKeys
from dataset_builder.validate.missing import is_text
from dataset_builder.validate.native import native_rows
from dataset_builder.validate.sources import ArrowSource, Table, TextSource, open_source
from dataset_builder.validate.table_schema import read_schema

#: Rows from which frictionless infers a schema where a reference brings none (``settings.DEFAULT_SAMPLE_SIZE``).
_SAMPLE_ROWS = 100


@dataclass(frozen=True, slots=True)
class Reference:
    """A table that foreign keys name.

    Attributes:
        resource: what frictionless sees of it: all of a text file, labels and a sample of an Arrow table.
        source: the Arrow table; None for a text file, which frictionless reads itself.
    """

    resource: TableResource
    source: ArrowSource | None


def open_references(
    references: Mapping[str, Table | tuple[Table, Mapping[str, Any]]],
) -> dict[str, Reference]:
    """The references by name."""
    return {name: _open_reference(name, given) for name, given in references.items()}


def inject_keys(resource: TableResource, source: ArrowSource | TextSource, references: Mapping[str, Reference]) -> None:
    """Replace frictionless's lookups of Arrow tables, which saw a sample at most, by their true keys."""
    for key in resource.schema.foreign_keys:
        name, fields = key["reference"]["resource"], tuple(key["reference"]["fields"])
        if name in ("", resource.name):
            if not isinstance(source, TextSource):
                resource.lookup[name][fields] = _read_keys(source, resource.header.get_expected_fields(), fields)
        elif (reference := references.get(name)) is not None and reference.source is not None:
            with reference.resource.to_copy() as opened:
                expected = opened.header.get_expected_fields()
            resource.lookup[name][fields] = _read_keys(reference.source, expected, fields)


def _open_reference(name: str, given: Table | tuple[Table, Mapping[str, Any]]) -> Reference:
    table, schema = given if isinstance(given, tuple) else (given, None)
    source = open_source(table, name)
    known: dict[str, Any] = {} if schema is None else {"schema": read_schema(schema)}
    if isinstance(source, TextSource):
        return Reference(TableResource(**source.options(), **known), None)
    sample: list[list[Any]] = []
    if schema is None:
        for batch in source.columns(range(len(source.schema))):
            sample += native_rows(batch.slice(0, _SAMPLE_ROWS - len(sample)))
            if len(sample) >= _SAMPLE_ROWS:
                break
    # Frictionless's sample counts the labels.
    data = [source.schema.names, *sample[: _SAMPLE_ROWS - 1]]
    return Reference(TableResource(name=name, data=data, **known), source)


def _read_keys(source: ArrowSource, fields: Sequence[Any], names: Sequence[str]) -> KeySet:
    """The keys of a table as frictionless reads them; a field that is not there is None in every row."""
    places = {field.name: index for index, field in enumerate(fields)}
    positions = [places[name] for name in names if name in places]
    checks = {name: ColumnCheck(fields[places[name]]) for name in names if name in places}
    if len(names) == 1 and positions and _is_plain_text(checks[names[0]], source.schema.field(positions[0]).type):
        return KeySet(_text_keys(source, positions[0], checks[names[0]].missing_values))
    keys: dict[tuple[Any, ...], None] = {}
    for batch in source.columns(positions):
        parsed = dict(zip(checks, map(_parse, checks.values(), batch.columns), strict=True))
        absent = [None] * batch.num_rows
        keys |= dict.fromkeys(zip(*(parsed.get(name, absent) for name in names), strict=True))
    keys.pop((None,) * len(names), None)
    return KeySet(list(keys))


def _parse(check: ColumnCheck, column: pa.Array) -> list[Any]:
    return check.parse(column)


def _is_plain_text(check: ColumnCheck, kind: pa.DataType) -> bool:
    return is_text(kind) and check.field.type == "string" and check.field.format == "default"


def _text_keys(source: ArrowSource, position: int, missing_values: Sequence[str]) -> TextKeys:
    texts = [plain(batch.column(0)) for batch in source.columns([position])]
    column = pa.chunked_array(texts, source.schema.field(position).type).unique()
    keep = pa.array([text is not None and text not in missing_values for text in column.to_pylist()], pa.bool_())
    return TextKeys(column.filter(keep))
