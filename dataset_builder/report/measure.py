"""Measure a snapshot for its report: one pass over the articles, one over the catalog, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from dataset_builder.progress import OnProgress, counted
from dataset_builder.report import catalog, cleaning, texts
from dataset_builder.report.catalog import CatalogCounts
from dataset_builder.report.cleaning import CleaningCounts
from dataset_builder.report.listing import Listing
from dataset_builder.report.settings import load_settings
from dataset_builder.report.tables import SnapshotTables
from dataset_builder.report.texts import TextCounts


@dataclass(frozen=True)
class Measured:
    """What was counted.

    Attributes:
        index, pieces: the packed rows of the list of articles.
        listed: rows in it; the first of the catalog are left out where there are more.
    """

    catalog: CatalogCounts
    texts: TextCounts
    cleaning: CleaningCounts
    index: str
    pieces: tuple[str, ...]
    listed: int


def measure(tables: SnapshotTables, *, rows: int, on_progress: OnProgress) -> Measured:
    """Count the snapshot.

    Args:
        rows: how many articles the list holds at most.

    Raises:
        SnapshotError: a table cannot be read.
    """
    words, edits = TextCounts(), CleaningCounts(load_settings().quoted_families)
    columns = tuple(dict.fromkeys((*texts.COLUMNS, *cleaning.COLUMNS)))
    for shard, batch in _watched(tables, "articles", columns, on_progress):
        words.add(batch)
        edits.add(shard, batch)
    counts = CatalogCounts()
    listing = Listing(max(0, tables.rows("catalog") - rows), load_settings().detail_paths)
    columns = tuple(dict.fromkeys((*catalog.COLUMNS, *load_settings().detail_paths)))
    for _, batch in _watched(tables, "catalog", columns, on_progress):
        counts.add(batch)
        listing.add(batch)
    index = listing.index(words.ids, words.words)
    return Measured(counts, words, edits, index, tuple(listing.pieces), counts.articles - listing.skip)


def _watched(
    tables: SnapshotTables, table: str, columns: Iterable[str], on_progress: OnProgress
) -> Iterator[tuple[str, pa.RecordBatch]]:
    batches = tables.batches(table, tuple(columns))
    return counted(batches, f"count {table}", on_progress, size=lambda pair: pair[1].num_rows, total=tables.rows(table))
