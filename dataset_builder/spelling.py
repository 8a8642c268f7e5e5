"""Texts as they are compared with each other: without case, accents, widths, and what cannot be seen.

One form for the comparison of copies and for the leak scan, so that a text which only looks the same is the same. Of
every character stands what its compatibility decomposition has of letters and digits, caseless (The Unicode Standard
16.0, D146), without combining marks and default ignorables; what is no letter parts words. The letters of scripts that
put no blank between words (``unspaced`` in ``schema/rights/partial-release.yaml``) are words of their own.

A character's form does not depend on its neighbours, so a batch is folded by looking each of its characters up in a
table, which learns a page of Unicode when a text has need of it. Only the parts of a Korean syllable are put together.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise
from threading import Lock

import numpy as np
import numpy.typing as npt

from dataset_builder.resources import read_json, read_yaml, schema_file

Bytes = npt.NDArray[np.uint8]
Indices = npt.NDArray[np.int64]
_Codes = npt.NDArray[np.uint32]

#: Bytes that are folded at once: their characters take twelve times as many.
_AT_ONCE = 1 << 20
#: Stands in the table for a character that is not one for one, or not known yet.
_OTHER = np.uint32(0xFFFFFFFF)
_CHARACTERS = 0x110000
_PAGE = 256

#: The parts of a Korean syllable, and the syllables (The Unicode Standard 16.0, section 3.12).
_LEADS, _VOWELS, _TRAILS, _SYLLABLES = 0x1100, 0x1161, 0x11A7, 0xAC00
_LEAD_COUNT, _VOWEL_COUNT, _TRAIL_COUNT, _SYLLABLE_COUNT = 19, 21, 28, 11172
_LAST_PART = 0x11FF
_MARK = 0x300


def folded(data: Bytes, offsets: Indices) -> tuple[Bytes, Indices]:
    """The texts ``data[offsets[n]:offsets[n + 1]]`` (UTF-8) as they are compared: UTF-8, 0 for what parts words.

    Returns:
        The folded bytes, and the offsets of the texts in them.

    Raises:
        UnicodeDecodeError: the bytes are no UTF-8.
    """
    if len(data) == 0 or int(data.max()) < 0x80:
        return np.frombuffer(data.tobytes().translate(_ascii()), np.uint8), offsets
    if len(data) <= _AT_ONCE:
        return _folded(data, offsets)
    cuts, parts, places, size = [0], [], [], 0
    while cuts[-1] < len(data):
        cuts.append(cuts[-1] + whole_characters(data[cuts[-1] :], _AT_ONCE))
    for first, last in pairwise(cuts):
        here = offsets[(offsets >= first) & ((offsets < last) | (last == len(data)))] - first
        part, begins = folded(data[first:last], here)
        parts.append(part)
        places.append(begins + size)
        size += len(part)
    return np.concatenate(parts), np.concatenate(places)


def whole_characters(data: Bytes, limit: int) -> int:
    """How many of the first ``limit`` bytes can be folded by themselves: up to ASCII, or to a character's end."""
    if len(data) <= limit:
        return len(data)
    plain = np.flatnonzero(data[:limit] < 0x80)
    if len(plain):
        return int(plain[-1]) + 1
    while limit > 1 and data[limit] & 0xC0 == 0x80:
        limit -= 1
    return limit


@cache
def unspaced() -> tuple[tuple[int, int], ...]:
    """First and last code point of the blocks whose letters are words of their own."""
    ranges = read_yaml(schema_file("rights", "partial-release.yaml"))["unspaced"]
    return tuple((first, last) for first, last in ranges)


def unspaced_masks(data: Bytes, starts: Indices, ends: Indices) -> npt.NDArray[np.uint64]:
    """For words of folded text that begin beyond U+0800: how many letters of its script make a word.

    Returns:
        One mask a word, of bits that are all zero in every second hash for Han letters and kana, whose words have some
        two letters, and in every fourth for other letters of scripts without blanks; 0 for words of all other scripts.
    """
    codes = np.zeros(len(starts), np.int64)
    lengths = ends - starts
    for length, lead_bits in ((3, 0x0F), (4, 0x07)):
        alone = np.flatnonzero(lengths == length)
        first = starts[alone]
        codes[alone] = data[first] & lead_bits
        for step in range(1, length):
            codes[alone] = codes[alone] << 6 | data[first + step] & 0x3F
    firsts, lasts, masks = _unspaced_bounds()
    ranges = np.searchsorted(firsts, codes, side="right") - 1
    found: npt.NDArray[np.uint64] = np.where((ranges >= 0) & (codes <= lasts[ranges]), masks[ranges], np.uint64(0))
    return found


@cache
def _unspaced_bounds() -> tuple[Indices, Indices, npt.NDArray[np.uint64]]:
    """First and last code point of each block, in order, and the mask of its letters: wide ones say more."""
    bounds = sorted(unspaced())
    wide = [
        any(unicodedata.east_asian_width(chr(code)) == "W" for code in range(low, high + 1)) for low, high in bounds
    ]
    masks = np.where(wide, np.uint64(1), np.uint64(3))
    return np.array([low for low, _ in bounds]), np.array([high for _, high in bounds]), masks


def fold(character: str) -> str:
    """What a character counts as: letters, a blank where it parts words, nothing where it is not to be seen."""
    code = ord(character)
    if 0 <= code - _SYLLABLES < _SYLLABLE_COUNT:
        return character
    if _within(code, _ranges("parting")):
        return " "
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return re.sub(" +", " ", "".join(map(_form, spread)))


