"""Sets of numbers in bounded memory: what was put in is found, and hardly anything else."""

from __future__ import annotations

from typing import Any

import numpy as np

from dataset_builder.snapshot.leak_words import Numbers

#: Bits of a filter a number: fewer make it smaller and let more strangers pass.
_BITS_A_NUMBER = 16
#: Its least and greatest size, as powers of two of bits: 128 KiB and 256 MiB.
_LEAST_BITS = 20
_MOST_BITS = 31
#: Up to so many numbers (64 MiB) are kept as they are.
_MOST_EXACT = 1 << 23

_Flags = np.ndarray[Any, np.dtype[np.bool_]]


class Filter:
    """A Bloom filter (Bloom 1970, two probes).

    Args:
        expected: about how many numbers will be put in.
    """

    def __init__(self, expected: int) -> None:
        self._log = min(max(_LEAST_BITS, (expected * _BITS_A_NUMBER).bit_length()), _MOST_BITS)
        self._bits = np.zeros(1 << (self._log - 3), dtype=np.uint8)

    def add(self, numbers: Numbers) -> None:
        """Put numbers in."""
        for places in self._probes(numbers):
            np.bitwise_or.at(self._bits, places >> np.uint64(3), _bit(places))

    def held(self, numbers: Numbers) -> _Flags:
        """Which of the numbers may be in it."""
        one, other = self._probes(numbers)
        found: _Flags = (self._bits.take(one >> np.uint64(3)) & _bit(one)) != 0
        passed = np.flatnonzero(found)
        second = other[passed]
        found[passed] = (self._bits.take(second >> np.uint64(3)) & _bit(second)) != 0
        return found

    def _probes(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """Two places, from the upper and from the lower half of the number."""
        return numbers >> np.uint64(64 - self._log), numbers & np.uint64((1 << self._log) - 1)


class Known:
    """A plain set, until it grows too large; from then on everything may be in it."""

    def __init__(self) -> None:
        self._parts: list[Numbers] | None = []
        self._size = 0
        self._sorted: Numbers | None = None

    def add(self, numbers: Numbers) -> None:
        """Put numbers in."""
        self._sorted = None
        self._size += len(numbers)
        if self._size > _MOST_EXACT:
            self._parts = None
        if self._parts is not None:
            self._parts.append(numbers)

    def held(self, numbers: Numbers) -> _Flags:
        """Which of the numbers may be in it."""
        if self._parts is None:
            return np.ones(len(numbers), dtype=np.bool_)
        if self._sorted is None:
            self._sorted = np.sort(np.concatenate([np.empty(0, np.uint64), *self._parts]))
        return among(numbers, self._sorted)


def among(numbers: Numbers, known: Numbers) -> _Flags:
    """Which of the numbers are in ``known`` (sorted)."""
    if len(known) == 0:
        return np.zeros(len(numbers), dtype=np.bool_)
    places = np.searchsorted(known, numbers)
    places[places == len(known)] = 0
    found: _Flags = known[places] == numbers
    return found


def _bit(places: Numbers) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.left_shift(np.uint8(1), (places & np.uint64(7)).astype(np.uint8))
