"""The Parquet files against the schemas, the row counts and the keys that the descriptors state."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dataset_builder.issues import Issue
from dataset_builder.progress import OnProgress, counted, silent
from dataset_builder.schema import TableSchema
from dataset_builder.snapshot.stated import BY_FAMILY
from dataset_builder.visible import one_line

PACKAGE = "datapackage.json"
#: The columns that identify and refer, by table.
_KEYS = {
    "articles": ("id", "source"),
    "excerpts": ("id", "source"),
    "features": ("id", "source"),
    "catalog": ("id", "source"),
    "entities": ("article_id",),
    "sources": ("name",),
}


def read_schemas(root: Path) -> dict[str, Any]:
    """Table -> Table Schema, as the snapshot's Data Package states them."""
    package = json.loads((root / PACKAGE).read_bytes())
    return {resource["name"]: resource["schema"] for resource in package["resources"]}


def check_tables(
    root: Path, manifest: dict[str, Any], entries: dict[str, dict[str, Any]], on_progress: OnProgress = silent
) -> Iterator[Issue]:
    """Rows, types and keys of every table, read from the files themselves."""
    schemas = {name: TableSchema(name, descriptor) for name, descriptor in read_schemas(root).items()}
    keys: dict[str, pa.ChunkedArray] = {}
    for name in _KEYS:
        if name not in schemas:
            keys |= {f"{name}.{column}": pa.chunked_array([], type=pa.string()) for column in _KEYS[name]}
            continue
        paths = [path for path in entries if path.startswith(f"{name}/") and path.endswith(".parquet")]
        readable = [path for path in paths if (root / path).is_file()]
        yield from _check_shards(root, schemas[name], readable, entries)
        rows = sum(entries[path].get("rows", 0) for path in paths)
        if rows != manifest["tables"][name]["rows"]:
            expected = f"{manifest['tables'][name]['rows']} rows"
            yield Issue(name, code="rows-wrong", found=f"{rows} rows in its files", expected=expected)
        watched = counted(readable, f"keys of {name}", on_progress, total=len(readable), unit="files")
        keys |= dict(_key_columns(root, schemas[name], watched))
    yield from _check_keys(keys)
    yield from _check_accounts(manifest)


def _check_shards(root: Path, schema: TableSchema, paths: list[str], entries: dict[str, Any]) -> Iterator[Issue]:
    for path in paths:
        try:
            file = pq.ParquetFile(root / path)
            rows, types = file.metadata.num_rows, file.schema_arrow
        except (pa.ArrowException, OSError, ValueError) as error:
            yield Issue(path, code="file-unreadable", found=one_line(str(error)), expected="a Parquet file")
            continue
        if rows != entries[path].get("rows"):
            yield Issue(path, code="rows-wrong", found=f"{rows} rows", expected=f"{entries[path].get('rows')} rows")
        if not types.equals(schema.arrow, check_metadata=False):
            yield Issue(
                path, code="schema-mismatch", found=_difference(types, schema.arrow), expected="the stated schema"
            )


def _difference(found: pa.Schema, stated: pa.Schema) -> str:
    for name in [*stated.names, *found.names]:
        if name not in found.names:
            return f"no column {name}"
        if name not in stated.names:
            return one_line(f"a column {name} that is not stated")
        if found.field(name).type != stated.field(name).type:
            return one_line(f"{name} of the type {found.field(name).type}, stated {stated.field(name).type}")
    return "the columns in another order"


def _key_columns(root: Path, schema: TableSchema, paths: Iterable[str]) -> Iterator[tuple[str, pa.ChunkedArray]]:
    chunks: dict[str, list[pa.Array]] = defaultdict(list)
    for path in paths:
        try:
            table = pq.read_table(root / path, columns=list(_KEYS[schema.name]), partitioning=None)
        except (pa.ArrowException, OSError, KeyError):
            continue  # the shard's own finding says so
        for name in table.column_names:
            chunks[name] += table.column(name).chunks
    for name in _KEYS[schema.name]:
        yield f"{schema.name}.{name}", pa.chunked_array(chunks[name], type=pa.string())


def _check_keys(keys: dict[str, pa.ChunkedArray]) -> Iterator[Issue]:
    for key in ("articles.id", "excerpts.id", "features.id", "catalog.id", "sources.name"):
        counts = pc.value_counts(keys[key])
        for entry in counts.filter(pc.greater(pc.struct_field(counts, "counts"), 1)).to_pylist()[:20]:
            found = f"{one_line(str(entry['values']))} {entry['counts']} times"
            yield Issue(key.partition(".")[0], field=key.partition(".")[2], code="key-repeated", found=found)
    references = (
        ("articles.source", "sources.name"),
        ("catalog.source", "sources.name"),
        ("articles.id", "catalog.id"),
        ("excerpts.source", "sources.name"),
        ("features.source", "sources.name"),
        ("excerpts.id", "catalog.id"),
        ("features.id", "catalog.id"),
        ("entities.article_id", "articles.id"),
    )
    for child, parent in references:
        orphans = keys[child].filter(pc.invert(pc.is_in(keys[child], value_set=keys[parent]))).unique().to_pylist()
        for value in orphans[:20]:
            table, _, name = child.partition(".")
            yield Issue(
                table, field=name, code="key-dangling", found=one_line(str(value)), expected=f"a value of {parent}"
            )


def _check_accounts(manifest: dict[str, Any]) -> Iterator[Issue]:
    accounts, tables = manifest["accounts"], manifest["tables"]
    parts = sum(accounts[name] for name in ("released", "withheld", "rejected", "merged", "withdrawn"))
    if accounts["read"] != parts:
        yield Issue(
            "manifest.json",
            field="accounts",
            code="accounts-wrong",
            found=f"{parts} accounted for",
            expected=f"{accounts['read']} read",
        )
    rows = sum(tables[table]["rows"] for table in BY_FAMILY if table in tables)
    if rows != accounts["released"]:
        found = f"{accounts['released']} released"
        yield Issue(
            "manifest.json",
            field="accounts",
            code="accounts-wrong",
            found=found,
            expected=f"{rows} rows",
        )
    if tables["catalog"]["rows"] != accounts["released"] + accounts["withheld"]:
        found = f"{accounts['released'] + accounts['withheld']} released and withheld"
        expected = f"{tables['catalog']['rows']} rows of the catalog"
        yield Issue("manifest.json", field="accounts", code="accounts-wrong", found=found, expected=expected)
