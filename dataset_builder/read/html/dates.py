"""The date of publication outside JSON-LD and ``<meta>``: in elements for dates, in the address.

htmldate finds a date on nearly every page, those without one included; its last resorts (any date of the page, images,
the copyright line) account for that. Only its rules for elements that are there to hold a date are used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dataset_builder.read.html.values import plain_text, visible_text
from dataset_builder.records import Claim, Origin
from dataset_builder.visible import one_line

_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-](0[1-9]|1[0-2])[/-](0[1-9]|[12]\d|3[01])(?=[/-]|$)")
_PUBLISHED = re.compile(r"publi(?:sh|c)|entry-date|pub-?date|posted", re.IGNORECASE)
_CHANGED = re.compile(r"modif|updat|edit", re.IGNORECASE)
_ASIDE = frozenset({"aside", "nav", "footer", "li", "form"})


def date_claims(tree: Any, url: str | None) -> Iterator[Claim]:
    """Dates in the page's elements and in its address."""
    yield from _microdata(tree)
    yield from _time_elements(tree)
    yield from _address(url)
    yield from _date_elements(tree)


def _microdata(tree: Any) -> Iterator[Claim]:
    for element in tree.xpath("//*[@itemprop='datePublished' and not(self::meta)]")[:1]:
        if value := plain_text(element.get("datetime") or element.get("content") or "") or visible_text(element):
            evidence = one_line(visible_text(element))
            yield Claim("date", value[:200], Origin.EMBEDDED, "itemprop:datePublished", evidence, confidence=0.85)


def _time_elements(tree: Any) -> Iterator[Claim]:
    """``<time>``: one that says that it is the publication's, else the first beside the heading."""
    times = [element for element in tree.iter("time") if element.get("datetime") and not _in_aside(element)]
    times = [element for element in times if not _CHANGED.search(_names(element))]
    marked = [e for e in times if e.get("pubdate") is not None or _PUBLISHED.search(_names(e))]
    for element in (marked or times)[:1]:
        evidence = one_line(visible_text(element))
        confidence = 0.8 if marked else 0.65
        value = plain_text(element.get("datetime"))[:200]
        yield Claim("date", value, Origin.EMBEDDED, "time:datetime", evidence, confidence=confidence)


def _address(url: str | None) -> Iterator[Claim]:
    if url and (match := _URL_DATE.search(url)):
        value = "-".join(match.groups())
        yield Claim("date", value, Origin.EXTRACTED, "url-path", one_line(match[0]), confidence=0.7)


def _date_elements(tree: Any) -> Iterator[Claim]:
    """htmldate's rule for elements whose names say that they hold a date or a byline."""
    from copy import deepcopy
    from datetime import datetime

    from htmldate.core import CLEANING_LIST, clean_html, date_candidates, discard_unwanted, examine_elements
    from htmldate.utils import Extractor

    # Fixed bounds: the first web page, and a year that no result of ours may depend on.
    options = Extractor(False, datetime(2100, 1, 1), datetime(1995, 1, 1), True, "%Y-%m-%d")  # noqa: DTZ001, FBT003
    searched = discard_unwanted(clean_html(deepcopy(tree), CLEANING_LIST))
    for element in date_candidates(searched, False):
        if found := examine_elements([element], options):
            evidence = one_line(visible_text(element))
            yield Claim("date", found, Origin.EXTRACTED, "htmldate:element", evidence, confidence=0.6)
            return


def _in_aside(element: Any) -> bool:
    return any(ancestor.tag in _ASIDE for ancestor in element.iterancestors())


def _names(element: Any) -> str:
    parent = element.getparent()
    own = f"{element.get('class') or ''} {element.get('itemprop') or ''} {element.get('id') or ''}"
    return own if parent is None else f"{own} {parent.get('class') or ''}"
