"""Texts as numbers: one a word and one a run of words, so that whole blocks of text are compared at numpy's speed.

A word is a run of letters and digits as :mod:`dataset_builder.spelling` folds them; what stands between words makes no
difference. In scripts without blanks some letters together make a word, as many as words there have on average: the
letters themselves say where one ends, so that a passage falls into the same words wherever it stands. Every run of
eight words holds a run of six that begins at a multiple of three, so a text is held against a filter at every third
word only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.spelling import Bytes, folded, unspaced_masks

#: Length of a run that counts as a leak (principle 7 of docs/explanation/rights.md).
RUN = 8
#: One place in so many is looked at, for a shorter run that every run of eight holds.
STEP = 3
SHORT = RUN - STEP + 1

Numbers = np.ndarray[Any, np.dtype[np.uint64]]
Places = np.ndarray[Any, np.dtype[np.int64]]
_Flags = np.ndarray[Any, np.dtype[np.bool_]]

# Odd, so that multiplying by them loses nothing modulo 2^64; otherwise arbitrary (golden ratio, pi, SplitMix64).
_LONG = np.uint64(0x9E3779B97F4A7C15)
_NEXT = np.uint64(0xC90FDAA22168C235)
_SPREAD = np.uint64(0xBF58476D1CE4E5B9)

#: Letters of a word that are read at once.
_WIDTH = 8
#: For a word of so many letters, the bits of its first eight that are its own.
_OWN_BITS = np.array([(1 << (8 * letters)) - 1 for letters in range(_WIDTH + 1)], dtype=np.uint64)

#: The first byte of the letters of scripts without blanks is no less (U+0E00; The Unicode Standard 16.0, table 3-6).
_UNSPACED_LEAD = 0xE0
#: Powers of an odd number, by which the letters of a word of such a script are told apart by their places.
_PLACES = np.cumprod(np.full(64, _NEXT))

#: Bytes of text that are looked at together: what is made of them stays in the processor's cache.
_BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some texts.

    Attributes:
        numbers: one a word; equal words have equal numbers.
        firsts: for each text the index of its first word, and at the end the number of words.
    """

    numbers: Numbers
    firsts: Places

    def runs(self) -> Numbers:
        """The number of every run of eight words that lies within one text."""
        starts = np.arange(max(0, len(self.numbers) - RUN + 1))
        return _chained(self.numbers, RUN, 1)[self._within(starts)]

    def shorts(self) -> Numbers:
        """The number of every run of six words, those that reach from one text into the next included."""
        return _chained(self.numbers, SHORT, 1)

    def sampled(self) -> Numbers:
        """The number of every third run of six words: the one at index ``i`` begins at the word ``STEP * i``."""
        return _chained(self.numbers, SHORT, STEP)

    def runs_around(self, sampled: Places) -> Numbers:
        """The runs of eight that hold one of these sampled runs, as far as they lie within one text."""
        starts = np.unique(sampled[:, None] * STEP - np.arange(STEP))
        starts = starts[(starts >= 0) & (starts <= len(self.numbers) - RUN)]
        starts = starts[self._within(starts)]
        return _chained(self.numbers[starts[:, None] + np.arange(RUN)].ravel(), RUN, RUN)

    def _within(self, starts: Places) -> _Flags:
        """Whether the run of eight that begins at each of these words ends in the same text."""
        first, last = (np.searchsorted(self.firsts, starts + offset, side="right") for offset in (0, RUN - 1))
        inside: _Flags = first == last
        return inside


