"""RIS (Reference Manager's tagged format): ``TY  - DATA`` for a data set, one tag a line."""

from __future__ import annotations

from dataset_builder.describe.cite.facts import CitationFacts, Creator


def render(facts: CitationFacts) -> str:
    """One reference; every text is one line already, so that none can forge a tag."""
    day = facts.created
    tags = [
        ("TY", "DATA"),
        ("ID", f"{facts.name}-{facts.version}"),
        *(("AU", _name(creator)) for creator in facts.creators),
        ("TI", facts.title),
        ("ET", f"Version {facts.version}"),
        ("PY", str(day.year) if day else ""),
        ("DA", day.strftime("%Y/%m/%d") if day else ""),
        ("PB", facts.publisher),
        ("DO", facts.doi),
        ("UR", facts.address),
        *(("KW", keyword) for keyword in facts.keywords),
        ("AB", facts.description),
        ("N1", f"Data digest {facts.identity}"),
    ]
    lines = [f"{tag}  - {value}" for tag, value in tags if value]
    return "\n".join([*lines, "ER  - "]) + "\n"


def _name(creator: Creator) -> str:
    """``Family, Given``; a comma in a literal name would take it apart, so it becomes a semicolon."""
    if creator.is_person:
        return f"{creator.family}, {creator.given}" if creator.given else creator.family
    return creator.name.replace(",", ";")
