"""RIS (Reference Manager's tagged format), one tag a line: ``DATA`` for a data set, ``NEWS`` for an article."""

from __future__ import annotations

from dataset_builder.describe.cite.bibtex import entry_key
from dataset_builder.describe.cite.facts import CitationFacts, Creator


def render(facts: CitationFacts) -> str:
    """One reference; every text is one line already, so that none can forge a tag."""
    day = facts.created
    tags = [
        ("TY", "NEWS" if facts.part_of else "DATA"),
        ("ID", entry_key(facts)),
        *(("AU", _name(creator)) for creator in facts.creators),
        ("TI", facts.title),
        ("T2", facts.publication),
        ("ET", "" if facts.part_of else f"Version {facts.version}"),
        ("PY", str(day.year) if day else ""),
        ("DA", day.strftime("%Y/%m/%d") if day else ""),
        ("PB", facts.publisher),
        ("DO", facts.doi),
        ("UR", facts.address),
        *(("KW", keyword) for keyword in facts.keywords),
        ("AB", facts.description),
        ("N1", facts.evidence),
    ]
    lines = [f"{tag}  - {value}" for tag, value in tags if value]
    return "\n".join([*lines, "ER  - "]) + "\n"


def _name(creator: Creator) -> str:
    """``Family, Given``; a comma in a literal name would take it apart, so it becomes a semicolon."""
    if creator.is_person:
        return f"{creator.family}, {creator.given}" if creator.given else creator.family
    return creator.name.replace(",", ";")
