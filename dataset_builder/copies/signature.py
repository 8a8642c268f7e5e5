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

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dataset_builder.copies.shingles import Shingles, Words64

Keys = npt.NDArray[np.uint32]

BANDS = 21
ROWS = 6

#: Bits of a bitmap; a power of two.
BITMAP_BITS = 4096

#: One run of four words in this many is an anchor; a power of two.
ANCHOR_SPACING = 16

#: The seed of rensa's permutations; part of what a signature means.
SEED = 20241023

#: Odd, so that both pairs of a run matter to every bit (SplitMix64's second constant).
_RUN_FACTOR = 0x94D049BB133111EB

#: Texts whose bitmaps are built at once: one byte a bit while they are.
_BITMAP_ROWS = 256


@dataclass(frozen=True)
class Signatures:
    """The signatures of a batch of texts, one row each.

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


def signatures(shingles: Shingles) -> Signatures:
    """The signatures of the texts whose ``shingles`` these are."""
    anchors, anchor_counts = _anchors(shingles)
    empty = np.diff(shingles.offsets) == 0
    return Signatures(_bands(shingles), _bitmaps(shingles), anchors, anchor_counts, empty)


def _bands(shingles: Shingles) -> Keys:
    """The MinHash signature, folded to one hash a band."""
    from rensa import RMinHash

    count = len(shingles.offsets) - 1
    if not count:
        return np.empty((0, BANDS), np.uint32)
    offsets = shingles.offsets.astype(np.uint64)
    digests = RMinHash.digest_matrix_from_flat_token_hashes(shingles.hashes, offsets, BANDS * ROWS, SEED)
    values = np.array(digests.to_rows(), np.uint64).reshape(count, BANDS, ROWS)
    factors = np.random.Generator(np.random.PCG64(SEED)).integers(0, 2**64, ROWS, np.uint64) | np.uint64(1)
    return _upper((values * factors).sum(axis=2, dtype=np.uint64))


def _upper(hashes: Words64) -> Keys:
    """The upper half: two of a million keys meet by chance for one key in four thousand, and are measured in vain."""
    return (hashes >> np.uint64(32)).astype(np.uint32)


def _bitmaps(shingles: Shingles) -> npt.NDArray[np.uint8]:
    """One bit for every value of a shingle's upper bits."""
    count = len(shingles.offsets) - 1
    shift = np.uint64(64 - (BITMAP_BITS - 1).bit_length())
    packed = np.empty((count, BITMAP_BITS // 8), np.uint8)
    for first in range(0, count, _BITMAP_ROWS):
        offsets = shingles.offsets[first : first + _BITMAP_ROWS + 1]
        hashes = shingles.hashes[offsets[0] : offsets[-1]]
        rows = np.repeat(np.arange(len(offsets) - 1) * BITMAP_BITS, np.diff(offsets))
        bits = np.zeros((len(offsets) - 1) * BITMAP_BITS, np.uint8)
        bits[rows + (hashes >> shift).astype(np.int64)] = 1
        packed[first : first + len(offsets) - 1] = np.packbits(bits).reshape(-1, BITMAP_BITS // 8)
    return packed


def _anchors(shingles: Shingles) -> tuple[Keys, npt.NDArray[np.int32]]:
    """The runs of four words (a pair, and the next but one) whose hash ends in zeros, each once a row, by row."""
    hashes, counts = shingles.hashes, np.diff(shingles.offsets)
    runs = hashes[:-2] * np.uint64(_RUN_FACTOR) + hashes[2:]
    runs ^= runs >> np.uint64(32)
    chosen = np.flatnonzero((runs & np.uint64(ANCHOR_SPACING - 1)) == 0)
    owners = np.searchsorted(shingles.offsets, chosen, side="right") - 1
    within = chosen + 2 < shingles.offsets[owners + 1]
    places = np.unique((owners[within].astype(np.uint64) << np.uint64(32)) | _upper(runs[chosen[within]]))
    rows = (places >> np.uint64(32)).astype(np.int64)
    return places.astype(np.uint32), np.bincount(rows, minlength=len(counts)).astype(np.int32)
