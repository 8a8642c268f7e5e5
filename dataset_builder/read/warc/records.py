"""The records of a WARC stream as frozen values, one at a time; what is no record of interest is only counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from dataset_builder.errors import MissingDependencyError

#: Kinds whose block is read; the others (warcinfo, request, revisit, continuation) hold no article.
READ = frozenset({"response", "resource", "conversion", "metadata"})


@dataclass(frozen=True, slots=True)
class WarcBlock:
    """One record.

    Attributes:
        number: 1-based place in the archive, over all records.
        kind: ``WARC-Type``.
        headers: the WARC headers, names in lower case.
        block: the content; None where it was not read, being of no interest or too large.
        size: ``Content-Length``, -1 where it is none.
    """

    number: int
    kind: str
    headers: dict[str, str]
    block: bytes | None
    size: int

    @property
    def record_id(self) -> str:
        """``WARC-Record-ID`` without its angle brackets."""
        return self.headers.get("warc-record-id", "").strip("<>")


def warc_blocks(stream: BinaryIO, limit: int) -> Iterator[WarcBlock]:
    """Iterate over a decompressed archive.

    Raises:
        MissingDependencyError: without fastwarc.
        OSError: where the archive breaks; the records before it have been yielded.
    """
    try:
        from fastwarc.warc import ArchiveIterator
    except ImportError:
        hint = "pip install 'news-dataset-builder[warc]'"
        raise MissingDependencyError("reading web archives needs the package fastwarc", hint=hint) from None
    source: Any = _Source(stream)
    archive = ArchiveIterator(source, parse_http=False, quirks_mode=True)
    for number, record in enumerate(_guarded(archive), start=1):
        headers = {name.lower(): value for name, value in record.headers.items()}
        kind = headers.get("warc-type", "").lower()
        size = _size(headers.get("content-length", ""))
        wanted = kind in READ and 0 <= size <= limit
        yield WarcBlock(number, kind, headers, _content(record, limit) if wanted else None, size)


class _Source:
    """What fastwarc reads from: it needs ``read`` and ``tell``."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._position = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        content = self._stream.read(size)
        self._position += len(content)
        return content

    def tell(self) -> int:
        """How many bytes have been read."""
        return self._position


def _guarded(records: Iterator[Any]) -> Iterator[Any]:
    """The records; a panic of the Rust code ends them as a damaged archive does."""
    while True:
        try:
            record = next(records)
        except StopIteration:
            return
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            raise OSError("bytes that the WARC parser gives up on") from None
        yield record


def _content(record: Any, limit: int) -> bytes:
    content: bytes = record.reader.read(limit + 1)
    return content


def _size(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else -1
