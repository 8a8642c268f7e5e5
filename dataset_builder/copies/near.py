"""Near copies: articles that say the same in nearly the same words, and reprints that are cut short.

A fan-in over narrow columns. ``add`` reduces bodies to signatures, ``merge`` joins what other workers have added, and
``finish`` links what is alike. The result depends on the set of articles alone, neither on their order nor on batches.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.copies.candidates import sharing
from dataset_builder.copies.clusters import Clusters
from dataset_builder.copies.measure import Bitmaps
from dataset_builder.copies.shingles import Indices, shingle
from dataset_builder.copies.signature import BANDS, Signatures, signatures

#: One row an article. An article without copies has nulls; ``similarity`` is measured against the representative.
COPIES_SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("duplicate_cluster", pa.string()),
        pa.field("cluster_representative", pa.string()),
        pa.field("similarity", pa.float32()),
    ]
)

#: Changes with everything that may put another article into a cluster.
COPIES_VERSION = "1"


@dataclass
class NearCopies:
    """The signatures of the articles seen so far.

    Attributes:
        threshold: similarity or containment, of word pairs, from which on two articles are copies; 0 to 1.
    """

    threshold: float = 0.8
    _ids: list[pa.Array] = field(default_factory=list, repr=False)
    _dates: list[pa.Array] = field(default_factory=list, repr=False)
    _signatures: list[Signatures] = field(default_factory=list, repr=False)

    def add(self, batch: pa.RecordBatch | pa.Table) -> None:
        """Take in the articles of ``batch`` (columns id, body, date; others are ignored). A null body has no copies."""
        self._ids.append(_one_array(batch.column("id")).cast(pa.string()))
        self._dates.append(_one_array(batch.column("date")))
        self._signatures.append(signatures(shingle(_one_array(batch.column("body")))))

    def merge(self, other: NearCopies) -> None:
        """Take in what ``other`` has seen."""
        self._ids += other._ids
        self._dates += other._dates
        self._signatures += other._signatures

    def finish(self) -> pa.Table:
        """One row of ``COPIES_SCHEMA`` an article, sorted by id.

        A cluster holds the articles that are linked, directly or by others, by a similarity or a containment of at
        least the threshold. Its representative is the member with the smallest (date, id), undated ones last; its name
        is made of the representative's id.
        """
        if not self._ids:
            return COPIES_SCHEMA.empty_table()
        table = pa.table({"id": pa.chunked_array(self._ids), "date": pa.chunked_array(self._dates)})
        order = pc.sort_indices(table, [("date", "ascending"), ("id", "ascending")]).to_numpy()
        ids = table.column("id").take(pa.array(order)).to_numpy()
        joined = _joined(self._signatures, order)
        bitmaps = Bitmaps(joined.bitmaps)
        first = _clusters(joined, order, bitmaps, self.threshold)
        return _as_table(ids, first, bitmaps)


def _one_array(column: Any) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _joined(parts: list[Signatures], order: Indices) -> Signatures:
    """All signatures as one, their rows in ``order``; the anchors and their counts stay as they came."""
    return Signatures(
        bands=np.concatenate([part.bands for part in parts])[order],
        bitmaps=np.concatenate([part.bitmaps for part in parts])[order],
        anchors=np.concatenate([part.anchors for part in parts]),
        anchor_counts=np.concatenate([part.anchor_counts for part in parts]),
        empty=np.concatenate([part.empty for part in parts])[order],
    )


def _clusters(joined: Signatures, order: Indices, bitmaps: Bitmaps, threshold: float) -> Indices:
    """For every row the smallest row that it is linked with, directly or by others.

    What is in one cluster already is not measured again: of a hundred copies of one article few pairs have to be.
    """
    clusters = Clusters(len(order))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    full = np.flatnonzero(~joined.empty)
    sources = [(joined.bands[full, band], full) for band in range(BANDS)]
    sources.append((joined.anchors, np.repeat(rank, joined.anchor_counts)))
    for keys, members in sources:
        for pairs in sharing(keys, members):
            left, right = clusters.apart(*pairs)
            alike = bitmaps.measure(left, right).alike(threshold)
            clusters.join(left[alike], right[alike])
    return clusters.first


def _as_table(ids: npt.NDArray[np.object_], first: Indices, bitmaps: Bitmaps) -> pa.Table:
    """The clusters of two and more, as columns, sorted by id."""
    clustered = np.bincount(first, minlength=len(ids))[first] > 1
    rows = np.flatnonzero(clustered)
    similarity = np.zeros(len(ids), np.float32)
    similarity[rows] = bitmaps.measure(first[rows], rows).best()
    table = pa.table(
        {
            "id": pa.array(ids, pa.string()),
            "duplicate_cluster": pa.array([f"copies-{name[:16]}" for name in ids[first]], pa.string(), mask=~clustered),
            "cluster_representative": pa.array(ids[first], pa.string(), mask=~clustered),
            "similarity": pa.array(similarity, pa.float32(), mask=~clustered),
        },
        schema=COPIES_SCHEMA,
    )
    return table.take(pc.sort_indices(table, [("id", "ascending")]))
