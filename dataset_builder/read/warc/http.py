"""The HTTP message inside a WARC record: status, headers, and the body as the browser got it.

Only what an archive needs of RFC 9112 (chunked transfer coding) and RFC 9110 (content codings); output is bounded.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_HEADER_BYTES = 1 << 20
#: How a page begins (WHATWG MIME Sniffing Standard, clause 7.1), comments before it left aside.
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html|<head|<body)[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HttpMessage:
    """A response: its status (0 where it has none), its headers in lower case, its body as it was sent."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type without parameters, in lower case."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The charset that the Content-Type names."""
        match = _CHARSET.search(self.headers.get("content-type", ""))
        return match[1] if match else None


class CodingError(ValueError):
    """A body that its codings do not describe."""


class CodingBombError(CodingError):
    """A body that grows beyond the limit."""


def parse_response(block: bytes) -> HttpMessage:
    """Split a record's block into headers and body; a block that is no HTTP message is all body."""
    match = _STATUS.match(block)
    if match is None:
        return HttpMessage(0, {}, block)
    end, width = _end_of_headers(block)
    headers: dict[str, str] = {}
    for line in block[:end].decode("latin-1").splitlines()[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return HttpMessage(int(match[1]), headers, block[end + width :])


def decoded_body(message: HttpMessage, limit: int) -> bytes:
    """The body without its transfer and content codings.

    Raises:
        CodingError: for a coding that nobody knows or that does not fit.
        CodingBombError: for more than ``limit`` bytes.
    """
    body = message.body
    if "chunked" in message.headers.get("transfer-encoding", "").lower():
        body = unchunked(body)
    codings = [coding.strip().lower() for coding in message.headers.get("content-encoding", "").split(",")]
    for coding in reversed(codings):
        body = _decode(body, coding, limit)
    return body


def begins_as_page(message: HttpMessage) -> bool:
    """Whether the body begins as an HTML page does, whatever its Content-Type says; one in a coding does not."""
    return bool(_PAGE.match(unchunked(message.body[:4_000])))


def unchunked(body: bytes) -> bytes:
    """The body without chunk sizes; as it is where it has none, for many archives store it so and keep the header."""
    parts: list[bytes] = []
    position = 0
    while (end := body.find(b"\r\n", position, position + 1_000)) >= 0:
        size = body[position:end].split(b";")[0].strip()
        if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", size):
            return body
        start, length = end + 2, int(size, 16)
        if length == 0:
            return b"".join(parts)
        parts.append(body[start : start + length])
        position = start + length + 2
    return b"".join(parts) if parts else body


def _end_of_headers(block: bytes) -> tuple[int, int]:
    for blank in (b"\r\n\r\n", b"\n\n"):
        if (end := block.find(blank, 0, _HEADER_BYTES)) >= 0:
            return end, len(blank)
    return len(block), 0


def _decode(body: bytes, coding: str, limit: int) -> bytes:
    if coding in ("", "identity") or not body:
        return body
    try:
        if coding in ("gzip", "x-gzip"):
            return body if body[:2] != b"\x1f\x8b" else _inflate(body, 31, limit)
        if coding == "deflate":
            return _inflate(body, 15 if body[0] & 0x0F == 8 else -15, limit)
        if coding == "br":
            return _brotli(body, limit)
        if coding == "zstd":
            return _zstd(body, limit)
    except (zlib.error, OSError) as error:
        raise CodingError(f"{coding}: {error}") from None
    raise CodingError(f"the content coding {coding[:40]!r}")


def _inflate(body: bytes, window: int, limit: int) -> bytes:
    decoder = zlib.decompressobj(window)
    return _within(decoder.decompress(body, limit + 1), limit)


def _brotli(body: bytes, limit: int) -> bytes:
    try:
        import brotli  # type: ignore[import-not-found,import-untyped,unused-ignore]
    except ImportError:
        raise CodingError("the content coding 'br' without the package brotli") from None
    try:
        return _within(brotli.Decompressor().process(body, output_buffer_limit=limit + 1), limit)
    except brotli.error as error:
        raise CodingError(f"br: {error}") from None


def _zstd(body: bytes, limit: int) -> bytes:
    import pyarrow as pa

    return _within(pa.CompressedInputStream(pa.BufferReader(body), "zstd").read(limit + 1), limit)


def _within(content: bytes, limit: int) -> bytes:
    if len(content) > limit:
        raise CodingBombError(f"more than {limit} bytes")
    return content
