"""Texts as sets of hashed word pairs, a whole batch at once, without a Python loop over words.

Pairs, because longer shingles tell edited copies apart that a reader calls the same (of three words, one changed word
in nine halves the similarity), and single words meet by chance. A text of one word has that word for a shingle.
Words are those of :mod:`dataset_builder.spelling`: caseless, without accents and what cannot be seen. A character of a
script that is written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) is a word of its own, and a run of
more than ``LONGEST_WORD`` bytes counts as several words.
Everything works on the UTF-8 bytes of the batch: few passes of numpy over the bytes, the others over the words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.spelling import Bytes, Indices, folded, whole_characters

Words64 = npt.NDArray[np.uint64]

#: Bytes of a word that are hashed as one number.
_LANE = 8

#: Bytes of a word, four lanes; what is longer is cut, from its begin.
LONGEST_WORD = 4 * _LANE

#: Bytes hashed at once: enough that the passes outweigh the calls, few enough that most arrays stay in a cache.
_CHUNK_BYTES = 1 << 18

#: Odd, so that no bit of what they multiply is lost (SplitMix64's constants and their like; Steele, Lea and Flood,
#: OOPSLA 2014). One for each lane of a word, the last for the first word of a pair.
_LANE_FACTORS = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93)
PAIR_FACTOR = np.uint64(0xC2B2AE3D27D4EB4F)


@dataclass(frozen=True)
class Shingles:
    """The shingles of some texts.

    Attributes:
        hashes: one 64-bit hash a shingle, text by text, in the order of the text; repeated ones stay.
        offsets: text ``n`` has ``hashes[offsets[n]:offsets[n + 1]]``.
    """

    hashes: Words64
    offsets: Indices


def shingle(texts: pa.Array) -> Shingles:
    """The shingles of ``texts`` (strings; null counts as empty)."""
    hashes, counts = [np.empty(0, np.uint64)], [np.zeros(1, np.int64)]
    for part in shingle_parts(texts):
        hashes.append(part.hashes)
        counts.append(np.diff(part.offsets))
    return Shingles(np.concatenate(hashes), np.cumsum(np.concatenate(counts)))


def shingle_parts(texts: pa.Array) -> Iterator[Shingles]:
    """The shingles of ``texts`` (strings; null counts as empty), some texts at a time, in order."""
    for data, offsets in byte_parts(texts):
        yield shingle_bytes(data, offsets)


def byte_parts(texts: pa.Array) -> Iterator[tuple[Bytes, Indices]]:
    """The UTF-8 of ``texts`` (strings; null counts as empty), some at a time; a long one by itself.

    Yields:
        Bytes, of which text ``n`` has ``[offsets[n]:offsets[n + 1]]``, and the offsets.
    """
    texts = pc.fill_null(texts.cast(pa.large_string()), "")
    _, offset_buffer, data_buffer = texts.buffers()
    offsets = np.frombuffer(offset_buffer or b"", np.int64)[texts.offset : texts.offset + len(texts) + 1]
    data = np.frombuffer(data_buffer or b"", np.uint8)
    first = 0
    while first < len(texts):
        last = int(np.searchsorted(offsets, offsets[first] + _CHUNK_BYTES, side="right")) - 1
        last = min(max(last, first + 1), len(texts))
        yield data[offsets[first] : offsets[last]], offsets[first : last + 1] - offsets[first]
        first = last


def word_parts(data: Bytes, part_bytes: int) -> Iterator[Words64]:
    """The hashes of the words of one text, some ``part_bytes`` of it at a time: the same as of the whole at once.

    A part ends behind a separator, and where it has none it is one run from its begin, which is cut where a long run
    is. What stands behind the end is left to the next part.
    """
    start, rest = 0, np.empty(0, np.uint8)
    while start < len(data):
        length = whole_characters(data[start:], part_bytes)
        part, _ = folded(data[start : start + length], np.array([0, length]))
        start += length
        part = np.concatenate((rest, part))
        end = len(part) if start == len(data) else _last_border(part)
        part, rest = part[:end], part[end:]
        plain = _with_lane(part)
        yield _word_hashes(plain, *_word_places(plain, np.array([0, len(part)])))


def _last_border(part: Bytes) -> int:
    """Where to cut a part that others follow."""
    separators = np.flatnonzero(part == 0)
    return int(separators[-1]) + 1 if len(separators) else len(part) // LONGEST_WORD * LONGEST_WORD


def _with_lane(data: Bytes) -> Bytes:
    """The bytes and a lane of zeros, so that the last word can be read as the others are."""
    return np.concatenate((data, np.zeros(_LANE, np.uint8)))


def shingle_bytes(data: Bytes, offsets: Indices) -> Shingles:
    """The shingles of the texts ``data[offsets[n]:offsets[n + 1]]``."""
    data, offsets = folded(data, offsets)
    plain = _with_lane(data)
    starts, gaps = _word_places(plain, offsets)
    words = _word_hashes(plain, starts, gaps)
    borders = np.searchsorted(starts, offsets)
    words_of = np.diff(borders)
    pairs = words * PAIR_FACTOR
    pairs[:-1] += words[1:]
    last, single = borders[1:][words_of > 0] - 1, words_of[words_of > 0] == 1
    pairs[last] = words[last]
    counts = np.maximum(words_of - 1, np.minimum(words_of, 1))
    return Shingles(mixed(np.delete(pairs, last[~single])), np.concatenate((np.zeros(1, np.int64), np.cumsum(counts))))


def _word_places(plain: Bytes, offsets: Indices) -> tuple[Indices, Indices]:
    """The bytes at which a word begins, and how far it is from each to the next: the word, and zeros after it.

    A word begins after a separator, with a text, and where a long one is cut.
    """
    letter = plain != 0
    begins = letter.copy()
    begins[1:] &= ~letter[:-1]
    begins[offsets[:-1]] = letter[offsets[:-1]]
    starts = np.flatnonzero(begins)
    gaps = np.diff(starts, append=len(plain) - _LANE)
    wide = np.flatnonzero(gaps > LONGEST_WORD)
    if not len(wide):
        return starts, gaps
    cuts = [np.arange(starts[n] + LONGEST_WORD, starts[n] + gaps[n], LONGEST_WORD) for n in wide]
    inside = np.concatenate(cuts)
    starts = np.sort(np.concatenate((starts, inside[letter[inside]])))
    return starts, np.diff(starts, append=len(plain) - _LANE)


def _word_hashes(plain: Bytes, starts: Indices, gaps: Indices) -> Words64:
    """A hash of the bytes of each word, up to ``LONGEST_WORD``: a sum of its lanes, each times a factor of its own."""
    # Copied once, as numpy would for every look-up in lanes that overlap.
    lanes = np.ndarray((len(plain) - _LANE + 1,), "<u8", plain, strides=(1,)).copy()
    words: Words64 = lanes[starts]
    words &= _lane_masks()[np.minimum(gaps, _LANE)]
    words *= np.uint64(_LANE_FACTORS[0])
    words ^= words >> np.uint64(29)
    longer = np.flatnonzero(gaps > _LANE)
    starts, gaps = starts[longer], gaps[longer]
    for factor in _LANE_FACTORS[1:]:
        starts, gaps = starts + _LANE, gaps - _LANE
        words[longer] += (lanes[starts] & _lane_masks()[np.minimum(gaps, _LANE)]) * np.uint64(factor)
        wider = gaps > _LANE
        longer, starts, gaps = longer[wider], starts[wider], gaps[wider]
    return words


@cache
def _lane_masks() -> Words64:
    """n -> the mask of the first n bytes of a lane; little-endian, as lanes are read."""
    return np.array([(1 << (8 * count)) - 1 for count in range(_LANE + 1)], np.uint64)


def mixed(hashes: Words64) -> Words64:
    """Spread every bit over the word (the finaliser of SplitMix64; Steele, Lea and Flood, OOPSLA 2014)."""
    hashes ^= hashes >> np.uint64(30)
    hashes *= np.uint64(0xBF58476D1CE4E5B9)
    hashes ^= hashes >> np.uint64(27)
    hashes *= np.uint64(0x94D049BB133111EB)
    hashes ^= hashes >> np.uint64(31)
    return hashes
