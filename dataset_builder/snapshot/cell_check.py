"""Cells that must be filled, counts in the table of sources, and what a shard's footer says of its columns."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from dataset_builder.describe.facts import SnapshotFacts, TableFacts
from dataset_builder.issues import Issue
from dataset_builder.snapshot.survey import Survey
from dataset_builder.visible import one_line

#: Arrow's own copy of the schema, which the check of the tables reads, and the one that ``datasets`` believes.
_ARROW, _HUB = b"ARROW:schema", b"huggingface"


def check_cells(root: Path, facts: SnapshotFacts, survey: Survey) -> Iterator[Issue]:
    """A finding for each table, source or shard that says what its rows do not."""
    for table in facts.tables:
        yield from _check_required(table)
        features = json.loads(table.schema.arrow.metadata[_HUB])
        for shard in table.shards:
            yield from _check_footer(root, shard.path, features)
    yield from _check_sources(survey)


def _check_required(table: TableFacts) -> Iterator[Issue]:
    nulls = dict(table.null_counts)
    for field in table.schema.fields:
        if field.get("constraints", {}).get("required") and nulls[field["name"]]:
            found = f"{nulls[field['name']]} rows without it"
            yield Issue(
                table.schema.name, field=field["name"], code="row-wrong", found=found, expected="a value in each"
            )


def _check_footer(root: Path, path: str, features: Any) -> Iterator[Issue]:
    """Key-value metadata: of all that can stand there, only the schema, as ``datasets`` and Arrow have it."""
    metadata = dict(pq.read_metadata(root / path).metadata or {})
    for key in sorted(set(metadata) - {_ARROW, _HUB}):
        found = one_line(f"the key {key.decode(errors='replace')}")
        yield Issue(path, field="metadata", code="schema-mismatch", found=found, expected="the schema alone")
    stated = metadata.get(_HUB)
    if stated is None or json.loads(stated) != features:
        yield Issue(path, field="huggingface", code="schema-mismatch", found="other features", expected="the schema's")


def _check_sources(survey: Survey) -> Iterator[Issue]:
    read, released = Counter[str](), Counter[str]()
    for row in survey.license_rows:
        read[row.source] += row.articles
        released[row.source] += row.articles if row.release == "full" else 0
    for source in survey.sources:
        for column, counts in (("articles_read", read), ("articles_released", released)):
            if source[column] != counts[source["name"]]:
                found = f"{source[column]} of {one_line(str(source['name']))}"
                expected = f"{counts[source['name']]} in the catalog"
                yield Issue("sources", field=column, code="row-wrong", found=found, expected=expected)
