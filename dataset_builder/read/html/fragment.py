"""HTML that is a body already (a feed's content, a wire item): every word of it, in paragraphs."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from dataset_builder.issues import Issue
from dataset_builder.limits import DEFAULT_LIMITS, Limits
from dataset_builder.read.html.tree import ParsedPage, parse_page
from dataset_builder.read.html.values import walk
from dataset_builder.read.record import RawRecord, Rejection, digest
from dataset_builder.records import Claim

#: What ``extraction`` records; changes with any output.
NAME = "html-fragment 1"

#: Elements that begin a line of their own (HTML standard, 15.3.3, flow content).
_BLOCK = re.compile(
    "address|article|aside|blockquote|body|d[dlt]|div|fig(caption|ure)|footer|form|h[1-6r]|header|main|nav|ol|p|pre|"
    "section|t(able|r)|ul"
)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_MARKUP = re.compile(r"<[a-zA-Z!/]|&(?:[a-zA-Z]{2,31}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")


def has_html(text: str) -> bool:
    """Whether a value holds tags or character references."""
    return bool(_MARKUP.search(text))


def fragment_license_claims(html: str, limits: Limits = DEFAULT_LIMITS) -> list[Claim]:
    """What the markup of a fragment says of the rights in it."""
    tree = _parse(html, limits).tree
    return [] if tree is None else _license_claims(tree)


def _license_claims(tree: Any) -> list[Claim]:
    from dataset_builder.read.html.licenses import unread_rights, whole_license_claims

    try:
        return whole_license_claims(tree)
    except Exception:  # whatever a third-party parser raises on hostile markup: a licence may be lost, so none is known
        return unread_rights("a fragment")


def _parse(html: str, limits: Limits) -> ParsedPage:
    return parse_page(f"<html><body>{html}</body></html>", limits)


def _text_of(tree: Any) -> str:
    """The fragment's text, paragraphs separated by a blank line and items by a line break."""
    pieces: list[str] = []
    for event, node in walk(tree):
        opening = event == "start"
        pieces.append(_gap(node.tag, opening))
        pieces.append(_SPACE.sub(" ", (node.text if opening else node.tail) or ""))
    paragraphs = re.split(r"\n{2,}", re.sub(r" ?\n ?", "\n", "".join(pieces)))
    lines = ("\n".join(line.strip() for line in paragraph.split("\n") if line.strip()) for paragraph in paragraphs)
    return "\n\n".join(line for line in lines if line)


def with_html_body(record: RawRecord | Rejection, limits: Limits) -> RawRecord | Rejection:
    """``record`` with the text of its body, which is HTML, and with what the body says of its rights.

    Identity stays with the HTML as it was delivered.
    """
    if isinstance(record, Rejection) or record.text is None:
        return record
    parsed = _parse(record.text, limits)
    text = "" if parsed.tree is None else _text_of(parsed.tree)
    path = record.locator.partition("#")[0]
    if not text:
        return Rejection(Issue(path, code="no-body", found="HTML without text", expected="the article's text"))
    return replace(
        record,
        text=text,
        media_type="text/html",
        extraction=NAME,
        extraction_sha256=digest(text.encode()),
        claims=(*record.claims, *_license_claims(parsed.tree)),
        issues=(*record.issues, *(replace(issue, path=path) for issue in parsed.issues)),
    )


def _gap(tag: str, opening: bool) -> str:
    if _BLOCK.fullmatch(tag):
        return "\n\n"
    if tag == "br":
        return "\n" if opening else ""
    if tag == "li":
        return "\n- " if opening else ""
    return " | " if tag in ("td", "th") and not opening else ""
