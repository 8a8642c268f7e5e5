"""Title, author, date, address, language and summary: what the page's own markup states, then what rules find.

The cascade is the one that measured best: title from ``<h1>``, JSON-LD, the rest; author from JSON-LD, then the rest;
date from JSON-LD, ``<meta>``, ``<time>``, and from visible text only where the place it stands in is one for dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from dataset_builder.read.html.json_ld import LinkedData, Node, address_of, types_of
from dataset_builder.read.html.licenses import STATEMENTS
from dataset_builder.read.html.rules import html_rules
from dataset_builder.read.html.values import plain_text, visible_text
from dataset_builder.records import Claim, Origin
from dataset_builder.rights.members import member_claims
from dataset_builder.visible import one_line

#: Trust in ``<h1>``: one that other markup repeats, one of several, one that nothing else on the page confirms.
_HEADING, _HEADING_OF_SEVERAL, _HEADING_ALONE = 0.95, 0.92, 0.65
_CONFIRMED = 0.3
#: Trust in what the article's own node says about rights.
_RIGHTS = 0.95
_WORD = re.compile(r"\w+")
_SUFFIX = re.compile(r"(.{3,})\s[|\u2013\u2014\u00b7\u2022:-]\s+([^|]{2,80})$")
#: The rule of an author that is an organisation; it holds only where no person is named.
ORGANISATION = "json-ld:author@organization"
_BY = re.compile(r"^(?:written\s+by|by|author)\b:?\s+", re.IGNORECASE)
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d{1,6}\)(https?://\S{1,2000}) -->")
_LETTER = re.compile(r"[^\W\d_]")


def byline(value: str) -> str:
    """Names without "by", addresses and numbers of accounts."""
    names = (_BY.sub("", name.strip()) for name in value.split(";"))
    return "; ".join(dict.fromkeys(name for name in names if "://" not in name and _LETTER.search(name)))


def _language_tag(value: str) -> str:
    return value.replace("_", "-")


_NORMAL = {"author": byline, "language": _language_tag}


def json_ld_claims(data: LinkedData, article: Node | None) -> Iterator[Claim]:
    """What the article's own node says; without one, what the page's node says."""
    node = article or next(iter(data.pages()), None)
    if node is None:
        return
    for mapping in html_rules().json_ld:
        if article is None and mapping.field == "title":
            continue  # a page's name is the site's as often as the article's
        member = node.get(mapping.name)
        value = byline(data.text(member)) if mapping.field == "author" else data.text(member)
        rule = f"json-ld:{mapping.name}"
        if mapping.field == "author" and data.organisation(member):
            rule = ORGANISATION
        if value:
            weight = mapping.confidence if article is not None else mapping.confidence - 0.1
            yield Claim(mapping.field, value, Origin.EMBEDDED, rule, confidence=round(weight, 2))
    for claim in member_claims(node, "schema.org", nodes=data.by_id):
        if claim.field not in STATEMENTS:  # those are read with their scope, beside the page's links
            value = plain_text(claim.value)
            yield replace(claim, value=value, confidence=_RIGHTS if article is not None else _RIGHTS - 0.1)
    if article is not None and (address := address_of(article)):
        yield Claim("url", plain_text(address), Origin.EMBEDDED, "json-ld:url", confidence=0.7)


def meta_claims(tree: Any) -> Iterator[Claim]:
    """What ``<meta>`` elements say: OpenGraph, Dublin Core, the names of search engines and archives.

    Their statements of rights are read by :mod:`dataset_builder.read.html.licenses`.
    """
    known = html_rules().meta
    seen: set[tuple[str, str]] = set()
    for element in tree.iter("meta"):
        content = plain_text(element.get("content") or "")
        if not content:
            continue
        for attribute in ("name", "property", "itemprop", "http-equiv"):
            mapping = known.get((element.get(attribute) or "").strip().lower())
            if mapping is None or mapping.field in STATEMENTS or (mapping.name, content) in seen:
                continue
            seen.add((mapping.name, content))
            value = _NORMAL.get(mapping.field, str)(content)
            if not value:
                continue
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
    alike = [max((_overlap(text, title) for title in titles), default=1.0) for text in headings]
    best = max(range(len(headings)), key=lambda index: alike[index])
    confidence = _HEADING if len(headings) == 1 else _HEADING_OF_SEVERAL
    if alike[best] < _CONFIRMED:
        confidence = _HEADING_ALONE
    yield Claim("title", headings[best], Origin.EMBEDDED, "h1", confidence=confidence)


def link_claims(tree: Any, url: str | None) -> Iterator[Claim]:
    """The canonical address, which is the page's own where nothing else names it, and the language of ``<html>``."""
    for element in tree.iter("link"):
        if "canonical" not in (element.get("rel") or "").lower().split():
            continue
        if address := _absolute(url, element.get("href") or ""):
            yield Claim("canonical_url", address, Origin.EMBEDDED, "link:canonical", confidence=0.95)
            yield Claim("url", address, Origin.EMBEDDED, "link:canonical", confidence=0.6)
            break
    language = plain_text(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
    if language:
        yield Claim("language", _language_tag(language), Origin.EMBEDDED, "html:lang", confidence=0.8)


def saved_from(text: str) -> Iterator[Claim]:
    """The address that browsers note in a comment when they save a page."""
    if match := _SAVED_FROM.search(text, 0, 4_000):
        yield Claim("url", match[1], Origin.EMBEDDED, "saved-from", one_line(match[0]), confidence=0.9)


def author_claims(tree: Any) -> Iterator[Claim]:
    """Names in elements that are marked as the author's: microdata and the link type ``author``."""
    found = tree.xpath("//*[@itemprop='author' and not(self::meta)] | //a[contains(@rel, 'author')]")
    for element in found[:10]:
        name = element.xpath(".//*[@itemprop='name']") or [element]
        text = byline(visible_text(name[0]))
        if 2 < len(text) < 120:
            rule = "itemprop:author" if element.get("itemprop") else "rel:author"
            yield Claim("author", text, Origin.EMBEDDED, rule, confidence=0.75)
            return


def extracted_claims(tree: Any, url: str | None) -> Iterator[Claim]:
    """What trafilatura's rules find over the visible page; the weakest of this module's claims."""
    from copy import deepcopy

    from lxml import etree
    from trafilatura import extract_metadata

    visible = deepcopy(tree)
    etree.strip_elements(visible, "script", "style", with_tail=False)
    # A fixed bound instead of today, so that no result depends on the clock; the date itself is not used.
    found = extract_metadata(visible, url, {"extensive_search": False, "max_date": "2100-01-01"}, extensive=False)
    for field, value, confidence in (("title", found.title, 0.6), ("author", found.author, 0.6)):
        if value and (text := _NORMAL.get(field, str)(plain_text(value))):
            yield Claim(field, text, Origin.EXTRACTED, f"trafilatura:{field}", one_line(text), confidence=confidence)


def without_site(claims: list[Claim], tree: Any, data: LinkedData) -> list[Claim]:
    """The claims with the site's own name taken off the end of titles ("Ferry returns | The Ledger")."""
    names = [element.get("content") or "" for element in tree.xpath("//meta[@property='og:site_name']")]
    names += [
        data.text(node.get("name")) for node in data.nodes if types_of(node) & {"WebSite", "NewsMediaOrganization"}
    ]
    names += [data.text(node.get("publisher")) for node in data.articles()]
    sites = {key for name in names if (key := _key(name))}
    return [
        replace(claim, value=_cut_site(claim.value, sites), evidence=one_line(claim.value))
        if claim.field == "title" and _cut_site(claim.value, sites) != claim.value
        else claim
        for claim in claims
    ]


def _cut_site(title: str, sites: set[str]) -> str:
    match = _SUFFIX.match(title)
    return match[1] if match and _key(match[2]) in sites else title


def _key(name: str) -> str:
    return "".join(_WORD.findall(name.casefold()))


def _overlap(heading: str, title: str) -> float:
    """The share of the heading's words that the title has."""
    words = set(_WORD.findall(heading.casefold()))
    return len(words & set(_WORD.findall(title.casefold()))) / max(1, len(words))


def _absolute(base: str | None, href: str) -> str:
    try:
        address = urljoin(base or "", plain_text(href))
    except ValueError:
        return ""
    return address if address.startswith(("http://", "https://")) else ""
