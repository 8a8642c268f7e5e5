"""APA 7 (Publication Manual of the American Psychological Association, 10.9 Data Sets and 10.1 Periodicals), plain."""

from __future__ import annotations

import re
from datetime import date

from dataset_builder.describe.cite.facts import CitationFacts, Creator

#: 9.8: up to twenty authors are listed; of more, the first nineteen, an ellipsis and the last.
MOST_AUTHORS = 20
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def render(facts: CitationFacts) -> str:
    """One reference on one line. The title leads where nobody is declared; the data digest comes last."""
    year = _date(facts.created, whole=facts.part_of is not None) if facts.created else "n.d."
    work = facts.title if facts.part_of else f"{facts.title} (Version {facts.version}) [Data set]"
    publisher = facts.publication or facts.publisher
    authors = _authors(facts.creators)
    opening = f"{_sentence(authors)} ({year}). {_sentence(work)}" if authors else f"{_sentence(work)} ({year})."
    parts = [
        opening,
        _sentence(publisher) if publisher != authors else "",
        facts.address,
        facts.evidence,
    ]
    return " ".join(part for part in parts if part) + "\n"


def _date(day: date, *, whole: bool) -> str:
    """The year, and for a newspaper's article the day: ``2024, October 23``."""
    return f"{day.year}, {_MONTHS[day.month - 1]} {day.day}" if whole else str(day.year)


def _authors(creators: tuple[Creator, ...]) -> str:
    names = [_name(creator) for creator in creators]
    if len(names) > MOST_AUTHORS:
        return ", ".join(names[: MOST_AUTHORS - 1]) + ", . . . " + names[-1]
    if len(names) > 1:
        return ", ".join(names[:-1]) + ", & " + names[-1]
    return "".join(names)


def _name(creator: Creator) -> str:
    if not creator.is_person:
        return creator.name
    return f"{creator.family}, {_initials(creator.given)}" if creator.given else creator.family


def _initials(given: str) -> str:
    """``Jean-Luc Marie`` -> ``J.-L. M.``"""
    words = ["-".join(f"{part[0].upper()}." for part in word.split("-") if part) for word in given.split()]
    return re.sub(r"\s+", " ", " ".join(words)).strip()


def _sentence(text: str) -> str:
    return text if not text or text.endswith(".") else text + "."
