"""The date of publication outside JSON-LD and ``<meta>``: in elements for dates, in the address.

htmldate finds a date on nearly every page, those without one included; its last resorts (any date of the page, images,
the copyright line) account for that. Only its rules for elements that are there to hold a date are used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from dataset_builder.read.html.values import plain_text, visible_text
from dataset_builder.records import Claim, Origin
from dataset_builder.visible import one_line

_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-](0[1-9]|1[0-2])[/-](0[1-9]|[12]\d|3[01])(?=[/-]|$)")
_PUBLISHED = re.compile(r"publi(?:sh|c)|entry-date|pub-?date|posted", re.IGNORECASE)
_CHANGED = re.compile(r"modif|updat|edit", re.IGNORECASE)
_ASIDE = frozenset({"aside", "nav", "footer", "li", "form"})
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
#: A line beside the heading that holds a date and little else; a sentence that mentions one ends as sentences do.
_DATELINE_WORDS = 9
#: The date of an article stands near its top; the thousandth candidate is another's.
_MOST_CANDIDATES = 200
_DATELINE_CHARACTERS = 200
_SENTENCE = re.compile(r"[.!?…]['\"”’»)]*$")
_ELEMENTS_BEFORE, _ELEMENTS_AFTER = 12, 40


def date_claims(tree: Any, url: str | None, *, stated: bool = False) -> Iterator[Claim]:
    """Dates in the page's elements and in its address.

    Args:
        stated: whether JSON-LD or ``<meta>`` give the date; then visible text is not searched for a weaker one.
    """
    marked = [*_microdata(tree), *_time_elements(tree)]
    yield from marked
    yield from _address(url)
    if not marked and not stated:
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
    """Elements whose names say that they hold a date or a byline, and short lines beside the heading, as htmldate reads
    them. A date that is labelled as one of change is none of publication."""
    from copy import deepcopy

    from htmldate.core import date_candidates
    from htmldate.extractors import discard_unwanted
    from htmldate.settings import CLEANING_LIST
    from htmldate.utils import clean_html

    searched = discard_unwanted(clean_html(deepcopy(tree), CLEANING_LIST))
    named = ((element, "htmldate:element", 0.6) for element in date_candidates(searched, False))
    beside = ((element, "htmldate:beside-heading", 0.55) for element in _beside_heading(searched))
    for element, rule, confidence in (*islice(named, _MOST_CANDIDATES), *beside):
        evidence = visible_text(element)
        if _CHANGED.search(evidence) and not _PUBLISHED.search(evidence):
            continue
        if found := _read_date(element):
            yield Claim("date", found, Origin.EXTRACTED, rule, one_line(evidence), confidence=confidence)
            return


def _read_date(element: Any) -> str | None:
    from datetime import datetime

    from htmldate.core import examine_elements
    from htmldate.utils import Extractor

    # Fixed bounds: the first web pages, and a year that no result may depend on.
    options = Extractor(False, datetime(2100, 1, 1), datetime(1995, 1, 1), True, "%Y-%m-%d")
    found: str | None = examine_elements([element], options)
    return found


def _beside_heading(tree: Any) -> Iterator[Any]:
    """Short elements with a year in them, just before and after the first heading."""
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    at = next((index for index, element in enumerate(elements) if element.tag == "h1"), None)
    if at is None:
        return
    for element in elements[max(0, at - _ELEMENTS_BEFORE) : at + _ELEMENTS_AFTER]:
        if element.tag in ("h1", "title", "a") or len(element) > 6 or _in_aside(element):
            continue
        text = visible_text(element, _DATELINE_CHARACTERS)
        if _YEAR.search(text) and len(text.split()) <= _DATELINE_WORDS and not _SENTENCE.search(text):
            yield element


def _in_aside(element: Any) -> bool:
    return any(ancestor.tag in _ASIDE for ancestor in element.iterancestors())


def _names(element: Any) -> str:
    parent = element.getparent()
    own = f"{element.get('class') or ''} {element.get('itemprop') or ''} {element.get('id') or ''}"
    return own if parent is None else f"{own} {parent.get('class') or ''}"
