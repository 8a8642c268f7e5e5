"""Where a name begins and ends: what a model took along that is no part of it.

A mention is only ever made smaller: ``the United States`` becomes ``United States``, ``Rivera's`` becomes ``Rivera``, a
span over a line break becomes one for each line. Names in other labels (dates, sums) are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from dataset_builder.resources import read_json
from dataset_builder.stages.entities.labels import coarse_label
from dataset_builder.stages.entities.types import Span

#: Coarse labels of names proper, which the rules of this package look at.
NAMED = frozenset({"PER", "ORG", "LOC"})

_ADDRESS = re.compile(r"[@<>]|://|www\.|\.(?:com|org|net|html?|jpg|pdf)\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_LARGE_ARTICLE = re.compile(r"(?:The|A|An)\s+(?=\S+\s)")
_SENTENCE_START = re.compile(r"(?:\A|[.!?:\n][\"'“”‘’)\]]*)\s*[\"'“‘(]?\Z")
_SPACED_DASH = re.compile(r"\s[-–—|]\s")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], str]:
    """Leading article, trailing possessive, leading form of address, and the characters no name has at its ends."""
    table = read_json("entities", "boundaries.json")
    articles = "|".join(map(re.escape, table["articles"]))
    possessives = "|".join(map(re.escape, table["possessives"]))
    honorifics = "|".join(map(re.escape, table["honorifics"]))
    return (
        re.compile(rf"(?:{articles})\s+"),
        re.compile(rf"\s?(?:{possessives})\Z"),
        re.compile(rf"(?:(?:{honorifics})\.?\s+)+", re.IGNORECASE),
        table["quotes"],
    )


def trim(spans: Sequence[Span]) -> list[Span]:
    """The spans cut down to the names that they hold; those that hold none are left out."""
    return [part for span in spans for part in _trimmed(span)]


def drop_large_articles(body: str, spans: Sequence[Span]) -> list[Span]:
    """A name of several words loses the ``The`` that is large only because a sentence begins there.

    ``The`` within a sentence is part of a name, and so it is before a single word (``The Hague``, ``The Economist``).
    """
    return [_without_article(body, span) for span in spans]


def _without_article(body: str, span: Span) -> Span:
    if coarse_label(span.label) not in NAMED or not (article := _LARGE_ARTICLE.match(span.text)):
        return span
    if not _SENTENCE_START.search(body[max(0, span.start - 6) : span.start]):
        return span
    return Span(span.start + article.end(), span.end, span.text[article.end() :], span.label)


def _trimmed(span: Span) -> Iterator[Span]:
    coarse = coarse_label(span.label)
    for line in _LINE.finditer(span.text):
        if coarse not in NAMED:
            yield from _narrow(span, *_unblanked(span.text, line.start(), line.end()))
            continue
        start, end = _name_within(span.text, line.start(), line.end(), person=coarse == "PER")
        if coarse == "PER" and _DIGIT.search(span.text, start, end):
            continue
        if end > start and not _ADDRESS.search(span.text, start, end) and _has_letter(span.text, start, end):
            yield from _narrow(span, start, end)


def _narrow(span: Span, start: int, end: int) -> Iterator[Span]:
    if end > start:
        yield Span(span.start + start, span.start + end, span.text[start:end], span.label)


def _name_within(text: str, start: int, end: int, *, person: bool) -> tuple[int, int]:
    """The place of the name in ``text[start:end]``."""
    article, possessive, honorific, quotes = _patterns()
    if person:
        dash = _SPACED_DASH.search(text, start, end)
        end = dash.start() if dash else end
    start, end = _stripped(text, start, end, quotes)
    if found := article.match(text, start, end):
        start = found.end()
    if person and (found := honorific.match(text, start, end)) and found.end() < end:
        start = found.end()
    if found := possessive.search(text, max(start, end - 4), end):
        end = found.start()
    return _stripped(text, start, end, quotes)


def _stripped(text: str, start: int, end: int, characters: str) -> tuple[int, int]:
    """``start:end`` without blanks and ``characters`` at either end; a bracket that is closed in the name stays."""
    while start < end and (text[start].isspace() or text[start] in characters):
        start += 1
    while start < end and (text[end - 1].isspace() or (text[end - 1] in characters and not _closes(text, start, end))):
        end -= 1
    return start, end


def _closes(text: str, start: int, end: int) -> bool:
    return (text[end - 1] == ")" and "(" in text[start : end - 1]) or (text[end - 1] == "!" and text[end - 2].isalpha())


def _unblanked(text: str, start: int, end: int) -> tuple[int, int]:
    return _stripped(text, start, end, "")


def _has_letter(text: str, start: int, end: int) -> bool:
    return any(character.isalpha() for character in text[start:end])
