"""The released tables, derived from ``schema/*.json``: Arrow types, Hub features, field tables.

Nothing about a column is written twice. A field is a Frictionless field descriptor; nested columns add two members to
the grammar: ``arrayItem`` (a descriptor without name) on an array, ``fields`` (a list of descriptors) on an object.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa

from dataset_builder.resources import read_json

Field = dict[str, Any]

#: Frictionless type -> Arrow type. Dates are days, moments are UTC microseconds, which every reader knows.
ARROW_TYPES: dict[str, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
}

#: Tables in the order in which they are written and described.
TABLES = ("articles", "excerpts", "features", "catalog", "entities", "sources")

#: Releases of more than metadata; each fills a table of its own.
RELEASED = ("full", "excerpt", "features")


@dataclass(frozen=True)
class TableSchema:
    """One released table: its name and its Frictionless Table Schema."""

    name: str
    descriptor: dict[str, Any]

    @property
    def fields(self) -> list[Field]:
        """The field descriptors, in column order."""
        return list(self.descriptor["fields"])

    @property
    def column_names(self) -> list[str]:
        """The columns' names, in order."""
        return [field["name"] for field in self.fields]

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema, with the Hub's ``huggingface`` metadata as ``datasets`` itself would embed it."""
        columns = [arrow_field(field) for field in self.fields]
        features = {field["name"]: hub_feature(field) for field in self.fields}
        metadata = json.dumps({"info": {"features": features}})
        return pa.schema(columns, metadata={"huggingface": metadata})


def arrow_type(field: Field) -> pa.DataType:
    """The Arrow type of one field descriptor."""
    kind = field["type"]
    if kind == "array":
        return pa.list_(arrow_type(field["arrayItem"]))
    if kind == "object":
        return pa.struct([arrow_field(member) for member in field["fields"]])
    return ARROW_TYPES[kind]


def arrow_field(field: Field) -> pa.Field:
    """The Arrow field; every column is nullable, required-ness is the validator's matter."""
    return pa.field(field["name"], arrow_type(field))


def hub_feature(field: Field) -> dict[str, Any]:
    """The feature as ``datasets.Features.to_dict`` spells it (checked against the library in tests/conformance)."""
    kind = field["type"]
    if kind == "array":
        return {"feature": hub_feature(field["arrayItem"]), "_type": "List"}
    if kind == "object":
        return {member["name"]: hub_feature(member) for member in field["fields"]}
    return {"dtype": hub_dtype(kind), "_type": "Value"}


def hub_dtype(kind: str) -> str:
    """A scalar's name in the Hub's vocabulary."""
    arrow = str(ARROW_TYPES[kind])
    return {"double": "float64", "date32[day]": "date32"}.get(arrow, arrow)


def card_feature(field: Field) -> dict[str, Any]:
    """One entry of ``dataset_info.features`` in a data card's YAML."""
    kind = field["type"]
    if kind == "array":
        item = field["arrayItem"]
        if item["type"] == "object":
            return {"name": field["name"], "list": [card_feature(member) for member in item["fields"]]}
        return {"name": field["name"], "list": hub_dtype(item["type"])}
    if kind == "object":
        return {"name": field["name"], "struct": [card_feature(member) for member in field["fields"]]}
    return {"name": field["name"], "dtype": hub_dtype(kind)}


def flatten_fields(fields: Iterable[Field], prefix: str = "") -> Iterator[tuple[str, Field]]:
    """Every field and nested member as (dotted path, descriptor), in order; ``[]`` marks the items of an array."""
    for field in fields:
        path = prefix + field["name"]
        yield path, field
        if field["type"] == "object":
            yield from flatten_fields(field["fields"], path + ".")
        elif field["type"] == "array" and field["arrayItem"]["type"] == "object":
            yield from flatten_fields(field["arrayItem"]["fields"], path + "[].")


@cache
def article_descriptor() -> dict[str, Any]:
    """``schema/article.schema.json``."""
    descriptor: dict[str, Any] = read_json("article.schema.json")
    return descriptor


def released_tables(extra_fields: tuple[str, ...] = ()) -> dict[str, TableSchema]:
    """The tables by name.

    Args:
        extra_fields: field descriptors as JSON texts (hashable), declared in dataset.yaml; they follow the article's
            own columns and are released with full text only.
    """
    return _released_tables(extra_fields)


@cache
def _released_tables(extra_fields: tuple[str, ...]) -> dict[str, TableSchema]:
    article = dict(article_descriptor())
    article["fields"] = [*article["fields"], *(json.loads(text) for text in extra_fields)]
    descriptors = {
        "articles": article,
        **{mode["table"]: mode_descriptor(article, mode) for mode in release_modes().values() if "about" in mode},
        "entities": read_json("entity.schema.json"),
        "sources": read_json("source.schema.json"),
    }
    return {name: TableSchema(name, descriptors[name]) for name in TABLES}


@cache
def release_modes() -> dict[str, dict[str, Any]]:
    """Release -> its table and what it keeps, of ``schema/release-columns.json``."""
    modes: dict[str, dict[str, Any]] = read_json("release-columns.json")["modes"]
    return modes


def mode_descriptor(article: dict[str, Any], mode: dict[str, Any]) -> dict[str, Any]:
    """The schema of one release mode: the article's fields that it keeps, in their order, and its own."""
    fields: list[Field] = []
    for field in article["fields"]:
        if field["name"] == "body":
            fields += mode.get("adds", [])
        elif field["name"] in mode["keeps"]:
            kept = prune(field, mode["drops"])
            fields.append(relax(kept) if field["name"] in mode["relaxed"] else kept)
    return {
        **article,
        "name": mode["table"],
        "title": mode["title"],
        "description": mode["about"],
        "fields": fields,
    }


def prune(field: Field, drops: list[str], path: str = "") -> Field:
    """``field`` without the nested members whose dotted path is in ``drops``; the items of an array add no step."""
    path = path or field["name"]
    if field["type"] == "array":
        return {**field, "arrayItem": prune(field["arrayItem"], drops, path)}
    if field["type"] == "object":
        members = [(member, f"{path}.{member['name']}") for member in field["fields"]]
        return {**field, "fields": [prune(member, drops, step) for member, step in members if step not in drops]}
    return field


def conform(array: pa.Array, target: pa.DataType) -> pa.Array:
    """``array`` as ``target`` types it: struct members selected by name at every depth, everything else cast."""
    if array.offset:  # Arrow rebuilds nested arrays from whole buffers only
        array = array.take(pa.array(range(len(array)), pa.int64()))
    if pa.types.is_struct(target):
        members = [conform(array.field(member.name), member.type) for member in target]
        return pa.StructArray.from_arrays(members, fields=list(target), mask=array.is_null())
    if pa.types.is_list(target):
        items = conform(array.values, target.value_type)
        return pa.ListArray.from_arrays(array.offsets, items, type=target, mask=array.is_null())
    return array.cast(target)


def relax(field: Field) -> Field:
    """``field`` without its ``required`` constraint."""
    return {**field, "constraints": {key: value for key, value in field["constraints"].items() if key != "required"}}
