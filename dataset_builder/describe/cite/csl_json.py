"""CSL-JSON (https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html), CSL 1.0.2."""

from __future__ import annotations

import json
from typing import Any

from dataset_builder.describe.cite.bibtex import entry_key
from dataset_builder.describe.cite.facts import CitationFacts, Creator


def render(facts: CitationFacts) -> str:
    """A list of one item, as reference managers exchange it."""
    day = facts.created
    item: dict[str, Any] = {
        "id": entry_key(facts),
        "type": "article-newspaper" if facts.part_of else "dataset",
        "title": facts.title,
        "container-title": facts.publication,
        "version": "" if facts.part_of else facts.version,
        "author": [_name(creator) for creator in facts.creators],
        "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else {},
        "publisher": facts.publisher,
        "DOI": facts.doi,
        "URL": facts.address,
        "abstract": facts.description,
        "keyword": ", ".join(facts.keywords),
        "note": facts.evidence,
    }
    return json.dumps([{key: value for key, value in item.items() if value}], ensure_ascii=False, indent=2) + "\n"


def _name(creator: Creator) -> dict[str, str]:
    if not creator.is_person:
        return {"literal": creator.name}
    return {"family": creator.family, "given": creator.given} if creator.given else {"family": creator.family}
