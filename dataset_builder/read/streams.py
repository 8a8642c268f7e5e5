"""The bytes of an input file as a stream: local or behind an fsspec address, plain or compressed, never without bound.

A file is the same article whether it is compressed or not: what is read, digested and located are the bytes inside.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from dataset_builder.issues import Issue
from dataset_builder.limits import Limits
from dataset_builder.read.context import InputFile
from dataset_builder.read.remote import RemoteError, open_remote
from dataset_builder.regular_file import open_regular
from dataset_builder.visible import one_line

COMPRESSED = (".gz", ".zst")
_CHUNK_BYTES = 1 << 16
#: What is lost before a break is less than one read.
_ZSTD_BYTES = 1 << 12


class StreamError(Exception):
    """A stream that cannot be read on; ``issue`` says where and why. What was read before stands."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.found)
        self.issue = issue


def is_remote(locator: str) -> bool:
    """Whether ``locator`` is an fsspec address and no path below the corpus."""
    return "://" in locator


def inner_suffix(locator: str) -> str:
    """The suffix that tells the input form, in lower case: ``.jsonl`` of ``wire.jsonl.gz``."""
    path = PurePosixPath(locator)
    suffix = path.suffix.lower()
    return PurePosixPath(path.stem).suffix.lower() if suffix in COMPRESSED else suffix


@contextmanager
def open_stream(file: InputFile) -> Iterator[BinaryIO]:
    """The file's decompressed bytes, buffered. Where the file breaks, the stream ends.

    Raises:
        StreamError: from opening, and at the end of the ``with`` block if the stream has not ended by itself; so what
            stood before the break has been read.
    """
    suffix = PurePosixPath(file.locator).suffix.lower()
    with open_raw(file) as raw, expanded(raw, file.locator, suffix, file.limits) as stream:
        yield stream


@contextmanager
def expanded(raw: BinaryIO, locator: str, suffix: str, limits: Limits) -> Iterator[BinaryIO]:
    """``raw`` decompressed as ``suffix`` says, with a bound on how far it grows; ends and raises as a file does.

    Args:
        locator: the place that findings name.
    """
    source = _Expanded(raw, locator, suffix, limits)
    yield cast(BinaryIO, io.BufferedReader(source, _CHUNK_BYTES))
    if source.fault is not None:
        raise source.fault


@contextmanager
def open_raw(file: InputFile) -> Iterator[BinaryIO]:
    """The file's bytes as they are stored, seekable.

    Raises:
        StreamError: if it cannot be opened.
    """
    try:
        raw = cast(BinaryIO, open_remote(file.address)) if file.address else open_regular(file.path)
    except OSError as error:
        found = one_line(error.strerror or str(error) or type(error).__name__)
        issue = Issue(file.locator, code="unreadable-file", found=found, expected="a readable file")
        raise StreamError(replace(issue, hint=error.hint) if isinstance(error, RemoteError) else issue) from None
    with raw:
        yield raw


def read_payload(file: InputFile) -> bytes | Issue:
    """The whole decompressed file, or the finding that says why it was not read."""
    limit = file.limits.item_bytes
    try:
        with open_stream(file) as stream:
            content = stream.read(limit + 1)
    except StreamError as error:
        return error.issue
    if len(content) > limit:
        found = f"more than {limit} bytes"
        return Issue(file.locator, code="file-too-large", found=found, expected=f"at most {limit} bytes")
    return content


class _Expanded(io.RawIOBase):
    """The decompressed bytes of ``raw``; at a fault it ends, and keeps the fault for whoever opened it."""

    def __init__(self, raw: BinaryIO, locator: str, suffix: str, limits: Limits) -> None:
        self.fault: StreamError | None = None
        self._locator = locator
        self._raw = raw
        self._limits = limits
        self._given = 0
        self._compressed = suffix in COMPRESSED
        self._read = _decompressor(raw, suffix) if self._compressed else raw.read

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer``; 0 at the end of the stream."""
        try:
            chunk = b"" if self.fault else self._read(len(buffer))
        except EOFError:
            return self._end("stream-truncated", "a compressed file that ends too early")
        except Exception as error:  # a disk, a decompressor, a ZIP member or an fsspec implementation that gives up
            return self._end("stream-truncated" if "runcated" in str(error) else "stream-damaged", str(error))
        buffer[: len(chunk)] = chunk
        self._given += len(chunk)
        if self._compressed and self._given > self._limits.unpacked_bytes(self._raw.tell()):
            ratio = self._limits.unpacked_ratio
            return self._end("compression-bomb", f"more than {ratio} bytes from each compressed byte")
        return len(chunk)

    def _end(self, code: str, found: str) -> int:
        self.fault = StreamError(Issue(self._locator, code=code, found=one_line(found)))
        return 0


def _decompressor(raw: BinaryIO, suffix: str) -> Callable[[int], bytes]:
    """A function that gives at most so many bytes more; what stands before a break comes out before the fault."""
    if suffix == ".gz":
        import gzip

        return gzip.GzipFile(fileobj=raw).read1
    import pyarrow as pa

    stream = pa.CompressedInputStream(pa.PythonFile(raw, "r"), "zstd")
    return lambda size: cast(bytes, stream.read(min(size, _ZSTD_BYTES)))
