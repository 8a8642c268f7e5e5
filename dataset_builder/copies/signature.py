"""What is kept of a text once its shingles are known: enough to find its copies and to measure how alike they are.

Three things of fixed or small size stand for a body, about 750 bytes for one of 4 kB:

- **bands** of its MinHash signature (Broder 1997; rensa computes it). Two texts of similarity s share one of ``BANDS``
  bands of ``ROWS`` values with probability 1 - (1 - s^ROWS)^BANDS: 0.998 at 0.8, 0.28 at 0.5, 3e-7 at 0.05;
- **anchors**, runs of four words whose hash says so, whatever text they stand in (Manber 1994): a reprint of a third
  of an article has similarity 0.33 with it, and yet all of the reprint's anchors are in the article. Four words,
  because pairs such as "of the" would be anchors of everything;
- a **bitmap** of all its shingles, by which the number of shingles in a text, and in two texts together, is estimated
  (linear counting; Whang, Vander-Zanden and Taylor 1990). For 650 shingles in 4096 bits the standard error of a
  similarity of 0.8 is 0.02, half of what the signature itself would give in the same space.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataset_builder.copies.shingles import (
    PAIR_FACTOR,
    Shingles,
    Words64,
    byte_parts,
    mixed,
    shingle_bytes,
    word_parts,
)
from dataset_builder.spelling import Bytes

Keys = npt.NDArray[np.uint32]

BANDS = 21
ROWS = 6

#: Bits of a bitmap; a power of two.
BITMAP_BITS = 4096

#: One run of four words in this many is an anchor; a power of two.
ANCHOR_SPACING = 16

#: A text of more bytes is looked at in parts of so many, for its shingles would take fifteen times its memory.
LONG_BYTES = 1 << 20

#: The seed of rensa's permutations; part of what a signature means.
SEED = 20241023

#: Odd, so that both pairs of a run matter to every bit (SplitMix64's second constant).
_RUN_FACTOR = 0x94D049BB133111EB


@dataclass(frozen=True)
class Signatures:
    """The signatures of a batch of texts, one row each. Small, and free to travel between processes.

    Attributes:
        bands: (rows, ``BANDS``) hashes of the signature's bands.
        bitmaps: (rows, ``BITMAP_BITS`` / 8) bytes.
        anchors: hashes of the anchors, row by row, each once in a row.
        anchor_counts: how many anchors each row has.
        empty: which rows have no shingle at all; they are nobody's copy.
    """

    bands: Keys
    bitmaps: npt.NDArray[np.uint8]
    anchors: Keys
    anchor_counts: npt.NDArray[np.int32]
    empty: npt.NDArray[np.bool_]


def signatures(texts: pa.Array) -> Signatures:
    """The signatures of ``texts`` (strings; null counts as empty); those of a text do not depend on the others."""
    store = SignatureStore()
    for data, offsets in byte_parts(texts):
        store.add(_of_long(data) if len(data) > LONG_BYTES and len(offsets) == 2 else _of(shingle_bytes(data, offsets)))
    return store.joined()


def _of(shingles: Shingles) -> Signatures:
    anchors, anchor_counts = _anchors(shingles)
    empty = np.diff(shingles.offsets) == 0
    return Signatures(_bands(_minima(shingles)), _bitmaps(shingles), anchors, anchor_counts, empty)


def _of_long(data: Bytes) -> Signatures:
    """The signature of one text, the same as :func:`_of` gives, in memory that does not grow with it."""
    minima, bitmap = np.full((1, BANDS * ROWS), np.iinfo(np.uint64).max), np.zeros((1, BITMAP_BITS // 8), np.uint8)
    anchors: list[Keys] = []
    for hashes, before in _long_shingles(data, LONG_BYTES):
        part = Shingles(hashes, np.array([0, len(hashes)]))
        minima = np.minimum(minima, _minima(part))
        bitmap |= _bitmaps(part)
        joined = np.concatenate((before, hashes))
        anchors.append(_anchors(Shingles(joined, np.array([0, len(joined)])))[0])
    if not anchors:
        return _of(Shingles(np.empty(0, np.uint64), np.zeros(2, np.int64)))
    kept = np.unique(np.concatenate(anchors))
    return Signatures(_bands(minima), bitmap, kept, np.array([len(kept)], np.int32), np.zeros(1, bool))


def _long_shingles(data: Bytes, part_bytes: int) -> Iterator[tuple[Words64, Words64]]:
    """The shingles of one text part by part, and with each the two before it, with which its first make runs."""
    last_word, before, alone = np.empty(0, np.uint64), np.empty(0, np.uint64), True
    for part in word_parts(data, part_bytes):
        words = np.concatenate((last_word, part))
        if len(words) > 1:
            hashes = mixed(words[:-1] * PAIR_FACTOR + words[1:])
            yield hashes, before
            before, alone = np.concatenate((before, hashes))[-2:], False
        last_word = words[-1:]
    if alone and len(last_word):
        yield mixed(last_word.copy()), before


class SignatureStore:
    """Signatures batch after batch, in memory that grows in place: there is never a second copy of all of them."""

    def __init__(self) -> None:
        self._columns = {field.name: bytearray() for field in fields(Signatures)}

    def add(self, part: Signatures) -> None:
        """Append the signatures of some texts."""
        for name, column in self._columns.items():
            rows: npt.NDArray[np.generic] = getattr(part, name)
            column += np.ascontiguousarray(rows).reshape(-1).view(np.uint8).data

    def joined(self) -> Signatures:
        """All of them, in the order in which they came; nothing is copied, and nothing may be added from then on."""
        columns = self._columns
        return Signatures(
            bands=np.frombuffer(columns["bands"], np.uint32).reshape(-1, BANDS),
            bitmaps=np.frombuffer(columns["bitmaps"], np.uint8).reshape(-1, BITMAP_BITS // 8),
            anchors=np.frombuffer(columns["anchors"], np.uint32),
            anchor_counts=np.frombuffer(columns["anchor_counts"], np.int32),
            empty=np.frombuffer(columns["empty"], np.bool_),
        )


def _minima(shingles: Shingles) -> Words64:
    """The MinHash signature: (texts, ``BANDS`` * ``ROWS``)."""
    from rensa import RMinHash

    count = len(shingles.offsets) - 1
    offsets = shingles.offsets.astype(np.uint64)
    digests = RMinHash.digest_matrix_from_flat_token_hashes(shingles.hashes, offsets, BANDS * ROWS, SEED)
    return np.array([array("L", row) for row in digests.to_rows()], np.uint64).reshape(count, BANDS * ROWS)


def _bands(minima: Words64) -> Keys:
    """The signature folded to one hash a band."""
    return _upper(minima.reshape(-1, BANDS, ROWS) @ _band_factors())


@cache
def _band_factors() -> Words64:
    """One odd factor for each row of a band."""
    return np.random.Generator(np.random.PCG64(SEED)).integers(0, 2**64, ROWS, np.uint64) | np.uint64(1)


def _upper(hashes: Words64) -> Keys:
    """The upper half: two of a million keys meet by chance for one key in four thousand, and are measured in vain."""
    return (hashes >> np.uint64(32)).astype(np.uint32)


def _bitmaps(shingles: Shingles) -> npt.NDArray[np.uint8]:
    """One bit for every value of a shingle's upper bits."""
    count = len(shingles.offsets) - 1
    places = (shingles.hashes >> np.uint64(64 - (BITMAP_BITS - 1).bit_length())).astype(np.int64)
    places += np.repeat(np.arange(0, count * BITMAP_BITS, BITMAP_BITS), np.diff(shingles.offsets))
    bits = np.zeros(count * BITMAP_BITS, np.bool_)
    bits[places] = True
    return np.packbits(bits).reshape(-1, BITMAP_BITS // 8)


def _anchors(shingles: Shingles) -> tuple[Keys, npt.NDArray[np.int32]]:
    """The runs of four words (a pair, and the next but one) whose hash ends in zeros, each once a row, by row."""
    hashes, offsets = shingles.hashes, shingles.offsets
    runs = hashes[:-2] * np.uint64(_RUN_FACTOR)
    runs += hashes[2:]
    runs ^= runs >> np.uint64(32)
    chosen = np.flatnonzero((runs & np.uint64(ANCHOR_SPACING - 1)) == 0)
    owners = np.searchsorted(offsets, chosen, side="right") - 1
    within = chosen + 2 < offsets[owners + 1]
    places = (owners[within].astype(np.uint64) << np.uint64(32)) | _upper(runs[chosen[within]])
    places.sort()
    places = places[np.diff(places, prepend=~places[:1]) != 0]
    rows = (places >> np.uint64(32)).astype(np.int64)
    return places.astype(np.uint32), np.bincount(rows, minlength=len(offsets) - 1).astype(np.int32)
