"""Indexes of web archives (CDXJ, as pywb and Common Crawl write them): in which file and where a capture stands."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from dataset_builder.copies.revisions import page_key

SUFFIXES = (".cdxj", ".cdxj.gz")
#: Lines of an index are a few hundred bytes; the record that one names is an article's page.
_LINE = 20_000
_MOST_INDEX_BYTES = 4 << 30
MOST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Capture:
    """One record of an archive.

    Attributes:
        url: what was captured.
        timestamp: when, as 14 digits.
        filename: the WARC file, as the index names it.
        offset, length: the record's bytes within that file.
    """

    url: str
    timestamp: str
    filename: str
    offset: int
    length: int


def read_captures(folder: Path, wanted: frozenset[str]) -> dict[str, list[Capture]]:
    """Page key -> its captures, from every index below ``folder``; only the pages that are wanted.

    Lines that are no captures are passed over, for an index has others too.
    """
    found: dict[str, list[Capture]] = {}
    for path in sorted(path for path in folder.rglob("*") if path.name.endswith(SUFFIXES) and path.is_file()):
        for capture in _captures(path):
            if (key := page_key(capture.url)) in wanted:
                found.setdefault(str(key), []).append(capture)
    return found


def nearest(captures: Sequence[Capture], timestamp: str | None) -> Capture:
    """The capture at ``timestamp`` (14 digits), or the one nearest to it; the first where no time is known."""
    return min(captures, key=lambda capture: abs(int(capture.timestamp) - int(timestamp or capture.timestamp)))


def _captures(path: Path) -> Iterator[Capture]:
    with path.open("rb") as raw:
        file = cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if path.suffix == ".gz" else raw
        size = 0
        while size < _MOST_INDEX_BYTES and (line := _line(file)):
            size += len(line)
            if (capture := _capture(line)) is not None:
                yield capture


def _line(file: IO[bytes]) -> bytes:
    """The next line, empty at the end and where the file breaks."""
    try:
        return file.readline(_LINE)
    except (OSError, EOFError, zlib.error):
        return b""


def _capture(line: bytes) -> Capture | None:
    """``urlkey timestamp {"url": …, "filename": …, "offset": …, "length": …}``."""
    _, _, rest = line.partition(b" ")
    timestamp, _, members = rest.partition(b" ")
    try:
        told: dict[str, Any] = json.loads(members)
        offset, length = int(told["offset"]), int(told["length"])
        capture = Capture(str(told["url"]), timestamp.decode(), str(told["filename"]), offset, length)
    except (KeyError, TypeError, ValueError, RecursionError):
        return None
    digits = capture.timestamp.isascii() and capture.timestamp.isdigit() and len(capture.timestamp) == 14
    return capture if digits and offset >= 0 and 0 < length <= MOST_BYTES else None
