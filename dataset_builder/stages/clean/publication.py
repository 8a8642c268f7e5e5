"""Lines that say when the article was published: recognised by what is left when date and label are taken away."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dataset_builder.stages.dates.grammar import find_date
from dataset_builder.stages.dates.lexicon import labels

LONGEST = 200
#: What may stand between dates and labels.
SEPARATORS = re.compile(r"^[\s|•·,;:/()\[\]–—.-]+|[\s|•·,;:/()\[\]–—-]+$")
READING_TIME = re.compile(r"(?i)\d{1,3}\s?(?:min(?:ute)?s?|minutos|minuti)\.?(?:\s?(?:read|de lectura|de lecture))?")
MOST_DATES = 4
DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class PublicationLine:
    """The words of the date and what else the line says (a byline, an outlet); ``labelled`` if it says what it is."""

    words: str
    rest: str
    labelled: bool


def publication_line(line: str, language: str | None) -> PublicationLine | None:
    """The line as a publication line; None where it holds no date, or too much beside it."""
    if len(line) > LONGEST or not DIGIT.search(line):
        return None
    rest, labelled, words = line, False, ""
    for _ in range(MOST_DATES):
        found = find_date(rest, language=language)
        if found is None or found.precision == "year":
            break
        before, after = rest[: found.start], rest[found.end :]
        before, seen = without_label(before)
        labelled = labelled or seen
        words = words or rest[found.start : found.end]
        rest = f"{before} {after}"
    if not words:
        return None
    rest = trimmed(READING_TIME.sub(" ", rest))
    rest, seen = without_label(rest)
    rest = trimmed(rest)
    allowed = 5 if labelled or seen else 0
    if len(rest.split()) > allowed or rest.endswith((".", "?", "!")):
        return None
    return PublicationLine(words.strip(), rest, labelled or seen)


def is_label(line: str) -> bool:
    """Whether a line is nothing but the label of a date, as "Published on"; a preposition alone is not."""
    rest, labelled = without_label(line)
    return labelled and not rest


def without_label(before: str) -> tuple[str, bool]:
    """``before`` without the label at its end or start, and whether there was one of more than a preposition."""
    before = trimmed(before)
    for kind in ("published", "updated"):
        pattern = labels(kind)
        for place in re.finditer(r"(?<!\w)\w", before[-60:]):
            start = max(0, len(before) - 60) + place.start()
            match = pattern.match(before, start)
            if match and match.end() == len(before):
                return trimmed(before[:start]), len(match[0].rstrip(" :")) > 3
    return before, False


def trimmed(words: str) -> str:
    """``words`` without separators at their ends."""
    return SEPARATORS.sub("", SEPARATORS.sub("", words)).strip()
