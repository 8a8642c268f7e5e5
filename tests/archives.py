"""Small web archives that tests write; fictional, CC0."""

from __future__ import annotations

import base64
import gzip
import hashlib

PAGE = (
    "<!doctype html><html lang=en><head><meta charset=utf-8>"
    "<title>{title}</title></head><body><article><h1>{title}</h1>"
    "<p>The ferry between Port Amsel and the outer islands will sail again from Monday, the harbour office said.</p>"
    "<p>Its engine had failed in the storm of October, and two hundred islanders had waited for a spare part.</p>"
    "<p>The council will pay for a second crew until spring, wrote the clerk in the matter of {title}.</p>"
    "</article></body></html>"
)


def page(title: str) -> bytes:
    """One fictional article's page."""
    return PAGE.format(title=title).encode()


def sha1(content: bytes) -> str:
    """A digest as WARC headers label it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()


def response(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """An HTTP response with a body."""
    lines = [f"HTTP/1.1 {status}", *(headers or ("Content-Type: text/html; charset=utf-8",))]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def record(kind: str, block: bytes, *headers: str, number: int = 1, length: int | None = None) -> bytes:
    """One WARC record; ``length`` states another size than the block has."""
    lines = [
        "WARC/1.1",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>",
        "WARC-Date: 2024-10-21T06:30:00Z",
        f"Content-Length: {len(block) if length is None else length}",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def page_record(number: int, *, digest_of: bytes | None = None) -> bytes:
    """A response record with the page ``Ferry NUMBER`` and its digests."""
    body = page(f"Ferry {number}")
    block = response(body)
    return record(
        "response",
        block,
        f"WARC-Target-URI: https://ledger.example.org/ferry-{number}",
        "Content-Type: application/http; msgtype=response",
        f"WARC-Block-Digest: {sha1(block)}",
        f"WARC-Payload-Digest: {sha1(body if digest_of is None else digest_of)}",
        number=number,
    )


def compressed(records: list[bytes]) -> bytes:
    """One gzip member a record, as the standard has it."""
    return b"".join(gzip.compress(content, mtime=0) for content in records)
