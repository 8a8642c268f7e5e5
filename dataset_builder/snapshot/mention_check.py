"""The table of entities against the column ``entities`` of the articles: the same mentions, in the same order."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dataset_builder.issues import Issue
from dataset_builder.progress import OnProgress, Watch, silent
from dataset_builder.schema import TableSchema, released_tables
from dataset_builder.snapshot.mentions import mentions_of
from dataset_builder.snapshot.restated import shards_of
from dataset_builder.snapshot.row_check import by_month
from dataset_builder.snapshot.survey import batches
from dataset_builder.snapshot.table_check import read_schemas
from dataset_builder.visible import one_line


def check_mentions(root: Path, manifest: Mapping[str, Any], on_progress: OnProgress = silent) -> Iterator[Issue]:
    """A finding for each shard of articles whose mentions are not those of the table, and where the table has more."""
    shards = shards_of(manifest)
    entities = by_month(shards.get("entities", ()))
    watch = Watch("compare mentions", on_progress, sum(file.rows or 0 for file in shards.get("articles", ())))
    stated = read_schemas(root).get("entities")
    schema = TableSchema("entities", stated) if stated else released_tables()["entities"]
    rows = 0
    for month, files in by_month(shards.get("articles", ())).items():
        for file in files:
            held = [entry.path for entry in entities.get(month, ()) if entry.split == file.split]
            rows += yield from _check_shard(root, file.path, held, schema, watch)
    count = sum(file.rows or 0 for file in shards.get("entities", ()))
    if rows != count:
        yield Issue("entities", code="row-wrong", found=f"{count} rows", expected=f"{rows} mentions in the articles")


def _check_shard(
    root: Path, path: str, held: Iterable[str], schema: TableSchema, watch: Watch
) -> Generator[Issue, None, int]:
    """One shard of articles, beside the rows of entities that belong to it, as far as they go."""
    ids = pq.read_table(root / path, columns=["id"], partitioning=None).column("id")
    rows = _rows_of(root, held, ids)
    left = schema.arrow.remove_metadata().empty_table()
    count, alike = 0, True
    for batch in batches(root, [path], ["id", "entities"]):
        mentions = mentions_of(pa.Table.from_batches([batch]), schema).replace_schema_metadata(None)
        while left.num_rows < mentions.num_rows and (more := next(rows, None)) is not None:
            left = pa.concat_tables([left, more])
        found, left = left.slice(0, mentions.num_rows), left.slice(mentions.num_rows)
        if alike and not found.equals(mentions):
            alike = False
            yield Issue("entities", code="row-wrong", found=_told(found, mentions), expected=f"the mentions in {path}")
        count += mentions.num_rows
        watch.add(batch.num_rows)
    return count


def _rows_of(root: Path, held: Iterable[str], ids: pa.ChunkedArray) -> Iterator[pa.Table]:
    for batch in batches(root, held):
        rows = batch.filter(pc.is_in(batch.column("article_id"), value_set=ids))
        yield pa.Table.from_batches([rows]).replace_schema_metadata(None)


def _told(found: pa.Table, mentions: pa.Table) -> str:
    for number in range(mentions.num_rows):
        row = found.slice(number, 1)
        if not row.equals(mentions.slice(number, 1)):
            article = mentions.column("article_id")[number].as_py()
            return one_line(f"another mention or none, in {article}")
    return "more mentions"
