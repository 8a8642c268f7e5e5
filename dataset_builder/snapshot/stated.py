"""What the checks of statements share: columns of a snapshot's tables, and a statement held against the truth."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dataset_builder.issues import Issue
from dataset_builder.schema import RELEASED, release_modes
from dataset_builder.visible import one_line

#: The tables of released articles; their shards lie in a folder for each licence family.
BY_FAMILY = tuple(release_modes()[mode]["table"] for mode in RELEASED)


def each_shard(root: Path, entries: dict[str, dict[str, Any]], table: str, names: list[str]) -> Iterator[pa.Table]:
    """Columns of a table, one after another of the shards that the manifest lists."""
    for path in entries:
        if path.startswith(f"{table}/") and path.endswith(".parquet"):
            yield pq.read_table(root / path, columns=names, partitioning=None).replace_schema_metadata(None)


def read_columns(root: Path, entries: dict[str, dict[str, Any]], table: str, names: list[str]) -> pa.Table:
    """The same of all shards together; a table without columns where there is none."""
    tables = list(each_shard(root, entries, table, names))
    return pa.concat_tables(tables) if tables else pa.table({})


def count_rows(
    root: Path, entries: dict[str, dict[str, Any]], table: str, names: list[str]
) -> Counter[tuple[Any, ...]]:
    """The different values of these columns, in the order of their first rows, and how many rows have them."""
    found = Counter[tuple[Any, ...]]()
    for shard in each_shard(root, entries, table, names):
        for row in shard.group_by(names, use_threads=False).aggregate([([], "count_all")]).to_pylist():
            found[tuple(row[name] for name in names)] += row["count_all"]
    return found


def compare(path: str, field: str, found: Any, expected: Any) -> Iterator[Issue]:
    """A finding where a statement in the file ``path`` is not what it should be."""
    if found != expected:
        shown = (one_line(json.dumps(value, ensure_ascii=False, default=str)) for value in (found, expected))
        yield Issue(path, field=field, code="statement-wrong", found=next(shown), expected=next(shown))
