"""What is compared between articles: gathered batch by batch, kept in a spool, read again by parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.copies.measure import BitmapRows
from dataset_builder.copies.near import anchors_of_part, sign
from dataset_builder.copies.revisions import PAGE_BYTES, page_digests
from dataset_builder.copies.signature import BANDS, BITMAP_BITS, Keys
from dataset_builder.engines.spool import Spool
from dataset_builder.spelling import Indices

#: What is compared between articles, one row an assembled row; a withdrawn article has its text and no page.
TRAITS_SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("date", pa.date32()),
        pa.field("page", pa.binary(PAGE_BYTES)),
        pa.field("fetched_at", pa.timestamp("us", tz="UTC")),
        pa.field("bands", pa.binary(4 * BANDS), nullable=False),
        pa.field("bitmap", pa.binary(BITMAP_BITS // 8), nullable=False),
        pa.field("anchors", pa.list_(pa.uint32()), nullable=False),
        pa.field("empty", pa.bool_(), nullable=False),
    ]
)


_BITMAP_BYTES = BITMAP_BITS // 8
#: Bitmaps of so many bytes, those of two million articles, are held in memory while articles are compared. More are
#: fetched as they are asked for: where most articles are like many others, each is asked for again and again.
_HELD_BYTES = 1 << 30


def traits_of(batch: pa.RecordBatch) -> pa.RecordBatch:
    """What linking needs to know of an assembled batch."""
    active = pc.equal(batch.column("status"), "active")
    page = pc.if_else(active, pc.coalesce(batch.column("canonical_url"), batch.column("url")), None)
    text = {"id": batch.column("id"), "body": batch.column("withheld_text"), "date": batch.column("date")}
    signed = sign(pa.table(text)).signatures
    offsets = np.concatenate(([0], np.cumsum(signed.anchor_counts))).astype(np.int32)
    columns = {
        "id": batch.column("id"),
        "date": batch.column("date"),
        "page": page_digests(page),
        "fetched_at": pc.struct_field(batch.column("provenance"), "fetched_at"),
        "bands": _fixed(signed.bands),
        "bitmap": _fixed(signed.bitmaps),
        "anchors": pa.ListArray.from_arrays(pa.array(offsets), pa.array(signed.anchors, pa.uint32())),
        "empty": pa.array(signed.empty),
    }
    return pa.RecordBatch.from_arrays([columns[name] for name in TRAITS_SCHEMA.names], schema=TRAITS_SCHEMA)


def _fixed(rows: npt.NDArray[Any]) -> pa.Array:
    """The rows of a matrix as one binary value each."""
    width = rows.shape[1] * rows.itemsize
    return pa.Array.from_buffers(pa.binary(width), len(rows), [None, pa.py_buffer(np.ascontiguousarray(rows))])


def _matrix(column: pa.Array, kind: Any) -> npt.NDArray[Any]:
    """The opposite of ``_fixed``."""
    width = column.type.byte_width
    data = np.frombuffer(column.buffers()[1], np.uint8)[column.offset * width : (column.offset + len(column)) * width]
    matrix: npt.NDArray[Any] = data.view(kind).reshape(len(column), -1)
    return matrix


@dataclass(frozen=True)
class _Bitmaps:
    """The bitmaps in a spool of traits, fetched when they are asked for."""

    traits: Spool

    def __len__(self) -> int:
        return self.traits.rows

    def __getitem__(self, rows: Indices) -> npt.NDArray[np.uint8]:
        column = self.traits.take(rows, ["bitmap"]).column("bitmap")
        return _matrix(column.combine_chunks(), np.uint8)


@dataclass(frozen=True)
class SpooledSignatures:
    """The signatures in a spool of traits; what is asked for is read, and no more is kept."""

    traits: Spool

    @property
    def empty(self) -> npt.NDArray[np.bool_]:
        empty: npt.NDArray[np.bool_] = self.traits.column("empty").to_numpy()
        return empty

    def bands(self, band: int) -> Keys:
        # Copied, for a view would keep the whole batch in memory.
        columns = [_matrix(batch.column("bands"), np.uint32)[:, band].copy() for batch in self.traits.read()]
        return np.concatenate(columns)

    def anchors(self, part: int, parts: int) -> tuple[Keys, Indices]:
        keys, rows = [np.empty(0, np.uint32)], [np.empty(0, np.int64)]
        for start, batch in zip(self.traits.batch_starts.tolist(), self.traits.read(), strict=False):
            anchors = batch.column("anchors")
            owners = pc.list_parent_indices(anchors).to_numpy().astype(np.int64) + start
            found = anchors_of_part(anchors.flatten().to_numpy(), owners, part, parts)
            keys.append(found[0])
            rows.append(found[1])
        return np.concatenate(keys), np.concatenate(rows)

    @property
    def bitmaps(self) -> BitmapRows:
        if self.traits.rows * _BITMAP_BYTES > _HELD_BYTES:
            return _Bitmaps(self.traits)
        held = np.empty((self.traits.rows, _BITMAP_BYTES), np.uint8)
        for start, batch in zip(self.traits.batch_starts.tolist(), self.traits.read(), strict=False):
            held[start : start + batch.num_rows] = _matrix(batch.column("bitmap"), np.uint8)
        return held
