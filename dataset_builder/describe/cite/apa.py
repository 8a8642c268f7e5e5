"""APA 7 (Publication Manual of the American Psychological Association, 7th edition, 10.9 Data Sets), as plain text."""

from __future__ import annotations

import re

from dataset_builder.describe.cite.facts import CitationFacts, Creator

#: 9.8: up to twenty authors are listed; of more, the first nineteen, an ellipsis and the last.
MOST_AUTHORS = 20


def render(facts: CitationFacts) -> str:
    """One reference on one line. The title leads where nobody is declared; the data digest comes last."""
    year = str(facts.created.year) if facts.created else "n.d."
    work = f"{facts.title} (Version {facts.version}) [Data set]"
    authors = _authors(facts.creators)
    opening = f"{_sentence(authors)} ({year}). {work}." if authors else f"{work}. ({year})."
    parts = [
        opening,
        _sentence(facts.publisher) if facts.publisher and facts.publisher != authors else "",
        facts.address,
        f"Data digest: {facts.identity}",
    ]
    return " ".join(part for part in parts if part) + "\n"


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
