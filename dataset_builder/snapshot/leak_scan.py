"""The leak scan: does any emitted byte hold a run of eight words of a withheld body?

The words of the snapshot's files, released texts in their own place aside, fill a filter; the withheld bodies stream
past it, a run in three being looked at. What hits and is not excused as a released article's own words, a title or a
notice is looked for in the files once more, to name the place and the article. Memory is bounded by the filter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from dataset_builder.progress import BYTES, OnProgress, counted, silent
from dataset_builder.snapshot.emitted_text import Piece, emitted_bytes, emitted_pieces
from dataset_builder.snapshot.leak_filter import Filter, Known, among
from dataset_builder.snapshot.leak_words import Numbers, blocks, words_of

#: Bytes of text a word, with what stands behind it: an estimate of the filter's size is made with it.
_WORD_BYTES = 6


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


@dataclass(frozen=True, slots=True)
class Bodies:
    """Cleaned texts of some articles.

    Attributes:
        ids: of the articles.
        texts: string or large_string, without nulls.
        sha256: of each text, as 64 hex digits, taken when the text was made.
    """

    ids: pa.Array
    texts: pa.Array
    sha256: pa.Array


def scan(
    folder: Path,
    withheld: Iterable[Bodies],
    released: Iterable[Bodies] = (),
    *,
    public: Iterable[pa.Array] = (),
    on_progress: OnProgress = silent,
) -> list[Leak]:
    """Hold every file below ``folder`` against the withheld bodies.

    Args:
        folder: the snapshot, complete but not yet published.
        withheld: the articles whose text may not leave; read up to three times, so it must start anew each time (a
            list, or an object whose ``__iter__`` reads the bodies again).
        released: the articles that are released with text; read up to twice, likewise.
        public: titles, dates and notices, which metadata may show; arrays of text without nulls.
        on_progress: is told how much of the files has been looked at, and then how many withheld texts.

    Returns:
        The leaks, sorted by file, place and article; empty if there are none.
    """
    if next(iter(withheld), None) is None:
        return []
    barred = _numbers_of(withheld)
    emitted = _Emitted(folder, _OwnTexts.of(released, np.unique(barred)))
    shorts, runs = emitted.filters(on_progress)
    held = counted(withheld, "scan texts", on_progress, size=lambda it: len(it.ids), total=len(barred))
    suspects = _runs_within(held, shorts, runs)
    suspects = _without(suspects, public)
    if len(suspects):
        suspects = _without(suspects, (bodies.texts for bodies in released))
    return _named(emitted.places(suspects), withheld) if len(suspects) else []


@dataclass(frozen=True, slots=True)
class _OwnTexts:
    """The released texts in their articles' own places, by eight bytes of the digests of both; sorted."""

    keys: Numbers

    @classmethod
    def of(cls, released: Iterable[Bodies], barred: Numbers) -> _OwnTexts:
        """A text that is a withheld article's as well (``barred``) is nobody's own, whatever place it stands in."""
        found = [np.empty(0, np.uint64)]
        for bodies in released:
            texts = _numbers(bodies.sha256.to_pylist())
            found.append((texts ^ _numbers(bodies.ids.to_pylist()))[~among(texts, barred)])
        return cls(np.sort(np.concatenate(found)))

    def __call__(self, ids: list[str], digests: list[bytes]) -> list[bool]:
        """Which of the texts are those of their articles."""
        texts = np.frombuffer(b"".join(digest[:8] for digest in digests), dtype=">u8").astype(np.uint64)
        own: list[bool] = among(texts ^ _numbers(ids), self.keys).tolist()
        return own


def _numbers(digests: list[str]) -> Numbers:
    """The first 16 hex digits of each as a number."""
    digits = "".join([digest[:16] for digest in digests])
    return np.frombuffer(bytes.fromhex(digits), dtype=">u8").astype(np.uint64)


def _numbers_of(texts: Iterable[Bodies]) -> Numbers:
    """Of every text its number."""
    return np.concatenate([np.empty(0, np.uint64), *(_numbers(bodies.sha256.to_pylist()) for bodies in texts)])


@dataclass(frozen=True, slots=True)
class _Emitted:
    """The files of the snapshot."""

    folder: Path
    own: _OwnTexts

    def filters(self, on_progress: OnProgress) -> tuple[Filter, Known]:
        """The runs of six words and those of eight that stand in any of the files."""
        expected = sum(emitted_bytes(path) for path in self._files())
        shorts, runs = Filter(expected // _WORD_BYTES), Known()
        pieces = counted(
            self._pieces(), "scan files", on_progress, size=lambda it: it[1].texts.nbytes, total=expected, unit=BYTES
        )
        for _, piece in pieces:
            for _, texts in blocks(piece.texts):
                words = words_of(texts)
                found = words.runs()
                if len(found):
                    runs.add(found)
                    shorts.add(words.shorts())
        return shorts, runs

    def places(self, suspects: Numbers) -> dict[tuple[str, str], Numbers]:
        """(file, place) -> those of ``suspects`` (sorted) that stand there, each once."""
        found: dict[tuple[str, str], list[Numbers]] = {}
        for name, piece in self._pieces():
            for _, texts in blocks(piece.texts):
                runs = words_of(texts).runs()
                here = runs[among(runs, suspects)]
                if len(here):
                    found.setdefault((name, piece.place), []).append(here)
        return {key: np.unique(np.concatenate(numbers)) for key, numbers in found.items()}

    def _files(self) -> list[Path]:
        return sorted(file for file in self.folder.rglob("*") if file.is_file())

    def _pieces(self) -> Iterator[tuple[str, Piece]]:
        for path in self._files():
            name = path.relative_to(self.folder).as_posix()
            yield from ((name, piece) for piece in emitted_pieces(path, self.own))


def _runs_within(withheld: Iterable[Bodies], shorts: Filter, runs: Known) -> Numbers:
    """The runs of withheld bodies that stand in a file, sorted, each once."""
    found = [np.empty(0, np.uint64)]
    for bodies in withheld:
        for _, texts in blocks(bodies.texts):
            words = words_of(texts)
            hits = np.flatnonzero(shorts.held(words.sampled()))
            if len(hits):
                around = words.runs_around(hits)
                found.append(around[runs.held(around)])
    return np.unique(np.concatenate(found))


def _without(suspects: Numbers, free: Iterable[pa.Array]) -> Numbers:
    """``suspects`` (sorted) without the runs of these texts, whose words may stand anywhere."""
    excused = np.zeros(len(suspects), dtype=np.bool_)
    for texts in free if len(suspects) else ():
        for _, some in blocks(texts):
            runs = words_of(some).runs()
            excused[np.searchsorted(suspects, runs[among(runs, suspects)])] = True
    return suspects[~excused]


def _named(places: dict[tuple[str, str], Numbers], withheld: Iterable[Bodies]) -> list[Leak]:
    """One leak for each file, place and article; a run that two articles have is held against both."""
    leaks: list[Leak] = []
    everywhere = np.unique(np.concatenate([np.empty(0, np.uint64), *places.values()]))
    for bodies in withheld if places else ():
        ids = bodies.ids.to_pylist()
        for first, texts in blocks(bodies.texts):
            if among(words_of(texts).runs(), everywhere).any():
                for index in range(len(texts)):
                    own = np.unique(words_of(texts.slice(index, 1)).runs())
                    held = {key: int(among(found, own).sum()) for key, found in places.items()}
                    leaks += [Leak(*key, ids[first + index], runs) for key, runs in held.items() if runs]
    return sorted(leaks)
