"""What has changed in the tables' schemas, and which values of two tables can be compared at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa

from dataset_builder.comparison.difference import SchemaChange
from dataset_builder.schema import Field, arrow_type, flatten_fields

#: Not compared: ``body_sha256`` tells whether a body differs, and need not be decompressed.
_BY_DIGEST = ("body",)
_Schemas = Mapping[str, Mapping[str, Any]]


def value_paths(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> dict[tuple[str, ...], pa.DataType]:
    """Fields and members of objects, as paths of names, that both schemas have with one type."""
    if old is None or new is None:
        return {}
    before, after = (dict(_paths(schema["fields"])) for schema in (old, new))
    return {
        path: kind for path, kind in after.items() if before.get(path) == kind and path[0] not in ("id", *_BY_DIGEST)
    }


def _paths(fields: Iterable[Field], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], pa.DataType]]:
    for field in fields:
        path = (*above, str(field["name"]))
        if field["type"] == "object":
            yield from _paths(field["fields"], path)
        else:
            yield path, arrow_type(field)


def schema_changes(old: _Schemas, new: _Schemas) -> tuple[SchemaChange, ...]:
    """What the tables' descriptors say otherwise, by table, in the order of the fields."""
    tables = list(dict.fromkeys([*old, *new]))
    return tuple(change for table in tables for change in _table(table, old.get(table), new.get(table)))


def _table(table: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[SchemaChange]:
    if old is None or new is None:
        yield SchemaChange(table, "", "table-added" if old is None else "table-removed")
        return
    before, after = (dict(flatten_fields(schema["fields"])) for schema in (old, new))
    for path in dict.fromkeys([*before, *after]):
        if path not in after:
            yield SchemaChange(table, path, "field-removed", old=_kind(before[path]))
        elif path not in before:
            yield SchemaChange(table, path, "field-added", new=_kind(after[path]))
        else:
            yield from _field(table, path, before[path], after[path])
    kept, now = [path for path in before if path in after], [path for path in after if path in before]
    if kept != now:
        first = next(path for path, other in zip(now, kept, strict=True) if path != other)
        yield SchemaChange(table, first, "field-moved")


def _field(table: str, path: str, old: Field, new: Field) -> Iterator[SchemaChange]:
    if _kind(old) != _kind(new):
        yield SchemaChange(table, path, "field-retyped", _kind(old), _kind(new))
    before, after = old.get("constraints", {}), new.get("constraints", {})
    if before != after:
        relaxed = all(before.get(name) == value for name, value in after.items())
        kind = "constraint-relaxed" if relaxed else "constraint-tightened"
        yield SchemaChange(table, path, kind, _said(before), _said(after))


def _kind(field: Field) -> str:
    shape = field["type"] if field["type"] != "array" else f"array of {_kind(field['arrayItem'])}"
    return f"{shape} ({field['format']})" if "format" in field else str(shape)


def _said(constraints: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in constraints.items())[:200]
