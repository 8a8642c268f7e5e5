"""What the checks of statements share: columns of a snapshot's tables, and a statement held against the truth."""

from __future__ import annotations

import json
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


def read_columns(root: Path, entries: dict[str, dict[str, Any]], table: str, names: list[str]) -> pa.Table:
    """Columns of a table, from the shards that the manifest lists; a table without columns where there is none."""
    paths = [path for path in entries if path.startswith(f"{table}/") and path.endswith(".parquet")]
    tables = [pq.read_table(root / path, columns=names, partitioning=None) for path in paths]
    return pa.concat_tables([one.replace_schema_metadata(None) for one in tables]) if tables else pa.table({})


def compare(path: str, field: str, found: Any, expected: Any) -> Iterator[Issue]:
    """A finding where a statement in the file ``path`` is not what it should be."""
    if found != expected:
        shown = (one_line(json.dumps(value, ensure_ascii=False, default=str)) for value in (found, expected))
        yield Issue(path, field=field, code="statement-wrong", found=next(shown), expected=next(shown))
