"""Title, author, date, address, language and summary: what the page's own markup states, then what rules find.

The cascade is the one that measured best: title from ``<h1>``, JSON-LD, the rest; author from JSON-LD, then the rest;
date from JSON-LD, ``<meta>``, ``<time>``, and from visible text only where the place it stands in is one for dates.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from dataset_builder.read.html.json_ld import LinkedData, Node, address_of
from dataset_builder.read.html.rules import html_rules
from dataset_builder.read.html.values import plain_text, visible_text
from dataset_builder.records import Claim, Origin
from dataset_builder.visible import one_line

_HEADING_CONFIDENCE = 0.95


def json_ld_claims(data: LinkedData, article: Node | None) -> Iterator[Claim]:
    """What the article's own node says; without one, what the page's node says."""
    node = article or next(iter(data.pages()), None)
    if node is None:
        return
    for mapping in html_rules().json_ld:
        if article is None and mapping.field == "title":
            continue  # a page's name is the site's as often as the article's
        value = data.text(node.get(mapping.name))
        if mapping.field == "author":
            value = "; ".join(name for name in value.split("; ") if "://" not in name)
        if value:
            weight = mapping.confidence if article is not None else mapping.confidence - 0.1
            yield Claim(mapping.field, value, Origin.EMBEDDED, f"json-ld:{mapping.name}", confidence=round(weight, 2))
    if article is not None and (address := address_of(article)):
        yield Claim("url", plain_text(address), Origin.EMBEDDED, "json-ld:url", confidence=0.7)


def meta_claims(tree: Any) -> Iterator[Claim]:
    """What ``<meta>`` elements say: OpenGraph, Dublin Core, the names of search engines and archives."""
    known = html_rules().meta
    seen: set[tuple[str, str]] = set()
    for element in tree.iter("meta"):
        content = plain_text(element.get("content") or "")
        if not content:
            continue
        for attribute in ("name", "property", "itemprop", "http-equiv"):
            mapping = known.get((element.get(attribute) or "").strip().lower())
            if mapping is None or (mapping.name, content) in seen:
                continue
            if mapping.field == "author" and "://" in content:
                continue
            seen.add((mapping.name, content))
            value = content.replace("_", "-") if mapping.field == "language" else content
            rule = mapping.name if ":" in mapping.name else f"meta:{mapping.name}"
            yield Claim(mapping.field, value, Origin.EMBEDDED, rule, confidence=mapping.confidence)


def heading_claims(tree: Any, titles: list[str]) -> Iterator[Claim]:
    """The title as ``<h1>`` gives it.

    Args:
        titles: what other markup gives as the title; of several headings the one that resembles them is taken.
    """
    headings = [text for element in tree.iter("h1") if 2 < len(text := visible_text(element)) < 500]
    if not headings:
        return
    best = max(headings, key=lambda text: max((_overlap(text, title) for title in titles), default=0.0))
    yield Claim("title", best, Origin.EMBEDDED, "h1", confidence=_HEADING_CONFIDENCE if len(headings) == 1 else 0.92)


def link_claims(tree: Any, url: str | None) -> Iterator[Claim]:
    """The canonical address and the language of ``<html>``."""
    for element in tree.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split() and (href := element.get("href")):
            address = _absolute(url, href)
            if address:
                yield Claim("canonical_url", address, Origin.EMBEDDED, "link:canonical", confidence=0.95)
                break
    language = plain_text(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
    if language:
        yield Claim("language", language.replace("_", "-"), Origin.EMBEDDED, "html:lang", confidence=0.8)


def author_claims(tree: Any) -> Iterator[Claim]:
    """Names in elements that are marked as the author's: microdata and the link type ``author``."""
    found = tree.xpath("//*[@itemprop='author' and not(self::meta)] | //a[contains(@rel, 'author')]")
    for element in found[:10]:
        name = element.xpath(".//*[@itemprop='name']") or [element]
        text = visible_text(name[0])
        if 2 < len(text) < 120:
            rule = "itemprop:author" if element.get("itemprop") else "rel:author"
            yield Claim("author", text, Origin.EMBEDDED, rule, confidence=0.75)
            return


def extracted_claims(tree: Any, url: str | None) -> Iterator[Claim]:
    """What trafilatura's rules find over the visible page; the weakest of this module's claims."""
    from copy import deepcopy

    from trafilatura import extract_metadata

    # A fixed bound instead of today, so that no result depends on the clock; the date itself is not used.
    found = extract_metadata(
        deepcopy(tree), url, {"extensive_search": False, "max_date": "2100-01-01"}, extensive=False
    )
    for field, value, confidence in (("title", found.title, 0.6), ("author", found.author, 0.6)):
        if value and (text := plain_text(value)):
            yield Claim(field, text, Origin.EXTRACTED, f"trafilatura:{field}", one_line(text), confidence=confidence)


def _overlap(first: str, second: str) -> float:
    left, right = set(first.casefold().split()), set(second.casefold().split())
    return len(left & right) / max(1, len(left | right))


def _absolute(base: str | None, href: str) -> str:
    try:
        address = urljoin(base or "", plain_text(href))
    except ValueError:
        return ""
    return address if address.startswith(("http://", "https://")) else ""
