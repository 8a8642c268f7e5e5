"""The leak scan: does any emitted byte hold a run of eight words of a withheld body?

Three passes, each a stream. The withheld bodies fill a bitmap of their runs; the snapshot's files are held against it;
only if something hits are the bodies read again, to confirm the hit and to name the article. Words that a released
article has of its own, titles and dates are no leak.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dataset_builder.snapshot.emitted_text import Piece, emitted_pieces
from dataset_builder.snapshot.leak_words import RUN, Numbers, run_numbers

#: Bits of the bitmap a run: fewer make it smaller and send more innocent runs into the third pass.
_BITS_A_RUN = 16
_LEAST_BITS = 1 << 20
_MOST_BITS = 1 << 31


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
    """A bitmap of numbers: what was put in is found; a little of what was not is found as well."""

    def __init__(self, expected: int) -> None:
        bits = min(max(_LEAST_BITS, 1 << (expected * _BITS_A_RUN).bit_length()), _MOST_BITS)
        self._shift = np.uint64(64 - (bits.bit_length() - 1))
        self._bits = np.zeros(bits >> 3, dtype=np.uint8)

    def add(self, numbers: Numbers) -> None:
        places = numbers >> self._shift
        np.bitwise_or.at(self._bits, places >> np.uint64(3), _bit(places))

    def holds(self, numbers: Numbers) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which of ``numbers`` may be in it."""
        places = numbers >> self._shift
        found: np.ndarray[Any, np.dtype[np.bool_]] = (self._bits[places >> np.uint64(3)] & _bit(places)) != 0
        return found


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
    for _, body in withheld:
        seen.add(run_numbers(body)[0])
    own = _digests(released)
    hits: dict[tuple[str, str], list[Numbers]] = {}
    for path in sorted(file for file in folder.rglob("*") if file.is_file()):
        name = path.relative_to(folder).as_posix()
        for piece in emitted_pieces(path, lambda key, text: _digest(key, text) in own):
            _note(hits, name, piece, seen)
    return _confirmed(hits, withheld, released, public) if hits else []


def _note(hits: dict[tuple[str, str], list[Numbers]], name: str, piece: Piece, seen: _Seen) -> None:
    numbers, _ = run_numbers(piece.text)
    found = np.unique(numbers[seen.holds(numbers)])
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
    free = [np.intersect1d(run_numbers(body)[0], asked) for _, body in released]
    free += [np.intersect1d(run_numbers(text)[0], asked) for text in public]
    if free:
        asked = np.setdiff1d(asked, np.concatenate(free))
    leaks: list[Leak] = []
    for article, body in withheld:
        held = np.intersect1d(run_numbers(body)[0], asked)
        if len(held) == 0:
            continue
        for (name, place), found in places.items():
            if runs := len(np.intersect1d(found, held)):
                leaks.append(Leak(name, place, article, runs))
    return sorted(leaks)


def _digests(released: Iterable[tuple[str, str]]) -> frozenset[bytes]:
    return frozenset(_digest(article, body) for article, body in released)


def _digest(article: str, body: str) -> bytes:
    """Eight bytes that stand for a text in its own article's place."""
    return hashlib.sha256(article.encode() + b"\0" + body.encode("utf-8", "replace")).digest()[:8]
