"""The bytes of an input file as a stream: local or behind an fsspec address, plain or compressed, never without bound.

A file is the same article whether it is compressed or not: what is read, digested and located are the bytes inside.
"""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from dataset_builder.issues import Issue
from dataset_builder.read.context import InputFile
from dataset_builder.visible import one_line

COMPRESSED = (".gz", ".zst")
#: Text shrinks to a third, a repetitive table to a hundredth; a bomb of zeros to a thousandth and less.
MAX_RATIO = 200
#: Below this much output the ratio says nothing.
RATIO_FLOOR_BYTES = 64 * 1024 * 1024
_CHUNK_BYTES = 1 << 16


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
    """The file's decompressed bytes, buffered.

    Raises:
        StreamError: from opening or reading, for whatever is wrong with the file.
    """
    with open_raw(file) as raw:
        yield cast(BinaryIO, io.BufferedReader(_Expanded(raw, file.locator), _CHUNK_BYTES))


@contextmanager
def open_raw(file: InputFile) -> Iterator[BinaryIO]:
    """The file's bytes as they are stored, seekable.

    Raises:
        StreamError: if it cannot be opened.
    """
    try:
        raw = _open_remote(file.locator) if is_remote(file.locator) else _open_local(file)
    except OSError as error:
        raise StreamError(_unreadable(file.locator, error)) from None
    except (ImportError, ValueError) as error:
        hint = "install the fsspec implementation of this address, or copy the file into the corpus"
        found = one_line(str(error))
        raise StreamError(Issue(file.locator, code="unreadable-file", found=found, hint=hint)) from None
    with raw:
        yield raw


def read_payload(file: InputFile, limit: int) -> bytes | Issue:
    """The whole decompressed file, or the finding that says why it was not read.

    Args:
        limit: the largest size in bytes that is read.
    """
    try:
        with open_stream(file) as stream:
            content = stream.read(limit + 1)
    except StreamError as error:
        return error.issue
    if len(content) > limit:
        found = f"more than {limit} bytes"
        return Issue(file.locator, code="file-too-large", found=found, expected=f"at most {limit} bytes")
    return content


def _open_local(file: InputFile) -> BinaryIO:
    # O_NONBLOCK: should a pipe have taken the file's place since it was checked, opening it must not wait.
    descriptor = os.open(file.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    return os.fdopen(descriptor, "rb")


def _open_remote(address: str) -> BinaryIO:
    import fsspec  # type: ignore[import-untyped]

    return cast(BinaryIO, fsspec.open(address, "rb").open())


class _Expanded(io.RawIOBase):
    """The decompressed bytes of ``raw``; faults of the file come out as :class:`StreamError`."""

    def __init__(self, raw: BinaryIO, locator: str) -> None:
        self._locator = locator
        self._raw = raw
        self._given = 0
        suffix = PurePosixPath(locator).suffix.lower()
        self._source = _decompressor(raw, suffix) if suffix in COMPRESSED else raw
        self._bounded = suffix in COMPRESSED

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer``; 0 at the end of the stream."""
        try:
            chunk = self._source.read(len(buffer))
        except EOFError:
            raise self._fault("stream-truncated", "a compressed file that ends too early") from None
        except (OSError, zlib.error) as error:
            if not self._bounded:
                raise StreamError(_unreadable(self._locator, cast(OSError, error))) from None
            truncated = "runcated" in str(error)
            code = "stream-truncated" if truncated else "stream-damaged"
            raise self._fault(code, one_line(str(error))) from None
        buffer[: len(chunk)] = chunk
        self._given += len(chunk)
        if self._bounded and self._given > RATIO_FLOOR_BYTES and self._given > MAX_RATIO * max(1, self._raw.tell()):
            raise self._fault("compression-bomb", f"more than {MAX_RATIO} bytes from each compressed byte")
        return len(chunk)

    def _fault(self, code: str, found: str) -> StreamError:
        return StreamError(Issue(self._locator, code=code, found=found))


def _decompressor(raw: BinaryIO, suffix: str) -> Any:
    if suffix == ".gz":
        import gzip

        return gzip.GzipFile(fileobj=raw)
    import pyarrow as pa

    return pa.CompressedInputStream(pa.PythonFile(raw, "r"), "zstd")


def _unreadable(locator: str, error: OSError) -> Issue:
    found = error.strerror or type(error).__name__
    return Issue(locator, code="unreadable-file", found=found, expected="a readable file")