def _form(part: str) -> str:
    category = unicodedata.category(part)
    if category.startswith("M") or _within(ord(part), _ranges("unseen")):
        return ""
    if not (part.isalnum() or category in ("Co", "Cn")):  # what Unicode will assign one day may be a letter
        return " "
    return f" {part} " if _within(ord(part), unspaced()) else part


@cache
def _ranges(name: str) -> tuple[tuple[int, int], ...]:
    return tuple((int(first, 16), int(last, 16)) for first, last in read_json("copies", "spelling.json")[name])


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


@cache
def _ascii() -> bytes:
    """Byte -> the same in lower case, or 0; of ASCII alone."""
    return bytes(ord(chr(byte).lower()) * (byte < 0x80 and chr(byte).isalnum()) for byte in range(256))


def _folded(data: Bytes, offsets: Indices) -> tuple[Bytes, Indices]:
    codes = np.frombuffer(data.tobytes().decode().encode("utf-32-le"), np.uint32)
    followers = np.flatnonzero((data & 0xC0) == 0x80)
    codes, places = _table().folded(codes, offsets - np.searchsorted(followers, offsets))
    if len(codes) == 0 or int(codes.max()) < 0x80:
        return codes.astype(np.uint8), places
    encoded = np.frombuffer(codes.tobytes().decode("utf-32-le").encode(), np.uint8)
    begins = np.flatnonzero((encoded & 0xC0) != 0x80)
    return encoded, np.append(begins, len(encoded))[places]


class _Table:
    """What every character counts as, page by page as they are asked for."""

    def __init__(self) -> None:
        self._single = np.full(_CHARACTERS, _OTHER)
        self._starts = np.zeros(_CHARACTERS, np.int64)
        self._lengths = np.zeros(_CHARACTERS, np.uint8)
        self._forms = np.empty(0, np.uint32)
        self._known = np.zeros(_CHARACTERS // _PAGE, np.bool_)
        self._lock = Lock()

    def folded(self, codes: _Codes, places: Indices) -> tuple[_Codes, Indices]:
        """The folded characters (0 for a blank), and where those at ``places`` went."""
        found = self._single.take(codes)
        if found.max() != _OTHER:
            return found, places
        others = np.flatnonzero(found == _OTHER)
        if (codes[others] - np.uint32(_LEADS) <= _LAST_PART - _LEADS).any():
            codes = _composed(codes, places)
            found = self._single.take(codes)
            others = np.flatnonzero(found == _OTHER)
        pages = codes[others] // _PAGE
        if not self._known.take(pages).all():
            self._learn(np.unique(pages))
            found = self._single.take(codes)
            others = np.flatnonzero(found == _OTHER)
        if len(others) == 0:
            return found, places
        lengths = self._lengths.take(codes).astype(np.int64)
        begins = np.concatenate(([0], np.cumsum(lengths)))
        spread = np.repeat(found, lengths)
        forms, to = self._starts[codes[others]], begins[others]
        lengths = lengths[others]
        for step in range(int(lengths.max())):
            longer = lengths > step
            spread[to[longer] + step] = self._forms[forms[longer] + step]
        return spread, begins[places]

    def _learn(self, pages: _Codes) -> None:
        with self._lock:  # signatures are made in threads
            for page in pages[~self._known[pages]].tolist():
                forms: list[int] = []
                for code in range(page * _PAGE, (page + 1) * _PAGE):
                    form = [ord(part) if part != " " else 0 for part in fold(chr(code))]
                    self._starts[code], self._lengths[code] = len(self._forms) + len(forms), len(form)
                    forms += form
                self._forms = np.concatenate((self._forms, np.array(forms, np.uint32)))
                first = np.arange(page * _PAGE, (page + 1) * _PAGE)
                alone = first[(self._lengths[first] == 1) & ((first < _LEADS) | (first > _LAST_PART))]
                self._single[alone] = self._forms[self._starts[alone]]
                self._known[page] = True


@cache
def _table() -> _Table:
    return _Table()


def _composed(codes: _Codes, places: Indices) -> _Codes:
    """Parts of Korean syllables put together, within the texts that begin at ``places``.

    A combining mark, which counts for nothing, stands where parts stood.
    """
    codes = np.concatenate((codes, np.zeros(2, np.uint32))).astype(np.int64)
    borders = np.zeros(len(codes), np.bool_)
    borders[places] = True
    leads = np.flatnonzero((codes >= _LEADS) & (codes < _LEADS + _LEAD_COUNT))
    vowels = codes[leads + 1] - _VOWELS
    leads = leads[(vowels >= 0) & (vowels < _VOWEL_COUNT) & ~borders[leads + 1]]
    syllables = (codes[leads] - _LEADS) * _VOWEL_COUNT + codes[leads + 1] - _VOWELS
    codes[leads], codes[leads + 1] = _SYLLABLES + syllables * _TRAIL_COUNT, _MARK
    trails = codes[leads + 2] - _TRAILS
    closed = leads[(trails > 0) & (trails < _TRAIL_COUNT) & ~borders[leads + 2]]
    codes[closed] += codes[closed + 2] - _TRAILS
    codes[closed + 2] = _MARK
    return codes[:-2].astype(np.uint32)
