"""DataCite metadata 4.5 as JSON (https://schema.datacite.org/meta/kernel-4.5/), ready for a DOI registration."""

from __future__ import annotations

import json
from typing import Any

from dataset_builder.describe.cite.facts import CitationFacts, Creator

SCHEMA_VERSION = "http://datacite.org/schema/kernel-4"
#: Appendix 3 of the DataCite schema: standard value for information that is not available.
UNAVAILABLE = ":unav"
#: ``publicationYear`` is required; this stands for a date that no input gave.
NO_YEAR = "0000"


def render(facts: CitationFacts) -> str:
    """One DataCite record. A snapshot without declared people is created by its own title, as in CITATION.cff."""
    return json.dumps(members(facts), ensure_ascii=False, indent=2) + "\n"


def members(facts: CitationFacts) -> dict[str, Any]:
    """The record's members; what says nothing is left out."""
    record: dict[str, Any] = {
        "schemaVersion": SCHEMA_VERSION,
        "types": _types(facts),
        "doi": facts.doi,
        "creators": [_creator(creator) for creator in facts.creators or (Creator(facts.title),)],
        "titles": [{"title": facts.title}],
        "publisher": {"name": facts.publication or facts.publisher or UNAVAILABLE},
        "publicationYear": f"{facts.created.year:04d}" if facts.created else NO_YEAR,
        "dates": [{"date": facts.created.isoformat(), "dateType": "Created"}] if facts.created else [],
        "version": facts.version,
        "url": facts.homepage,
        "alternateIdentifiers": [_identifier(facts)],
        "relatedItems": [_whole(facts.part_of)] if facts.part_of else [],
        "subjects": [{"subject": keyword} for keyword in facts.keywords],
        "rightsList": [_rights(name) for name in facts.licenses],
        "descriptions": _descriptions(facts),
    }
    return {key: value for key, value in record.items() if value}


def _types(facts: CitationFacts) -> dict[str, str]:
    kind, name = ("Text", "News article") if facts.part_of else ("Dataset", "News articles")
    return {"resourceTypeGeneral": kind, "resourceType": name}


def _identifier(facts: CitationFacts) -> dict[str, str]:
    value, kind = (facts.article, "Article") if facts.part_of else (facts.identity, "Data digest")
    return {"alternateIdentifier": value, "alternateIdentifierType": kind}


def _whole(snapshot: CitationFacts) -> dict[str, Any]:
    """The snapshot that an article is part of; its digest stands as the number of the item."""
    item: dict[str, Any] = {
        "relatedItemType": "Dataset",
        "relationType": "IsPartOf",
        "titles": [{"title": snapshot.title}],
        "edition": f"Version {snapshot.version}",
        "number": snapshot.identity,
        "numberType": "Other",
    }
    if snapshot.doi:
        doi = {"relatedItemIdentifier": snapshot.doi, "relatedItemIdentifierType": "DOI"}
        item["relatedItemIdentifier"] = doi
    return item


def _creator(creator: Creator) -> dict[str, Any]:
    """``nameType`` is left out where nobody has said whether a name is a person's or an organisation's."""
    names: dict[str, Any] = (
        {
            "name": f"{creator.family}, {creator.given}" if creator.given else creator.family,
            "nameType": "Personal",
            "givenName": creator.given,
            "familyName": creator.family,
        }
        if creator.is_person
        else {"name": creator.name, "nameType": "Personal" if creator.orcid else ""}
    )
    if creator.orcid:
        identifier = {
            "nameIdentifier": creator.orcid,
            "nameIdentifierScheme": "ORCID",
            "schemeUri": "https://orcid.org",
        }
        names["nameIdentifiers"] = [identifier]
    if creator.affiliation:
        names["affiliation"] = [{"name": creator.affiliation}]
    return {key: value for key, value in names.items() if value}


def _rights(name: str) -> dict[str, str]:
    spdx = not name.startswith("LicenseRef-")
    scheme = {"rightsIdentifier": name, "rightsIdentifierScheme": "SPDX", "schemeUri": "https://spdx.org/licenses/"}
    return {"rights": name, **scheme} if spdx else {"rights": name}


def _descriptions(facts: CitationFacts) -> list[dict[str, str]]:
    """The abstract, and how to load the data; both are types of DataCite 4.5."""
    texts = {"Abstract": facts.description, "TechnicalInfo": f"Load with {facts.load}" if facts.load else ""}
    return [{"description": text, "descriptionType": kind} for kind, text in texts.items() if text]
