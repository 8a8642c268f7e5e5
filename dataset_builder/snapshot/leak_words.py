"""Runs of eight words as numbers: the same words give the same number, whatever stands between them.

A word is a run of letters and digits, in small letters. Hashing is polynomial over bytes and then over words, modulo
2^64, with numpy over whole blocks, for it must keep up with decompression.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np

#: Length of a run that counts as a leak (principle 7 of docs/explanation/rights.md).
RUN = 8

#: Stands between two values, so that no run reaches from one into the next; it is a word that no text has.
BARRIER = "\n\x01\n"

Numbers = np.ndarray[Any, np.dtype[np.uint64]]
Places = np.ndarray[Any, np.dtype[np.int64]]

# Odd, so that they have an inverse modulo 2^64; otherwise arbitrary (digits of the golden ratio, and of pi).
_BASE = 0x9E3779B97F4A7C15
_WORD_BASE = 0xC90FDAA22168C235
_MASK = (1 << 64) - 1

_SPACE = 0x20
_TABLE = bytes(
    code if code >= 0x80 or code == 1 or chr(code).isalnum() else _SPACE for code in range(256)
)  # a letter beyond ASCII is a run of bytes above 0x7f
#: Punctuation and spaces beyond ASCII, as UTF-8 (Latin-1 signs, General Punctuation, the CJK comma and full stop, the
#: fullwidth comma, the byte order mark): they part words and belong to none.
_PARTING = re.compile(rb"\xc2[\x80-\xbf]|\xe2[\x80\x81][\x80-\xbf]|\xe3\x80[\x80-\x82]|\xef\xbc\x8c|\xef\xbb\xbf")


def run_numbers(text: str) -> tuple[Numbers, Places]:
    """The number of every run of eight words of ``text``, and the byte of the normalised text where the run begins."""
    data = text.lower().encode("utf-8", "replace").translate(_TABLE)
    if not data.isascii():
        data = _PARTING.sub(b" ", data)
    letters = np.frombuffer(b" " + data + b" ", dtype=np.uint8)
    inside = letters != _SPACE
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    if len(starts) < RUN:
        return np.empty(0, np.uint64), np.empty(0, np.int64)
    words = _word_numbers(letters, starts, ends)
    numbers = np.zeros(len(words) - RUN + 1, dtype=np.uint64)
    factor = 1
    for offset in range(RUN):
        factor = factor * _WORD_BASE & _MASK
        numbers += words[offset : len(words) - RUN + 1 + offset] * np.uint64(factor)
    return _mixed(numbers), starts[: len(numbers)].astype(np.int64)


def _word_numbers(letters: np.ndarray[Any, Any], starts: np.ndarray[Any, Any], ends: np.ndarray[Any, Any]) -> Numbers:
    """One number a word: the polynomial of its bytes, from sums over the whole block."""
    powers, inverses = _powers(1 << max(16, len(letters).bit_length()))
    sums = np.cumsum((letters.astype(np.uint64) + np.uint64(1)) * powers[: len(letters)], dtype=np.uint64)
    return _mixed((sums[ends - 1] - sums[starts - 1]) * inverses[starts])


def _mixed(numbers: Numbers) -> Numbers:
    """Spread over all bits (the finaliser of SplitMix64; Steele, Lea, Flood 2014)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Numbers = numbers ^ (numbers >> np.uint64(31))
    return mixed


@cache
def _powers(length: int) -> tuple[Numbers, Numbers]:
    """Powers of the base and of its inverse, modulo 2^64."""
    return _geometric(_BASE, length), _geometric(pow(_BASE, -1, 1 << 64), length)


def _geometric(base: int, length: int) -> Numbers:
    factors = np.full(length, base, dtype=np.uint64)
    factors[0] = 1
    return np.cumprod(factors, dtype=np.uint64)
