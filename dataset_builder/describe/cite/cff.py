"""Citation File Format 1.2.0 (https://doi.org/10.5281/zenodo.5171937), type ``dataset``."""

from __future__ import annotations

import re
from typing import Any

import yaml

from dataset_builder.describe.cite.facts import CitationFacts, Creator
from dataset_builder.resources import read_json

CFF_VERSION = "1.2.0"
#: ``definitions.doi`` and ``definitions.orcid`` of the schema.
_DOI = re.compile(r"10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;\-.()\[\]\\]+")
_ORCID = re.compile(r"https://orcid\.org/[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]")


def render(facts: CitationFacts) -> str:
    """CITATION.cff of the dataset; for an article in it, with the article as the preferred citation."""
    if facts.part_of is None:
        return dump(members(facts))
    message = "If you use this article, please cite it as below, with the dataset that holds it."
    return dump({**members(facts.part_of), "message": message, "preferred-citation": _article(facts)})


def members(facts: CitationFacts) -> dict[str, Any]:
    """The file's members in reading order. Authors are required: the title stands for them where nobody is declared."""
    entries = {
        "cff-version": CFF_VERSION,
        "message": "If you use this dataset, please cite it as below, with its version and data digest.",
        "type": "dataset",
        "title": facts.title,
        "version": facts.version,
        "date-released": facts.created.isoformat() if facts.created else "",
        "authors": _unique(_author(creator) for creator in facts.creators or (Creator(facts.title),)),
        "abstract": facts.description,
        "keywords": list(facts.keywords),
        "license": _license(facts.licenses),
        "doi": facts.doi if _DOI.fullmatch(facts.doi) else "",
        "url": facts.homepage,
        "identifiers": _identifiers(facts),
    }
    return {key: value for key, value in entries.items() if value}


def _article(facts: CitationFacts) -> dict[str, Any]:
    """The article as a reference; where nobody is named as its author, the publication stands for them."""
    creators = facts.creators or (Creator(facts.publication or facts.title),)
    entries = {
        "type": "newspaper-article",
        "title": facts.title,
        "authors": _unique(_author(creator) for creator in creators),
        "date-published": facts.created.isoformat() if facts.created else "",
        "journal": facts.publication,
        "license": _license(facts.licenses),
        "url": facts.homepage,
        "notes": facts.evidence,
        "identifiers": [{"type": "other", "value": facts.article, "description": "Identifier in the dataset"}],
    }
    return {key: value for key, value in entries.items() if value}


def dump(entries: dict[str, Any]) -> str:
    """``entries`` as YAML in UTF-8, one line a value, so that a change shows as one changed line."""
    text: str = yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=2**31 - 1)
    return text


def _author(creator: Creator) -> dict[str, str]:
    names = (
        {"family-names": creator.family, "given-names": creator.given}
        if creator.is_person
        else {"name": creator.name or "Unnamed"}
    )
    entries = {**names, "orcid": creator.orcid if _ORCID.fullmatch(creator.orcid) else ""}
    if creator.is_person:
        entries["affiliation"] = creator.affiliation
    return {key: value for key, value in entries.items() if value}


def _license(licenses: tuple[str, ...]) -> str:
    """The one licence of the whole, where there is one: CFF reads a list as a choice (OR), and here all hold."""
    known = frozenset(read_json("cite", "cff-1.2.0-licenses.json")["licenses"])
    return licenses[0] if len(licenses) == 1 and licenses[0] in known else ""


def _identifiers(facts: CitationFacts) -> list[dict[str, str]]:
    found = [{"type": "other", "value": facts.identity, "description": "Data digest of this snapshot"}]
    if facts.load:
        found.append({"type": "other", "value": facts.load, "description": "Loads this snapshot"})
    if facts.doi and _DOI.fullmatch(facts.doi):
        return [{"type": "doi", "value": facts.doi, "description": "DOI of this snapshot"}, *found]
    if facts.doi:
        return [{"type": "url", "value": facts.address, "description": "DOI of this snapshot"}, *found]
    return found


def _unique(authors: Any) -> list[dict[str, str]]:
    """Each author once, in order: the schema wants unique items."""
    kept: list[dict[str, str]] = []
    for author in authors:
        if author not in kept:
            kept.append(author)
    return kept
