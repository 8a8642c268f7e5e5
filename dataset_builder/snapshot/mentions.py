"""Mentions of articles as rows of the table of entities."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.schema import TableSchema, conform


def mentions_of(articles: pa.Table, schema: TableSchema) -> pa.Table:
    """One row a mention, in the order of the articles and of their texts.

    Args:
        articles: has the columns ``id`` and ``entities``.
        schema: of the table of entities.
    """
    column = one_chunk(articles.column("entities"))
    mentions = column.flatten()
    owners = one_chunk(articles.column("id")).take(pc.list_parent_indices(column))
    arrow = schema.arrow
    columns = [owners if f.name == "article_id" else conform(mentions.field(f.name), f.type) for f in arrow]
    return pa.Table.from_arrays(columns, schema=arrow)


def one_chunk(column: pa.ChunkedArray) -> pa.Array:
    """A column as one array."""
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)
