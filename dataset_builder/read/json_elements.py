"""The objects of a JSON document, one at a time: the elements of an array, or objects that follow each other.

Brackets are counted, nothing is built, so an array of any length passes in the memory of its largest element, and
nesting of any depth costs a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

_CHUNK_BYTES = 1 << 20
_IN_STRING = re.compile(rb'["\\]')
_OUTSIDE = re.compile(rb'["\[\]{}]')
_BLANK = b" \t\r\n,\xef\xbb\xbf"


def json_elements(stream: BinaryIO, limit: int) -> Iterator[bytes | None]:
    """Yield each element's bytes; None for one that is larger than ``limit``. Never raises for what the bytes say.

    What is no object or array (a bare number, text after the end) is yielded too, so that it is not lost.
    """
    splitter = _Splitter(limit)
    while chunk := stream.read(_CHUNK_BYTES):
        yield from splitter.feed(chunk)
    yield from splitter.finish()


class _Splitter:
    """Bytes in chunks to elements; its state is that of a bracket counter."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._element = bytearray()
        self._oversized = False
        self._depth = 0
        self._base: int | None = None  # 1 within a top-level array, 0 for objects that follow each other
        self._in_string = False
        self._escaped = False  # the chunk ended after a backslash

    def feed(self, chunk: bytes) -> Iterator[bytes | None]:
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
                cut = self._bracket(match.start(), opening=token in b"[{", array=token == b"[")
                if cut is not None:
                    self._add(chunk[start : cut[0]])
                    start = cut[1]
                    yield from self.flush()
        self._add(chunk[start:])

    def finish(self) -> Iterator[bytes | None]:
        """What is left when the document ends."""
        return self.flush()

    def flush(self) -> Iterator[bytes | None]:
        """The element in hand, unless it is blank."""
        if self._oversized:
            yield None
        elif element := bytes(self._element).strip(_BLANK):
            yield element
        self._element.clear()
        self._oversized = False

    def _bracket(self, at: int, *, opening: bool, array: bool) -> tuple[int, int] | None:
        """Count one bracket; where an element is cut, the end of what goes before and the start of what follows."""
        if opening:
            self._depth += 1
            if self._base is None:
                self._base = int(array)
                return (at, at + 1) if array else (at, at)
            return (at, at) if self._depth == self._base + 1 else None
        self._depth = max(0, self._depth - 1)
        if self._depth == self._base:
            return at + 1, at + 1
        if self._depth == 0 and self._base == 1:
            self._base = 0
            return at, at + 1
        return None

    def _add(self, part: bytes) -> None:
        if len(self._element) + len(part) > self._limit:
            self._oversized = True
            self._element.clear()
        elif not self._oversized:
            self._element += part