def words_of(texts: pa.Array) -> Words:
    """The words of an array of texts (string or large_string, without nulls)."""
    try:
        data, offsets = folded(*_joined(texts))
    except UnicodeDecodeError:  # not UTF-8, whatever the file's schema says
        content = texts.cast(pa.large_binary()).to_pylist()
        data, offsets = folded(*_joined(pa.array([text.decode("utf-8", "replace") for text in content], pa.string())))
    letters = np.zeros(len(data) + _WIDTH, dtype=np.uint8)  # room to read eight bytes at the last word
    letters[: len(data)] = data
    inside = np.zeros(len(letters) + 1, dtype=np.bool_)
    inside[1:] = letters != 0
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    starts, ends = edges[::2], edges[1::2]
    words = Words(_word_numbers(letters, starts, ends - starts), np.searchsorted(starts, offsets))
    unspaced = np.flatnonzero(letters[starts] >= _UNSPACED_LEAD)
    if len(unspaced) == 0:
        return words
    masks = np.zeros(len(starts), np.uint64)
    masks[unspaced] = unspaced_masks(letters, starts[unspaced], ends[unspaced])
    return _gathered(words, masks)


def blocks(texts: pa.Array) -> Iterator[tuple[int, pa.Array]]:
    """``texts`` in slices of about 256 KiB, and the index at which each of them begins; nulls must be gone."""
    if len(texts) == 0:
        return
    ends = np.cumsum(pc.binary_length(texts).to_numpy(zero_copy_only=False).astype(np.int64))
    first = 0
    while first < len(texts):
        before = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + _BLOCK, side="right")))
        yield first, texts.slice(first, last - first)
        first = last


def _joined(texts: pa.Array) -> tuple[Bytes, Places]:
    """The bytes of all texts, a line break between them, and where each begins."""
    if len(texts) == 0:
        return np.empty(0, np.uint8), np.zeros(1, np.int64)
    lengths = pc.binary_length(texts).to_numpy(zero_copy_only=False).astype(np.int64)
    offsets = np.concatenate(([0], np.cumsum(lengths + 1)))
    offsets[-1] -= 1  # no line break behind the last
    joined = pc.binary_join(pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts), "\n")
    return np.frombuffer(joined[0].as_buffer(), dtype=np.uint8), offsets


def _gathered(words: Words, masks: Numbers) -> Words:
    """Letters of scripts without blanks put together to words.

    Args:
        masks: one a word; 0 for a word of another script. After a letter its word ends if the bits of its mask are zero
            in a hash of it and of the next, and where its script or its text ends.
    """
    pairs = (words.numbers[:-1] * _NEXT + words.numbers[1:]) * _SPREAD
    ends = np.ones(len(masks), np.bool_)
    ends[:-1] = ((pairs >> np.uint64(32)) & masks[:-1] == 0) | (masks[1:] == 0)
    ends[words.firsts[1:][words.firsts[1:] > 0] - 1] = True
    begins = np.concatenate(([0], np.flatnonzero(ends)[:-1] + 1))
    places = np.arange(len(masks)) - np.repeat(begins, np.diff(begins, append=len(masks)))
    numbers = np.add.reduceat(words.numbers * _PLACES.take(places, mode="clip"), begins)
    numbers ^= numbers >> np.uint64(32)
    numbers *= _SPREAD
    return Words(numbers, np.searchsorted(begins, words.firsts))


def _word_numbers(letters: Bytes, starts: Places, lengths: Places) -> Numbers:
    """One number a word: of its first eight letters, its last eight and its length."""
    eights: Numbers = np.ndarray(len(letters) - _WIDTH + 1, np.uint64, letters, 0, (1,))
    numbers: Numbers = eights.take(starts)
    numbers &= _OWN_BITS.take(lengths, mode="clip")
    long = np.flatnonzero(lengths > _WIDTH)
    numbers[long] ^= eights.take(starts[long] + lengths[long] - _WIDTH) * _LONG
    numbers += lengths.astype(np.uint64)
    numbers *= _SPREAD
    numbers ^= numbers >> np.uint64(29)
    return numbers


def _chained(words: Numbers, length: int, step: int) -> Numbers:
    """The numbers of the runs of ``length`` words that begin at every ``step``-th word (Horner's rule, then mixed)."""
    count = len(words) - length + 1
    if count <= 0:
        return np.empty(0, np.uint64)
    chained = words[:count:step].copy()
    for offset in range(1, length):
        chained *= _NEXT
        chained += words[offset : count + offset : step]
    chained ^= chained >> np.uint64(32)
    chained *= _SPREAD
    chained ^= chained >> np.uint64(29)
    return chained
