"""Texts as sets of hashed word pairs, a whole batch at once, without a Python loop over words.

Pairs, because longer shingles tell edited copies apart that a reader calls the same (of three words, one changed word
in nine halves the similarity), and single words meet by chance. A text of one word has that word for a shingle.
Words are runs of letters and digits, compared without ASCII case; punctuation, straight or curly, and blanks of any
kind only separate. A character of a script that is written without spaces (Chinese, Japanese, Thai, Lao, Khmer,
Burmese) is a word of its own. Everything works on the UTF-8 bytes of the batch: the cost is a few passes of numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Bytes = npt.NDArray[np.uint8]
Words64 = npt.NDArray[np.uint64]
Indices = npt.NDArray[np.int64]

#: Bytes hashed at once: enough that the passes outweigh the calls, few enough that their arrays stay in a cache.
_CHUNK_BYTES = 1 << 17

#: Odd, so that it has an inverse modulo 2**64 (Knuth, The Art of Computer Programming 2, 4.3.2, exercise 28).
_BASE = 0x9E3779B97F4A7C15


@dataclass(frozen=True)
class Shingles:
    """The shingles of a batch of texts.

    Attributes:
        hashes: one 64-bit hash a shingle, text by text, in the order of the text; repeated ones stay.
        offsets: text ``n`` has ``hashes[offsets[n]:offsets[n + 1]]``.
    """

    hashes: Words64
    offsets: Indices


def shingle(texts: pa.Array) -> Shingles:
    """The shingles of ``texts`` (strings; null counts as empty)."""
    if len(texts) == 0:
        return Shingles(np.empty(0, np.uint64), np.zeros(1, np.int64))
    texts = pc.fill_null(texts.cast(pa.large_string()), "")
    _, offset_buffer, data_buffer = texts.buffers()
    offsets = np.frombuffer(offset_buffer, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    data = np.frombuffer(data_buffer or b"", np.uint8)
    hashes, counts = [], []
    first = 0
    while first < len(texts):
        last = int(np.searchsorted(offsets, offsets[first] + _CHUNK_BYTES, side="right")) - 1
        last = min(max(last, first + 1), len(texts))
        found, count = _shingle_bytes(data[offsets[first] : offsets[last]], offsets[first : last + 1] - offsets[first])
        hashes.append(found)
        counts.append(count)
        first = last
    return Shingles(np.concatenate(hashes), np.concatenate((np.zeros(1, np.int64), np.cumsum(np.concatenate(counts)))))


def _shingle_bytes(data: Bytes, offsets: Indices) -> tuple[Words64, Indices]:
    """The hashes of the texts ``data[offsets[n]:offsets[n + 1]]``, and how many each text has."""
    plain, alone = _separated(data)
    starts = _word_starts(plain, alone, offsets)
    words = _word_hashes(plain, starts)
    words_of = np.diff(np.searchsorted(starts, offsets))
    pairs = words * np.uint64(_BASE)
    pairs[:-1] += words[1:]
    last = np.cumsum(words_of)[words_of > 0] - 1
    single = words_of[words_of > 0] == 1
    pairs[last] = words[last]
    keep = np.ones(len(words), bool)
    keep[last[~single]] = False
    return _mixed(pairs[keep]), np.maximum(words_of - 1, np.minimum(words_of, 1))


def _separated(data: Bytes) -> tuple[Bytes, Indices]:
    """The bytes in lower case with 0 for all that separates words, and where characters begin that are words alone.

    Of the longer UTF-8 sequences (The Unicode Standard 16.0, table 3-6) these separate: U+0080 to U+00BF (Latin-1
    punctuation), U+2000 to U+206F (general punctuation, blanks, joiners, bidi marks), U+3000 to U+303F (CJK marks).
    """
    plain = np.frombuffer(bytearray(data.tobytes().translate(_folded_bytes())), np.uint8)
    if len(data) == 0 or int(data.max()) < 0x80:
        return plain, np.empty(0, np.int64)
    second, third = np.append(data[1:], 0), np.append(data[2:], (0, 0))
    for places, width in (
        (np.flatnonzero(data == 0xC2), 2),
        (np.flatnonzero((data == 0xE2) & ((second == 0x80) | ((second == 0x81) & (third <= 0xAF)))), 3),
        (np.flatnonzero((data == 0xE3) & (second == 0x80)), 3),
    ):
        for step in range(width):
            plain[places + step] = 0
    alone = (plain >= 0xE3) & (plain <= 0xE9)  # kana and CJK ideographs
    alone |= (data == 0xE0) & (second >= 0xB8) & (second <= 0xBB)  # Thai and Lao
    alone |= (data == 0xE1) & (
        ((second >= 0x80) & (second <= 0x82)) | (second == 0x9E) | (second == 0x9F)
    )  # Burmese, Khmer
    return plain, np.flatnonzero(alone)


@cache
def _folded_bytes() -> bytes:
    """Byte -> the same in lower case, or 0: ASCII letters and digits and all of longer UTF-8 sequences are kept."""
    return bytes(byte if byte >= 0x80 else ord(chr(byte).lower()) * chr(byte).isalnum() for byte in range(256))


def _word_starts(plain: Bytes, alone: Indices, offsets: Indices) -> Indices:
    """The bytes at which a word begins: after a separator, at a text's begin, and on both sides of a word alone."""
    letter = plain != 0
    begins = letter.copy()
    begins[1:] &= ~letter[:-1]
    for borders in (offsets[:-1], alone, alone + 3):
        borders = borders[borders < len(plain)]
        begins[borders] = letter[borders]
    return np.flatnonzero(begins)


def _word_hashes(plain: Bytes, starts: Indices) -> Words64:
    """A polynomial of each word's bytes modulo 2**64, whatever its place: prefix sums over the chunk, shifted back."""
    if not len(starts):
        return np.empty(0, np.uint64)
    powers, inverses = (_powers(base, _table_length(len(plain))) for base in (_BASE, _inverse()))
    values = plain.astype(np.uint64)
    values *= powers[: len(plain)]
    np.cumsum(values, out=values)
    words: Words64 = values[np.append(starts[1:], len(plain)) - 1]
    words[1:] -= words[:-1].copy()
    words *= inverses[starts]
    return words


def _table_length(length: int) -> int:
    """The length of the power tables for a chunk: one size for all but texts longer than a chunk."""
    return max(_CHUNK_BYTES, 1 << (length - 1).bit_length()) if length else _CHUNK_BYTES


@lru_cache(maxsize=4)
def _powers(base: int, length: int) -> Words64:
    """1, base, base², … modulo 2**64."""
    factors = np.full(length, base, np.uint64)
    factors[0] = 1
    return np.cumprod(factors, dtype=np.uint64)


def _inverse() -> int:
    return pow(_BASE, -1, 1 << 64)


def _mixed(hashes: Words64) -> Words64:
    """Spread every bit over the word (the finaliser of SplitMix64; Steele, Lea and Flood, OOPSLA 2014)."""
    hashes ^= hashes >> np.uint64(30)
    hashes *= np.uint64(0xBF58476D1CE4E5B9)
    hashes ^= hashes >> np.uint64(27)
    hashes *= np.uint64(0x94D049BB133111EB)
    hashes ^= hashes >> np.uint64(31)
    return hashes


def as_strings(column: Any) -> pa.Array:
    """A column as one string array, whether it came chunked or not."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
