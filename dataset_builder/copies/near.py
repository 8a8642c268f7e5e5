"""Near copies: articles that say the same in nearly the same words, and reprints that are cut short.

A fan-in over narrow columns. ``sign`` reduces the bodies of a batch to signatures, in whatever process; ``add`` takes
them in, ``merge`` joins what others have taken in, and ``finish`` links what is alike. The result depends on the set of
articles alone, neither on their order nor on batches. :func:`cluster` is the linking itself, for signatures that lie
elsewhere than in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.copies.candidates import Places, sharing
from dataset_builder.copies.clusters import Clusters
from dataset_builder.copies.measure import BitmapRows, Bitmaps
from dataset_builder.copies.signature import BANDS, Keys, Signatures, SignatureStore, signatures
from dataset_builder.progress import OnProgress, counted, silent
from dataset_builder.spelling import Indices

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
COPIES_VERSION = "3"

#: Anchors are looked at in so many parts, by their keys, as there are some forty of them an article.
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


class SignatureRows(Protocol):
    """The signatures of all articles, wherever they are; rows are numbered from 0."""

    @property
    def empty(self) -> npt.NDArray[np.bool_]:
        """Which rows are nobody's copy."""

    def bands(self, band: int) -> Keys:
        """The key of every row in one band."""

    def anchors(self, part: int, parts: int) -> tuple[Keys, Indices]:
        """The anchors whose key leaves ``part`` when divided by ``parts``, and the row of each."""

    @property
    def bitmaps(self) -> BitmapRows:
        """The bitmaps by row number."""


@dataclass(frozen=True)
class _InMemory:
    """Signatures that are all here."""

    all: Signatures

    @property
    def empty(self) -> npt.NDArray[np.bool_]:
        return self.all.empty

    def bands(self, band: int) -> Keys:
        return self.all.bands[:, band]

    def anchors(self, part: int, parts: int) -> tuple[Keys, Indices]:
        counts = self.all.anchor_counts
        return anchors_of_part(self.all.anchors, np.repeat(np.arange(len(counts)), counts), part, parts)

    @property
    def bitmaps(self) -> npt.NDArray[np.uint8]:
        return self.all.bitmaps


def anchors_of_part(keys: Keys, rows: Indices, part: int, parts: int) -> tuple[Keys, Indices]:
    """Those of the anchors whose key leaves ``part`` when divided by ``parts``."""
    chosen = np.flatnonzero(keys % np.uint32(parts) == part)
    return keys[chosen], rows[chosen]


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
        ids = pa.chunked_array(self._ids)
        order = order_of(ids, pa.chunked_array(self._dates))
        rows = _InMemory(self._signatures.joined())
        found = cluster(rows, order, self.threshold)
        return _as_table(ids, found, Bitmaps(rows.bitmaps))


def order_of(ids: pa.ChunkedArray, dates: pa.ChunkedArray) -> Indices:
    """The row numbers in the order of (date, id), undated ones last."""
    table = pa.table({"id": ids, "date": dates})
    order: Indices = pc.sort_indices(table, [("date", "ascending"), ("id", "ascending")]).to_numpy().astype(np.int64)
    return order


@dataclass(frozen=True)
class ClusterMembers:
    """The rows that are in a cluster of two or more, sorted, and the representative of each."""

    rows: Indices
    representatives: Indices


def cluster(
    signed: SignatureRows, order: Indices, threshold: float, on_progress: OnProgress = silent
) -> ClusterMembers:
    """Link every row with those that are alike, directly or by others.

    What is in one cluster already is not measured again: of a hundred copies of one article few pairs have to be.

    Args:
        order: the row numbers, the best representatives first.
    """
    clusters, bitmaps = Clusters(len(order)), Bitmaps(signed.bitmaps)
    rank: Places = np.empty(len(order), np.uint32)
    rank[order] = np.arange(len(order), dtype=np.uint32)
    passes = counted(_keys(signed), "link", on_progress, total=BANDS + _ANCHOR_PARTS, unit="passes")
    for keys, rows in passes:
        for pairs in sharing(keys, rank[rows]):
            left, right = clusters.apart(*pairs)
            alike = bitmaps.measure(order[left], order[right]).alike(threshold)
            clusters.join(left[alike], right[alike])
    members = np.flatnonzero(np.bincount(clusters.first, minlength=len(order))[clusters.first] > 1)
    rows, representatives = order[members], order[clusters.first[members]]
    sorting = np.argsort(rows)
    return ClusterMembers(rows[sorting], representatives[sorting])


def _keys(signed: SignatureRows) -> Iterator[tuple[Keys, Indices]]:
    """Keys and the rows that have them: of every band, then of the anchors."""
    full = np.flatnonzero(~signed.empty)
    for band in range(BANDS):
        yield signed.bands(band)[full], full
    for part in range(_ANCHOR_PARTS):
        yield signed.anchors(part, _ANCHOR_PARTS)


def _one_array(column: Any) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def cluster_name(representative: str) -> str:
    """What a cluster is called whose representative has this id."""
    return f"copies-{representative[:16]}"


def _as_table(ids: pa.ChunkedArray, found: ClusterMembers, bitmaps: Bitmaps) -> pa.Table:
    """The clusters as columns, sorted by id."""
    rows = len(ids)
    first, clustered = np.arange(rows), np.zeros(rows, bool)
    first[found.rows], clustered[found.rows] = found.representatives, True
    similarity = np.zeros(rows, np.float32)
    similarity[found.rows] = bitmaps.measure(found.representatives, found.rows).best()
    firsts = ids.take(pa.array(first)).to_pylist()
    table = pa.table(
        {
            "id": ids,
            "duplicate_cluster": pa.array([cluster_name(name) for name in firsts], pa.string(), mask=~clustered),
            "cluster_representative": pa.array(firsts, pa.string(), mask=~clustered),
            "similarity": pa.array(similarity, pa.float32(), mask=~clustered),
        },
        schema=COPIES_SCHEMA,
    )
    return table.take(pc.sort_indices(table, [("id", "ascending")]))
