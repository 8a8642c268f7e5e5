"""The leak scan: does any emitted byte hold a run of eight words of a withheld body?

Three passes, each a stream. The withheld bodies fill a filter with their runs; the snapshot's files are held against
it; only if something hits are the bodies read again, to confirm the hit and to name the article. Words that a released
article has of its own, titles and dates are no leak.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dataset_builder.snapshot.emitted_text import Piece, emitted_pieces
from dataset_builder.snapshot.leak_words import BARRIER, RUN, Numbers, Places, run_numbers

#: Bits of the filter a run: fewer make it smaller and send more innocent runs into the third pass.
_BITS_A_RUN = 16
#: Its least and greatest size, as powers of two of bits: 128 KiB and 256 MiB.
_LEAST_BITS = 20
_MOST_BITS = 31
#: Up to so many runs (64 MiB) are kept as they are beside the filter, and settle what it lets pass.
_MOST_EXACT = 1 << 23
#: Texts are joined to blocks of about this many characters before they are hashed.
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, order=True)
class Leak:
    """Withheld words in an emitted file; the words themselves are not repeated.

    Attributes:
        path: the file, relative to the snapshot, in POSIX form.
        place: the column, ``statistics``, ``footer``, ``name``, or the byte of the block.
        article: id of the withheld article.
        runs: how many runs of eight words of that article stand there.
    """

    path: str
    place: str
    article: str
    runs: int


class _Seen:
    """A Bloom filter of numbers (Bloom 1970, two probes): what was put in is found, and hardly anything else."""

    def __init__(self, expected: int) -> None:
        self._log = min(max(_LEAST_BITS, (expected * _BITS_A_RUN).bit_length()), _MOST_BITS)
        self._bits = np.zeros(1 << (self._log - 3), dtype=np.uint8)
        self._exact: list[Numbers] | None = [] if expected <= _MOST_EXACT else None
        self._sorted: Numbers | None = None

    def add(self, numbers: Numbers) -> None:
        """Put numbers in."""
        for places in self._probes(numbers):
            np.bitwise_or.at(self._bits, places >> np.uint64(3), _bit(places))
        if self._exact is not None:
            self._exact.append(numbers)

    def held(self, numbers: Numbers) -> Numbers:
        """Those of ``numbers`` that are in it, each once; of a very large one, a few more."""
        passed = numbers[self._pass(numbers)]
        if self._exact is None or len(passed) == 0:
            return np.unique(passed)
        if self._sorted is None:
            self._sorted = np.sort(np.concatenate(self._exact))
        return np.unique(passed[_among(passed, self._sorted)])

    def _pass(self, numbers: Numbers) -> np.ndarray[Any, np.dtype[np.bool_]]:
        one, other = ((self._bits[places >> np.uint64(3)] & _bit(places)) != 0 for places in self._probes(numbers))
        found: np.ndarray[Any, np.dtype[np.bool_]] = one & other
        return found

    def _probes(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """Two places, from the upper and from the lower half of the number."""
        return numbers >> np.uint64(64 - self._log), numbers & np.uint64((1 << self._log) - 1)


def _bit(places: Numbers) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.left_shift(np.uint8(1), (places & np.uint64(7)).astype(np.uint8))


def scan(
    folder: Path,
    withheld: Iterable[tuple[str, str]],
    released: Iterable[tuple[str, str]] = (),
    *,
    public: Iterable[str] = (),
) -> list[Leak]:
    """Hold every file below ``folder`` against the withheld bodies.

    Args:
        folder: the snapshot, complete but not yet published.
        withheld: (id, body) of every article whose text may not leave; read up to three times, so it must start anew
            each time (a list, or an object whose ``__iter__`` reads the bodies again).
        released: (id, body) of the articles that are released with text; read up to twice, likewise.
        public: titles and dates of withheld articles, which metadata may show.

    Returns:
        The leaks, sorted by file, place and article; empty if there are none.
    """
    count = sum(max(0, body.count(" ") + body.count("\n") - RUN + 2) for _, body in withheld)
    if count == 0:
        return []
    seen = _Seen(count)
    for block in _blocks(body for _, body in withheld):
        seen.add(run_numbers(block)[0])
    own = _digests(released)
    hits: dict[tuple[str, str], list[Numbers]] = {}
    for path in sorted(file for file in folder.rglob("*") if file.is_file()):
        name = path.relative_to(folder).as_posix()
        for piece in emitted_pieces(path, lambda key, text: _digest(key, text) in own):
            _note(hits, name, piece, seen)
    return _confirmed(hits, withheld, released, public) if hits else []


def _note(hits: dict[tuple[str, str], list[Numbers]], name: str, piece: Piece, seen: _Seen) -> None:
    numbers, _ = run_numbers(piece.text)
    found = seen.held(numbers)
    if len(found):
        hits.setdefault((name, piece.place), []).append(found)


def _confirmed(
    hits: dict[tuple[str, str], list[Numbers]],
    withheld: Iterable[tuple[str, str]],
    released: Iterable[tuple[str, str]],
    public: Iterable[str],
) -> list[Leak]:
    """The hits that are runs of a withheld body, and neither of a released one nor of a title."""
    places = {key: np.unique(np.concatenate(found)) for key, found in hits.items()}
    asked = np.unique(np.concatenate(list(places.values())))
    free = np.zeros(len(asked), dtype=bool)
    for block in _blocks(text for texts in ((body for _, body in released), public) for text in texts):
        free[_found(run_numbers(block)[0], asked)] = True
    asked = asked[~free]
    leaks: list[Leak] = []
    for article, body in withheld:
        held = asked[_found(run_numbers(body)[0], asked)]
        if len(held) == 0:
            continue
        for (name, place), found in places.items():
            if runs := len(_found(held, found)):
                leaks.append(Leak(name, place, article, runs))
    return sorted(leaks)


def _found(numbers: Numbers, among: Numbers) -> Places:
    """Where in ``among`` (sorted, each once) the numbers stand that are in it; each place once."""
    return np.unique(np.searchsorted(among, numbers[_among(numbers, among)]))


def _among(numbers: Numbers, among: Numbers) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which of the numbers are in ``among`` (sorted)."""
    if len(among) == 0:
        return np.zeros(len(numbers), dtype=bool)
    places = np.searchsorted(among, numbers)
    places[places == len(among)] = 0
    found: np.ndarray[Any, np.dtype[np.bool_]] = among[places] == numbers
    return found


def _blocks(texts: Iterable[str]) -> Iterator[str]:
    """Texts joined to larger ones, with barriers between them."""
    waiting: list[str] = []
    size = 0
    for text in texts:
        waiting.append(text)
        size += len(text)
        if size >= _BLOCK:
            yield BARRIER.join(waiting)
            waiting, size = [], 0
    if waiting:
        yield BARRIER.join(waiting)


def _digests(released: Iterable[tuple[str, str]]) -> frozenset[bytes]:
    return frozenset(_digest(article, body) for article, body in released)


def _digest(article: str, body: str) -> bytes:
    """Eight bytes that stand for a text in its own article's place."""
    return hashlib.sha256(article.encode() + b"\0" + body.encode("utf-8", "replace")).digest()[:8]
