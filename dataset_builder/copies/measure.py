"""How alike two texts are, by their bitmaps: similarity, containment, and how sure the numbers are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dataset_builder.copies.signature import BITMAP_BITS
from dataset_builder.spelling import Indices

Floats = npt.NDArray[np.float64]

#: Pairs measured at once; each takes the bytes of a bitmap twice.
_BLOCK = 1 << 15

#: Standard errors by which a measure may fall short of the threshold: 97.7 % of the pairs at the threshold are kept.
_STANDARD_ERRORS = 2.0

#: A measure less sure than this decides nothing. Reached by texts of some 150 kB, whose bitmaps are nearly full.
_LARGEST_ERROR = 0.1

#: A text is contained in another only if it has this share of its shingles: a page of briefs is no reprint of each.
SMALLEST_PART = 0.2

#: And only if it has so many: two sentences may be quoted without being a reprint.
SMALLEST_SHINGLES = 25


@dataclass(frozen=True)
class Measures:
    """What is measured of pairs, one value a pair.

    Attributes:
        similarity: shared shingles over all shingles of both (Jaccard 1901).
        containment: shared shingles over those of the shorter text; 0 where it is too short to be called a reprint.
        similarity_error: standard error of ``similarity``.
        containment_error: standard error of ``containment``.
    """

    similarity: Floats
    containment: Floats
    similarity_error: Floats
    containment_error: Floats

    def alike(self, threshold: float) -> npt.NDArray[np.bool_]:
        """Which pairs reach ``threshold`` in similarity or containment, within what the error allows."""
        return _reaches(self.similarity, self.similarity_error, threshold) | _reaches(
            self.containment, self.containment_error, threshold
        )

    def best(self) -> Floats:
        """The larger of both measures, three decimals, at most 1."""
        return np.round(np.clip(np.maximum(self.similarity, self.containment), 0, 1), 3)


def _reaches(values: Floats, errors: Floats, threshold: float) -> npt.NDArray[np.bool_]:
    return (errors <= _LARGEST_ERROR) & (values + _STANDARD_ERRORS * errors >= threshold)


class BitmapRows(Protocol):
    """Bitmaps by row number, ``BITMAP_BITS`` / 8 bytes a row: an array, or something that fetches them."""

    def __len__(self) -> int:
        """How many rows there are."""

    def __getitem__(self, rows: Indices, /) -> npt.NDArray[np.uint8]:
        """The bitmaps of the given rows."""


class Bitmaps:
    """The bitmaps of all texts, wherever they are, and the number of shingles that each stands for."""

    def __init__(self, rows: BitmapRows) -> None:
        self._rows = rows
        count = len(rows)
        blocks = (np.arange(first, min(first + _BLOCK, count)) for first in range(0, count, _BLOCK))
        self.counts = np.concatenate([np.empty(0), *(counted(_bits(self._words(block))) for block in blocks)])

    def _words(self, rows: Indices) -> npt.NDArray[np.uint64]:
        return np.ascontiguousarray(self._rows[rows]).view(np.uint64)

    def measure(self, left: Indices, right: Indices) -> Measures:
        """The measures of the pairs ``left[n], right[n]``."""
        together = np.concatenate(
            [np.empty(0, np.int64)]
            + [
                _bits(self._words(left[first : first + _BLOCK]) | self._words(right[first : first + _BLOCK]))
                for first in range(0, len(left), _BLOCK)
            ]
        )
        union = counted(together)
        one, other = self.counts[left], self.counts[right]
        smaller, larger = np.minimum(one, other), np.maximum(one, other)
        shared = np.clip(one + other - union, 0, smaller)
        error = _error(union)
        reprint = (smaller >= SMALLEST_PART * larger) & (smaller >= SMALLEST_SHINGLES)
        similarity = shared / union
        return Measures(
            similarity,
            np.where(reprint, shared / smaller, 0.0),
            error * (1 + similarity) / union,
            np.where(reprint, error / smaller, 0.0),
        )


def counted(bits: npt.NDArray[np.int64]) -> Floats:
    """How many different shingles set so many ``bits`` of a bitmap, at least one; a full one lacks one bit."""
    free = np.maximum(BITMAP_BITS - bits, 1)
    count: Floats = np.maximum(-BITMAP_BITS * np.log(free / BITMAP_BITS), 1.0)
    return count


def _error(count: Floats) -> Floats:
    """Standard error of a linear count (Whang, Vander-Zanden and Taylor 1990, theorem 4)."""
    load = count / BITMAP_BITS
    error: Floats = np.sqrt(BITMAP_BITS * np.maximum(np.exp(load) - load - 1, 0))
    return error


def _bits(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    bits: Indices = np.bitwise_count(words).sum(axis=1, dtype=np.int64)
    return bits
