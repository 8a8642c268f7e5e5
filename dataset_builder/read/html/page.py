"""One HTML page to one article: its text, what is claimed about it, and what was wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from dataset_builder.issues import Issue
from dataset_builder.limits import DEFAULT_LIMITS, Limits
from dataset_builder.read.html.body import extract_body, extractor_name, extractors_disagree, is_navigation
from dataset_builder.read.html.charset import decode_page
from dataset_builder.read.html.dates import date_claims
from dataset_builder.read.html.json_ld import LinkedData, main_article, read_json_ld
from dataset_builder.read.html.licenses import license_claims, opt_out_claims, unread_rights
from dataset_builder.read.html.metadata import (
    ORGANISATION,
    author_claims,
    extracted_claims,
    heading_claims,
    json_ld_claims,
    link_claims,
    meta_claims,
    saved_from,
    without_site,
)
from dataset_builder.read.html.several import several_articles
from dataset_builder.read.html.tree import parse_page
from dataset_builder.read.html.values import has_markup, visible_text
from dataset_builder.read.signatures import binary_form
from dataset_builder.records import Claim
from dataset_builder.visible import one_line

#: Of the characters of a page no larger share is damaged; of bytes at random one in two is in no encoding.
_LOST_SHARE = 0.1
#: The extraction's flag where other extractors find another text.
DISAGREEMENT = "extractor-disagreement"


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """What the reader makes of a page.

    Attributes:
        text: the article's text, ``""`` where none was found (then a finding says so).
        charset: the encoding that the payload was decoded with.
        extraction: extractor, version and settings.
        extraction_sha256: SHA-256 of ``text`` in UTF-8, None where there is no text.
        claims: statements about the article, the most trusted of each field first.
        flags: quality flags.
        findings: what was wrong with the page; errors reject it.
    """

    text: str
    charset: str
    extraction: str
    extraction_sha256: str | None
    claims: tuple[Claim, ...]
    flags: tuple[str, ...]
    findings: tuple[Issue, ...]


def extract_html(
    payload: bytes, *, declared_charset: str | None = None, url: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> HtmlPage:
    """Read one page. Never raises for anything that the payload holds; time and memory are bounded.

    Args:
        payload: the page's bytes, decompressed.
        declared_charset: what the HTTP header or a person's declaration names.
        url: the address that the page was fetched from, if it is known.
        limits: how much of it is read.
    """
    decoded = decode_page(payload, declared_charset)
    if found := binary_form(payload) or _garbled(decoded.text):
        binary = Issue(code="binary-file", found=found, expected="an article's page")
        return HtmlPage("", decoded.charset, extractor_name(), None, (), (), (binary,))
    parsed = parse_page(decoded.text, limits)
    issues = [*decoded.issues, *parsed.issues]
    if parsed.tree is None:
        issues.append(Issue(code="no-body", found=f"{len(payload)} bytes without markup", expected="an article's page"))
        return HtmlPage("", decoded.charset, extractor_name(), None, (), (), tuple(issues))
    tree = parsed.tree
    data = read_json_ld(_scripts(tree))
    issues += data.issues
    saved = list(saved_from(decoded.text))
    claims = _claims(tree, data, url or next((claim.value for claim in saved), None), issues, saved)
    text = _guarded(lambda: [extract_body(tree, url)], "body", issues)
    body = text[0] if text and not is_navigation(tree, text[0]) else ""
    flags: list[str] = []
    if not body:
        issues.append(Issue(code="no-body", found="a page without an article's text", expected="an article's page"))
    elif any(_guarded(lambda: [extractors_disagree(tree, body)], "comparison", issues)):
        flags.append(DISAGREEMENT)
    if issue := several_articles(tree, data):
        issues.append(issue)
    sha256 = hashlib.sha256(body.encode()).hexdigest() if body else None
    return HtmlPage(body, decoded.charset, extractor_name(), sha256, claims, tuple(flags), tuple(issues))


def _garbled(text: str) -> str:
    """What shows that a page is no text in any encoding, ``""`` where nothing does."""
    lost = text.count("\ufffd")
    return f"{lost} byte sequences that are in no encoding" if lost > _LOST_SHARE * len(text) else ""


def _claims(tree: Any, data: LinkedData, url: str | None, issues: list[Issue], saved: list[Claim]) -> tuple[Claim, ...]:
    links = _guarded(lambda: link_claims(tree, url), "links", issues)
    metas = _guarded(lambda: meta_claims(tree), "meta elements", issues, rights=True)
    named = [url or "", *(claim.value for claim in (*links, *metas) if claim.field == "canonical_url")]
    addresses = tuple(address for address in named if address)
    article = main_article(data, addresses)
    linked = _guarded(lambda: json_ld_claims(data, article), "JSON-LD", issues, rights=True)
    stated = {claim.field for claim in (*linked, *metas) if claim.rule != ORGANISATION}
    extracted = []
    if not {"title", "author"} <= stated:
        extracted = _guarded(lambda: extracted_claims(tree, url), "metadata", issues)
    titles = [claim.value for claim in (*linked, *metas, *extracted) if claim.field == "title"]
    page_title = tree.findtext(".//head/title")
    licences = _guarded(
        lambda: license_claims(
            tree, data, next(iter(addresses), None), addresses=addresses, titles=_own_titles(tree, metas)
        ),
        "licences",
        issues,
        rights=True,
    )
    if article is not None and any(has_markup(str(article.get(member) or "")) for member in ("headline", "author")):
        issues.append(Issue(code="markup-in-metadata", found="tags in JSON-LD", expected="plain text"))
    claims = [
        *_guarded(lambda: heading_claims(tree, [*titles, page_title or ""]), "headings", issues),
        *linked,
        *metas,
        *_guarded(lambda: author_claims(tree), "bylines", issues),
        *_guarded(lambda: date_claims(tree, url, stated="date" in stated), "dates", issues),
        *saved,
        *links,
        *licences,
        *_guarded(lambda: opt_out_claims(tree), "robots", issues, rights=True),
        *extracted,
    ]
    if any(claim.field == "author" and claim.rule != ORGANISATION for claim in claims):
        claims = [claim for claim in claims if claim.rule != ORGANISATION]
    claims = without_site(claims, tree, data)
    return tuple(sorted(dict.fromkeys(claims), key=lambda claim: (claim.field, -claim.confidence)))


def _own_titles(tree: Any, metas: list[Claim]) -> tuple[str, ...]:
    """The page's titles as headings and metadata beside JSON-LD give them."""
    titles = [visible_text(element) for element in islice(tree.iter("h1"), 3)]
    titles += [tree.findtext(".//head/title") or "", *(claim.value for claim in metas if claim.field == "title")]
    return tuple(title for title in titles if title.strip())


def _guarded(find: Callable[[], Iterable[Any]], what: str, issues: list[Any], *, rights: bool = False) -> list[Any]:
    """What ``find`` gives; a library that gives up on a strange page costs its part and leaves a finding.

    Args:
        rights: whether the part may speak of rights: then a statement that nobody knows takes its place.
    """
    try:
        return list(find())
    except (RecursionError, MemoryError) as error:
        found = f"{what}: {type(error).__name__}"
    except Exception as error:  # whatever a third-party parser raises on hostile markup
        found = one_line(f"{what}: {type(error).__name__}: {error}")
    issues.append(Issue(code="extraction-failed", found=found, expected="a page that can be read"))
    return unread_rights(what) if rights else []


def _scripts(tree: Any) -> list[str]:
    return [
        element.text or ""
        for element in tree.iter("script")
        if (element.get("type") or "").split(";")[0].strip().lower() == "application/ld+json"
    ]
