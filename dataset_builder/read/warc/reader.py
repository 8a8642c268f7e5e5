"""WARC files to articles: pages by the HTML reader, extracted texts (WET) as they are, with what the archive knows.

The payload, and so the article's identity, is the record's body as it was sent; WARC-Payload-Digest is over the same
bytes. Records that are no page (images, redirects, errors) are counted and said, once an archive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from dataset_builder.errors import MissingDependencyError
from dataset_builder.issues import Issue, Severity
from dataset_builder.read.context import InputFile
from dataset_builder.read.html.reader import record_of_page
from dataset_builder.read.record import RawRecord, Rejection, digest
from dataset_builder.read.streams import StreamError, open_stream
from dataset_builder.read.warc.digests import matches
from dataset_builder.read.warc.http import (
    CodingBombError,
    CodingError,
    HttpMessage,
    begins_as_page,
    decoded_body,
    parse_response,
    unchunked,
)
from dataset_builder.read.warc.metadata import metadata_claims, refers_to
from dataset_builder.read.warc.records import READ, WarcBlock, warc_blocks
from dataset_builder.records import Claim, Origin
from dataset_builder.visible import is_unsafe, one_line

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_OK = range(200, 300)

Item = RawRecord | Rejection


def read_warc(file: InputFile) -> Iterator[Item]:
    """Yield one record or rejection a page of the archive, read up to where it breaks."""
    try:
        with open_stream(file) as stream:
            yield from read_archive(file, stream, file.locator)
    except StreamError as error:
        yield Rejection(error.issue)


def read_archive(file: InputFile, stream: BinaryIO, locator: str) -> Iterator[Item]:
    """The articles of one decompressed archive.

    Args:
        file: the input file that is, or holds, the archive.
        locator: the archive's place; the record's follows after a ``#``.
    """
    archive = _Archive(file, locator)
    try:
        for block in warc_blocks(stream, file.limits.item_bytes):
            yield from archive.take(block)
    except MissingDependencyError as error:
        yield Rejection(Issue(file.locator, code="extra-not-installed", found=error.found, hint=error.hint))
        return
    except OSError as error:
        yield from archive.release()
        found = f"after record {archive.count}: {one_line(str(error))}"
        yield Rejection(Issue(file.locator, row=archive.count + 1, code="archive-damaged", found=found))
        return
    yield from archive.release(last=True)


class _Archive:
    """One article is held back until the next record, which may be the metadata of it."""

    def __init__(self, file: InputFile, locator: str) -> None:
        self.count = 0
        self._file = file
        self._locator = locator
        self._held: tuple[str, Item] | None = None
        self._skipped: Counter[str] = Counter()
        self._pages = 0

    def take(self, block: WarcBlock) -> Iterator[Item]:
        """Note one record; yields what was held back before it."""
        self.count = block.number
        if block.kind == "metadata":
            self._describe(block)
            return
        item = self._item(block)
        if item is None:
            self._skipped[_reason(block)] += 1
            return
        yield from self.release()
        self._pages += 1
        self._held = (block.record_id, item)

    def release(self, *, last: bool = False) -> Iterator[Item]:
        """What is held back; at the end with the count of the records that are no pages."""
        held, self._held = self._held, None
        item = held[1] if held else None
        if last and not self._pages:
            found = f"{self.count} records without a page"
            yield Rejection(Issue(self._file.locator, code="archive-without-pages", found=found))
        if last and self._skipped and isinstance(item, RawRecord):
            found = ", ".join(f"{count} {reason}" for reason, count in sorted(self._skipped.items()))
            note = Issue(self._file.locator, code="archive-records-skipped", found=one_line(found))
            item = replace(item, issues=(*item.issues, note))
        if item is not None:
            yield item

    def _describe(self, block: WarcBlock) -> None:
        if self._held is None or not isinstance(self._held[1], RawRecord) or not refers_to(block, self._held[0]):
            self._skipped["metadata"] += 1
            return
        record = self._held[1]
        self._held = (self._held[0], replace(record, claims=(*record.claims, *metadata_claims(block))))

    def _item(self, block: WarcBlock) -> Item | None:
        if block.kind not in READ:
            return None
        if block.block is None:
            most = self._file.limits.item_bytes
            code = "file-too-large" if block.size > most else "archive-record-length"
            return self._rejected(block, code, f"a record of {block.size} bytes", f"0 to {most} bytes")
        if len(block.block) < block.size:
            found, expected = f"{len(block.block)} bytes", f"{block.size} bytes, as Content-Length says"
            return self._rejected(block, "archive-record-length", found, expected)
        message = parse_response(block.block) if block.kind == "response" else _as_message(block)
        is_page = (message.media_type in PAGE_TYPES or begins_as_page(message)) and (
            block.kind != "response" or message.status in _OK
        )
        if not is_page and not (block.kind == "conversion" and message.media_type == "text/plain"):
            return None
        item = self._page(block, message) if is_page else self._text(block, message)
        if isinstance(item, Rejection):
            return Rejection(replace(item.issue, row=block.number))
        return replace(item, issues=(*item.issues, *self._doubts(block, message)))

    def _page(self, block: WarcBlock, message: HttpMessage) -> Item:
        limits, packed = self._file.limits, len(message.body)
        most = min(limits.item_bytes, limits.unpacked_bytes(packed))
        try:
            content = decoded_body(message, most)
        except CodingBombError as error:
            code = "file-too-large" if most == limits.item_bytes else "compression-bomb"
            return self._rejected(block, code, f"{error} from {packed}", f"at most {most} bytes")
        except CodingError as error:
            return self._rejected(block, "archive-record-coding", one_line(str(error)), "a body in its stated coding")
        url = block.headers.get("warc-target-uri", "").strip("<> ")
        page = record_of_page(
            self._file,
            content,
            locator=self._place(block),
            media_type=message.media_type,
            declared_charset=message.charset,
            url=url or None,
            fetched_at=block.headers.get("warc-date"),
        )
        if isinstance(page, Rejection):
            return page
        return replace(
            page,
            payload_sha256=digest(message.body),
            payload_bytes=len(message.body),
            claims=(*_archive_claims(block, message), *page.claims),
        )

    def _text(self, block: WarcBlock, message: HttpMessage) -> Item:
        text = message.body.decode("utf-8", "replace").strip()
        if not text:
            return self._rejected(block, "no-body", "a conversion without text", "the article's text")
        return RawRecord(
            payload_sha256=digest(message.body),
            payload_bytes=len(message.body),
            media_type="text/plain",
            source=self._file.settle_source(),
            locator=self._place(block),
            text=text,
            claims=(*self._file.metadata.claims, *_archive_claims(block, message)),
            charset="utf-8",
            url=block.headers.get("warc-target-uri"),
            fetched_at=block.headers.get("warc-date"),
        )

    def _doubts(self, block: WarcBlock, message: HttpMessage) -> Iterator[Issue]:
        """What the archive itself says against its record."""
        assert block.block is not None
        contents = {
            "warc-block-digest": (block.block,),
            "warc-payload-digest": (message.body, unchunked(message.body)),
        }
        for name, content in contents.items():
            if (labelled := block.headers.get(name)) and matches(labelled, *content) is False:
                expected = one_line(labelled)
                found = "other bytes than were digested"
                yield self._issue(block, "archive-digest-mismatch", found, expected)
        if message.media_type not in PAGE_TYPES and begins_as_page(message):
            found = one_line(f"Content-Type {message.media_type or 'missing'} before a page")
            yield self._issue(block, "archive-media-type", found, "text/html")
        if reason := block.headers.get("warc-truncated"):
            yield self._issue(block, "archive-record-truncated", one_line(f"WARC-Truncated: {reason}"), "a whole page")

    def _place(self, block: WarcBlock) -> str:
        record_id = block.record_id
        safe = record_id and len(record_id) <= 200 and not is_unsafe(record_id) and "#" not in record_id
        return f"{self._locator}#{record_id if safe else f'R{block.number}'}"

    def _issue(self, block: WarcBlock, code: str, found: str, expected: str) -> Issue:
        return Issue(self._file.locator, row=block.number, code=code, found=found, expected=expected)

    def _rejected(self, block: WarcBlock, code: str, found: str, expected: str) -> Rejection:
        issue = self._issue(block, code, found, expected)
        assert issue.severity is Severity.ERROR
        return Rejection(issue)


def _as_message(block: WarcBlock) -> HttpMessage:
    """A resource or a conversion as a message: its media type is the record's."""
    assert block.block is not None
    return HttpMessage(0, {"content-type": block.headers.get("content-type", "")}, block.block)


def _archive_claims(block: WarcBlock, message: HttpMessage) -> Iterator[Claim]:
    """What the record's headers and the HTTP headers state about the page."""
    for field, rule, value in (
        ("url", "warc:WARC-Target-URI", block.headers.get("warc-target-uri", "").strip("<> ")),
        ("fetched_at", "warc:WARC-Date", block.headers.get("warc-date", "")),
        ("tdm_reservation", "http:tdm-reservation", message.headers.get("tdm-reservation", "")),
        ("content_usage", "http:content-usage", message.headers.get("content-usage", "")),
    ):
        if value:
            yield Claim(field, one_line(value, 2_000), Origin.EMBEDDED, rule, confidence=1.0)


def _reason(block: WarcBlock) -> str:
    if block.kind != "response" or block.block is None:
        return block.kind if block.kind in {"warcinfo", "request", "revisit", "resource", "conversion"} else "others"
    status = parse_response(block.block[:200]).status
    return "responses that are no page" if status in _OK else "responses without success"
