"""The objects of a JSON document, one at a time: the elements of an array, or objects that follow each other.

Brackets are counted, nothing is built, so an array of any length passes in the memory of its largest element, and
nesting of any depth costs a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_CHUNK_BYTES = 1 << 20
_IN_STRING = re.compile(rb'["\\]')
_OUTSIDE = re.compile(rb'["\[\]{}]')
_BLANK = b" \t\r\n\xef\xbb\xbf"
_COMMAS = {0: "no comma", 1: "a comma"}


@dataclass(frozen=True, slots=True)
class Misplaced:
    """Between two elements, or at the end, stands something else than JSON has there.

    Attributes:
        cut: whether the document ends within an array, so that nobody knows what followed.
    """

    found: str
    expected: str
    cut: bool = False


def json_elements(stream: BinaryIO, limit: int) -> Iterator[bytes | Misplaced | None]:
    """Yield each element's bytes; None for one that is larger than ``limit``. Never raises for what the bytes say.

    What is no object or array (a bare number, text after the end) is yielded too, so that it is not lost; a comma that
    lacks or is one too many, and the end of an array that is not there, are :class:`Misplaced`.
    """
    splitter = _Splitter(limit)
    while chunk := stream.read(_CHUNK_BYTES):
        yield from splitter.feed(chunk)
    yield from splitter.finish()


@dataclass(frozen=True, slots=True)
class _Cut:
    """The end of what goes before and the start of what follows; how many commas belong there, None for an element."""

    end: int
    start: int
    commas: int | None = None


class _Splitter:
    """Bytes in chunks to elements; its state is that of a bracket counter."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._element = bytearray()
        self._oversized = False
        self._depth = 0
        self._base: int | None = None  # 1 within a top-level array, 0 for objects that follow each other
        self._commas = 0  # how many belong before the next element: one after each of an array
        self._in_string = False
        self._escaped = False  # the chunk ended after a backslash

    def feed(self, chunk: bytes) -> Iterator[bytes | Misplaced | None]:
        """The elements that end in ``chunk``."""
        start, position = 0, int(self._escaped)
        self._escaped = False
        while match := (_IN_STRING if self._in_string else _OUTSIDE).search(chunk, position):
            position = match.end()
            token = match[0]
            if token == b"\\":
                position += 1
                self._escaped = position > len(chunk)
            elif token == b'"':
                self._in_string = not self._in_string
            else:
                cut = self._bracket(match.start(), token)
                if cut is not None:
                    self._add(chunk[start : cut.end])
                    start = cut.start
                    yield from self._element_in_hand() if cut.commas is None else self._gap_in_hand(cut.commas)
        self._add(chunk[start:])

    def finish(self) -> Iterator[bytes | Misplaced | None]:
        """What is left when the document ends."""
        if self._base is not None and self._depth > self._base:
            yield from self._element_in_hand()
        elif self._base == 1:
            yield from self._element_in_hand()
            yield Misplaced("the end of the file within an array", "]", cut=True)
        else:
            yield from self._gap_in_hand(0)

    def _element_in_hand(self) -> Iterator[bytes | None]:
        """The element in hand, unless it is blank; it is forgotten."""
        if self._oversized:
            yield None
        elif element := bytes(self._element).strip(_BLANK + b","):
            yield element
        self._element.clear()
        self._oversized = False

    def _gap_in_hand(self, commas: int) -> Iterator[bytes | Misplaced | None]:
        """What stands between two elements: its words, or that it is not of so many commas."""
        found = self._element.count(b",")
        words = list(self._element_in_hand())
        yield from words
        if not words and found != commas:
            yield Misplaced(_COMMAS.get(found, f"{found} commas"), f"{_COMMAS[commas]} here")

    def _bracket(self, at: int, token: bytes) -> _Cut | None:
        """Count one bracket; where an element begins or ends, or the array around them."""
        if token in b"[{":
            return self._opened(at, array=token == b"[")
        if self._depth == 1 == self._base and token == b"]":
            self._depth = self._base = self._commas = 0
            return _Cut(at, at + 1, commas=0)
        if self._depth <= (self._base or 0):
            return None  # it closes nothing, and is a word of the gap
        self._depth -= 1
        if self._depth != self._base:
            return None
        self._commas = self._base
        return _Cut(at + 1, at + 1)

    def _opened(self, at: int, *, array: bool) -> _Cut | None:
        self._depth += 1
        if self._base is None:
            self._base = int(array)
            return _Cut(at, at + self._base, commas=0)
        return _Cut(at, at, commas=self._commas) if self._depth == self._base + 1 else None

    def _add(self, part: bytes) -> None:
        if len(self._element) + len(part) > self._limit:
            self._oversized = True
            self._element.clear()
        elif not self._oversized:
            self._element += part
