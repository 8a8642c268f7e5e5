"""Plain text and text with YAML front matter: one file, one article."""

from __future__ import annotations

from collections.abc import Iterator

from dataset_builder.issues import Issue
from dataset_builder.read.context import InputFile
from dataset_builder.read.decode import decode_text
from dataset_builder.read.fields import read_declarations
from dataset_builder.read.front_matter import split_front_matter
from dataset_builder.read.record import RawRecord, Rejection, digest
from dataset_builder.read.streams import inner_suffix, read_payload

MEDIA_TYPES = {".md": "text/markdown", ".markdown": "text/markdown"}


def read_text(file: InputFile) -> Iterator[RawRecord | Rejection]:
    """Yield the file's one article. The payload is the file without its front matter."""
    content = read_payload(file)
    if isinstance(content, Issue):
        yield Rejection(content)
        return
    front = split_front_matter(content, file.locator)
    if front.issue:
        yield Rejection(front.issue)
        return
    decoded = decode_text(front.payload, file.locator)
    if decoded.text is None:
        yield Rejection(decoded.issue or Issue(file.locator, code="undecodable-file"))
        return
    if not decoded.text.strip():
        found = "front matter and no text" if front.values else f"{len(content)} bytes without text"
        yield Rejection(Issue(file.locator, code="empty-file", found=found, expected="the article's text"))
        return
    declared = read_declarations(
        front.values, rule="front-matter", path=file.locator, lines=front.lines, extra=file.extra
    )
    yield RawRecord(
        payload_sha256=digest(front.payload),
        payload_bytes=len(front.payload),
        media_type=MEDIA_TYPES.get(inner_suffix(file.locator), "text/plain"),
        charset=decoded.charset,
        source=file.settle_source(declared.value("source")),
        locator=file.locator,
        text=decoded.text,
        claims=(*declared.claims, *file.metadata.claims),
        issues=(*declared.issues, *file.metadata.issues, *([decoded.issue] if decoded.issue else [])),
        url=declared.value("url") or file.metadata.value("url"),
        fetched_at=declared.value("fetched_at") or file.metadata.value("fetched_at"),
        first_line=content.count(b"\n", 0, len(content) - len(front.payload)) + 1,
    )
