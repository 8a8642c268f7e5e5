"""A snapshot's citation as the metadata of an InvenioRDM record
(https://inveniordm.docs.cern.ch/reference/metadata/)."""

from __future__ import annotations

from html import escape
from typing import Any

from dataset_builder.describe.cite.facts import CitationFacts, Creator

#: What a record must say where the snapshot says nothing.
_NOBODY = "Unknown"


def record_content(facts: CitationFacts, *, restricted: bool) -> dict[str, Any]:
    """The body of a draft.

    Args:
        restricted: whether readers of the files must be let in.
    """
    metadata: dict[str, Any] = {
        "resource_type": {"id": "dataset"},
        "title": facts.title,
        "version": facts.version,
        "publication_date": facts.created.isoformat() if facts.created else "",
        "creators": [_creator(one) for one in facts.creators or (Creator(facts.title),)],
        "publisher": facts.publisher,
        "description": f"<p>{escape(facts.description)}</p>" if facts.description else "",
        "subjects": [{"subject": keyword} for keyword in facts.keywords],
        "rights": [_right(name) for name in facts.licenses],
        "identifiers": [{"identifier": facts.identity, "scheme": "other"}],
        "related_identifiers": _homepage(facts.homepage),
    }
    return {
        "metadata": {key: value for key, value in metadata.items() if value not in ("", [])},
        "access": {"record": "public", "files": "restricted" if restricted else "public"},
        "files": {"enabled": True},
    }


def _creator(creator: Creator) -> dict[str, Any]:
    person: dict[str, Any] = (
        {"type": "personal", "family_name": creator.family, "given_name": creator.given}
        if creator.is_person
        else {"type": "organizational", "name": creator.name or _NOBODY}
    )
    if creator.orcid:
        person["identifiers"] = [{"scheme": "orcid", "identifier": creator.orcid.rpartition("/")[2]}]
    affiliations = [{"name": creator.affiliation}] if creator.affiliation else []
    return {"person_or_org": person, **({"affiliations": affiliations} if affiliations else {})}


def _right(name: str) -> dict[str, Any]:
    """An identifier of the vocabulary, which is SPDX in small letters; a licence of its own is named."""
    return {"title": {"en": name}} if name.startswith("LicenseRef-") or " " in name else {"id": name.lower()}


def _homepage(address: str) -> list[dict[str, Any]]:
    if not address:
        return []
    return [{"identifier": address, "scheme": "url", "relation_type": {"id": "isdocumentedby"}}]
