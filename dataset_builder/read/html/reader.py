"""HTML files: one file, one article. The payload is the file's bytes, whatever the extractor makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dataset_builder.issues import Issue, Severity
from dataset_builder.read.context import InputFile
from dataset_builder.read.record import RawRecord, Rejection, digest
from dataset_builder.read.streams import inner_suffix, read_payload

MEDIA_TYPES = {".xhtml": "application/xhtml+xml"}


def read_html(file: InputFile) -> Iterator[RawRecord | Rejection]:
    """Yield the page's one article, or the rejection that says why there is none."""
    payload = read_payload(file)
    if isinstance(payload, Issue):
        yield Rejection(payload)
        return
    media_type = MEDIA_TYPES.get(inner_suffix(file.locator), "text/html")
    yield record_of_page(file, payload, locator=file.locator, media_type=media_type)


def record_of_page(
    file: InputFile,
    payload: bytes,
    *,
    locator: str,
    media_type: str = "text/html",
    declared_charset: str | None = None,
    url: str | None = None,
    fetched_at: str | None = None,
) -> RawRecord | Rejection:
    """The record of one page, be it a file of its own or a record of an archive.

    Args:
        file: the file that holds the page, with what its metadata declares.
        locator: the page's place.
        declared_charset: the charset of the HTTP header.
        url: the address that the page was fetched from.
        fetched_at: when it was fetched, as recorded.
    """
    from dataset_builder.read.html.page import extract_html

    declared_url = file.metadata.value("url") or url
    page = extract_html(payload, declared_charset=declared_charset, url=declared_url, limits=file.limits)
    issues = tuple(replace(issue, path=file.locator) for issue in page.findings)
    if not page.text:
        return Rejection(next(issue for issue in issues if issue.severity is Severity.ERROR))
    return RawRecord(
        payload_sha256=digest(payload),
        payload_bytes=len(payload),
        media_type=media_type,
        source=file.settle_source(),
        locator=locator,
        text=page.text,
        claims=(*file.metadata.claims, *page.claims),
        issues=(*file.metadata.issues, *issues),
        flags=page.flags,
        charset=page.charset,
        extraction=page.extraction,
        extraction_sha256=page.extraction_sha256,
        url=declared_url or next((claim.value for claim in page.claims if claim.field == "url"), None),
        fetched_at=file.metadata.value("fetched_at") or fetched_at,
    )
