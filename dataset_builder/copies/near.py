"""Near copies: articles that say the same in nearly the same words, and reprints that are cut short.

A fan-in over narrow columns. ``sign`` reduces the bodies of a batch to signatures, in whatever process; ``add`` takes
them in, ``merge`` joins what others have taken in, and ``finish`` links what is alike. The result depends on the set of
articles alone, neither on their order nor on batches.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.copies.candidates import Places, sharing
from dataset_builder.copies.clusters import Clusters
from dataset_builder.copies.measure import Bitmaps
from dataset_builder.copies.shingles import Indices
from dataset_builder.copies.signature import BANDS, Keys, Signatures, SignatureStore, signatures

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
COPIES_VERSION = "2"

#: Parts that the anchors are compared in, each by itself: there are some forty an article. A power of two.
_ANCHOR_PARTS = 16


@dataclass(frozen=True)
class SignedArticles:
    """What near copies are found by, of a batch: some 750 bytes an article, free to travel between processes.

    Attributes:
        ids: one string an article.
        dates: the publication's calendar day (date32) or null, one an article.
        signatures: those of the bodies.
    """

    ids: pa.Array
    dates: pa.Array
    signatures: Signatures


def sign(batch: pa.RecordBatch | pa.Table) -> SignedArticles:
    """The signatures of the articles of ``batch`` (columns id, body, date; others are ignored).

    A pure function, and nearly all of the work; workers call it on their own batches. A null body has no copies.
    """
    bodies = _one_array(batch.column("body"))
    return SignedArticles(
        _one_array(batch.column("id")).cast(pa.string()), _one_array(batch.column("date")), signatures(bodies)
    )


@dataclass
class NearCopies:
    """The signatures of the articles seen so far.

    Attributes:
        threshold: similarity or containment, of word pairs, from which on two articles are copies; 0 to 1.
    """

    threshold: float = 0.8
    _ids: list[pa.Array] = field(default_factory=list, repr=False)
    _dates: list[pa.Array] = field(default_factory=list, repr=False)
    _signatures: SignatureStore = field(default_factory=SignatureStore, repr=False)

    def add(self, batch: pa.RecordBatch | pa.Table | SignedArticles) -> None:
        """Take in the articles of ``batch``, signed already or to be signed here."""
        signed = batch if isinstance(batch, SignedArticles) else sign(batch)
        self._ids.append(signed.ids)
        self._dates.append(signed.dates)
        self._signatures.add(signed.signatures)

    def merge(self, other: NearCopies) -> None:
        """Take in what ``other`` has seen."""
        self._ids += other._ids
        self._dates += other._dates
        self._signatures.add(other._signatures.joined())

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
        joined = self._signatures.joined()
        bitmaps = Bitmaps(joined.bitmaps)
        first = _clusters(joined, order, bitmaps, self.threshold)
        return _as_table(ids, first, order, bitmaps)


def _one_array(column: Any) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _clusters(joined: Signatures, order: Indices, bitmaps: Bitmaps, threshold: float) -> Indices:
    """For every place in ``order`` the smallest place that it is linked with, directly or by others.

    What is in one cluster already is not measured again: of a hundred copies of one article few pairs have to be.
    """
    clusters = Clusters(len(order))
    for keys, members in _keyed(joined, order):
        for pairs in sharing(keys, members):
            left, right = clusters.apart(*pairs)
            alike = bitmaps.measure(order[left], order[right]).alike(threshold)
            clusters.join(left[alike], right[alike])
    return clusters.first


def _keyed(joined: Signatures, order: Indices) -> Iterator[tuple[Keys, Places]]:
    """Keys and the places in ``order`` of the articles that have them: band by band, then the anchors, part by part."""
    places = np.empty(len(order), np.uint32)
    places[order] = np.arange(len(order), dtype=np.uint32)
    full = np.flatnonzero(~joined.empty)
    for band in range(BANDS):
        yield joined.bands[full, band], places[full]
    owners = np.repeat(places, joined.anchor_counts)
    for part in range(_ANCHOR_PARTS):
        chosen = np.flatnonzero(joined.anchors & np.uint32(_ANCHOR_PARTS - 1) == part)
        yield joined.anchors[chosen], owners[chosen]


def _as_table(ids: npt.NDArray[np.object_], first: Indices, order: Indices, bitmaps: Bitmaps) -> pa.Table:
    """The clusters of two and more, as columns, sorted by id."""
    clustered = np.bincount(first, minlength=len(ids))[first] > 1
    rows = np.flatnonzero(clustered)
    similarity = np.zeros(len(ids), np.float32)
    similarity[rows] = bitmaps.measure(order[first[rows]], order[rows]).best()
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
