"""What stands above an article: title and dek, told from a first sentence by what surrounds them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dataset_builder.records import Claim, Origin
from dataset_builder.stages.clean.furniture import Decisions, closes_head, evidence
from dataset_builder.stages.clean.lines import SENTENCE_END, Line
from dataset_builder.stages.clean.publication import is_label

#: So many lines from the top a publication line or byline still closes the head, although a dek reads like a sentence.
DEEPEST_HEAD = 8
LONGEST_DEK = 60
LONGEST_TITLE = 35
FEWEST_DEK_WORDS = 5
#: Families whose lines belong to a head: one of them is good evidence that a headline stands there.
WITNESSES = frozenset({"publication", "bylines", "kickers"})
NOT_TITLE = re.compile(r"(?i)https?://|www\.|@|^[\W\d_]*$|[;,:]$|[^.]{3}\.$")
WORDS = re.compile(r"\w+")
#: What an extractor leaves of a page's head has at most so many lines, and a section's name so many words.
TORN_LINES, TORN_WORDS = 4, 4


def head_end(lines: Sequence[Line], decisions: Decisions, language: str | None) -> int:
    """The index of the first line of the body.

    That is the first prose line, unless a line of the head (publication line, byline) follows it closely and a headline
    stands above it: then it is a dek.
    """
    kept = decisions.kept(lines)
    first = next((index for index in kept if lines[index].prose), len(lines))
    if first >= len(lines) or lines[first].words > LONGEST_DEK or not any(index < first for index in kept):
        return first
    later = next((index for index in kept if index > first and lines[index].prose), len(lines))
    closing = [
        index
        for index in range(first + 1, min(later, first + 1 + DEEPEST_HEAD))
        if decisions.families.get(index) in WITNESSES or closes_head(lines[index], language)
    ]
    return closing[-1] + 1 if closing and later < len(lines) and first < DEEPEST_HEAD else first


def take_headings(lines: Sequence[Line], decisions: Decisions, title: str | None, end: int) -> None:
    """Move title and dek out of the head (the lines before ``end``) into claims.

    A line is a title on good evidence only: it repeats the title that is known, or it stands at the top of a head that
    has a publication line, a byline or a kicker; with less confidence, where one or two lines that are no sentences
    stand above the first sentence.
    """
    kept = decisions.kept(lines, 0, end)
    if not kept or end >= len(lines):
        return
    if title and (place := next((index for index in kept if same(lines[index].bare, title)), None)) is not None:
        decisions.drop(place, "title-repeated", "title")
        take_dek(lines, decisions, [index for index in kept if index > place])
        return
    witnessed = any(decisions.families.get(index) in WITNESSES for index in range(end))
    place = next((index for index in kept if could_be_title(lines[index])), None)
    if place is None or not (witnessed or (len(kept) <= 2 and not title)):
        return
    confidence = 0.8 if witnessed else 0.5
    rule = "title-in-head" if witnessed else "title-above-text"
    decisions.drop(place, rule, "title", claim("title", lines[place], rule, confidence))
    take_dek(lines, decisions, [index for index in kept if index > place])


def take_torn_head(lines: Sequence[Line], decisions: Decisions, authors: Sequence[str]) -> None:
    """Drop what an extractor left of a page's head above the first sentence: section, author, a label without its date.

    All lines there must be such, and one line alone the section's name; otherwise nothing is known for sure.
    """
    kept = decisions.kept(lines)
    end = next((place for place, index in enumerate(kept) if lines[index].prose), len(kept))
    if not 0 < end <= TORN_LINES or end == len(kept):
        return
    rules = [torn_rule(lines[index], authors, first=place == 0) for place, index in enumerate(kept[:end])]
    if all(rules):
        for index, rule in zip(kept[:end], rules, strict=True):
            decisions.drop(index, rule, "head")


def torn_rule(line: Line, authors: Sequence[str], *, first: bool) -> str:
    """The rule by which a line above an extracted article goes; empty where none holds."""
    if any(same(line.bare, author) for author in authors):
        return "author-repeated"
    if is_label(line.bare):
        return "label-without-date"
    section = first and line.words <= TORN_WORDS and not line.bullet and not SENTENCE_END.search(line.text)
    return "section-above-text" if section and not line.text.startswith("#") else ""


def take_dek(lines: Sequence[Line], decisions: Decisions, below: Sequence[int]) -> None:
    """The first line of some length below the title is the dek."""
    for index in below:
        if FEWEST_DEK_WORDS <= lines[index].words <= LONGEST_DEK and not lines[index].bullet:
            decisions.drop(index, "dek", "title", claim("summary", lines[index], "dek", 0.7))
            return


def could_be_title(line: Line) -> bool:
    """Whether a line has the looks of a headline: some words, no statement's end, no address."""
    return (
        2 <= line.words <= LONGEST_TITLE
        and line.length <= 250
        and not line.prose
        and not line.bullet
        and not NOT_TITLE.search(line.bare)
    )


def claim(field: str, line: Line, rule: str, confidence: float) -> Claim:
    """What a line of the head says."""
    return Claim(field, line.bare, Origin.EXTRACTED, rule, evidence(line), 0, confidence)


def same(one: str, other: str) -> bool:
    """Whether two headlines have the same words."""
    return [word.casefold() for word in WORDS.findall(one)] == [word.casefold() for word in WORDS.findall(other)]
