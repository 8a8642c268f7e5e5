"""The entities of the crate: people, tools, sources, licences, files, and the actions that lead from one to the other.

RO-Crate 1.1 (https://w3id.org/ro/crate/1.1) and the profile Process Run Crate 0.5 (https://w3id.org/ro/wfrun/process/0.5).
A build knows one date only, ``created``; it is the end of every action, and no beginning is made up.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dataset_builder.crate.snapshot_facts import SnapshotStory
from dataset_builder.rights.reading import lookup

Entity = dict[str, Any]

PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
BUILD = "#build"
_MEDIA_TYPES = {
    ".parquet": "application/vnd.apache.parquet", ".json": "application/json", ".md": "text/markdown",
    ".cff": "application/yaml", ".txt": "text/plain", ".svg": "image/svg+xml", ".sha256": "text/plain",
}  # fmt: skip
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
_OPERATORS = frozenset({"AND", "OR", "WITH"})
_COMPLETED = "http://schema.org/CompletedActionStatus"


def reference(*ids: str) -> Any:
    """References to entities: one, a list of several, or None for none."""
    found = [{"@id": identifier} for identifier in dict.fromkeys(ids)]
    return found if len(found) > 1 else next(iter(found), None)


def root_entity(story: SnapshotStory) -> Entity:
    """What the crate says about the dataset as a whole."""
    manifest, package = story.manifest, story.package
    makers = people(story)
    return {
        "name": manifest["title"],
        "description": package.get("description") or manifest["title"],
        "version": manifest["version"],
        "datePublished": manifest["created"],
        "identifier": f"https://doi.org/{manifest['doi']}" if manifest.get("doi") else manifest["identity"],
        "keywords": ", ".join(package.get("keywords") or []),
        "license": reference(*(entity["@id"] for entity in licenses(manifest["license"]))),
        "creativeWorkStatus": manifest["audience"],
        "isBasedOn": reference(*(_source_id(source) for source in story.sources)),
        "author": reference(*(entity["@id"] for entity in makers)),
        "publisher": reference(*[entity["@id"] for entity in makers if entity["@type"] == "Organization"][:1]),
        "conformsTo": reference(PROFILE),
    }


def context_entities(story: SnapshotStory) -> Iterator[Entity]:
    """Everything that is no file and no action."""
    yield {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}
    yield from licenses(story.manifest["license"])
    yield from people(story)
    yield from tools(story)
    for source in story.sources:
        yield _source(source)
        yield from licenses(source.get("license"))


def licenses(expression: str | None) -> list[Entity]:
    """One entity for each licence of an SPDX expression, under the address of its terms."""
    entities = []
    for name in dict.fromkeys(_IDENTIFIER.findall(expression or "")):
        if name not in _OPERATORS:
            known = lookup(name)
            place = (known.url if known else None) or f"#{name}"
            entities.append({"@id": place, "@type": "CreativeWork", "name": known.name if known else name})
            entities[-1]["identifier"] = name
    return entities


def people(story: SnapshotStory) -> list[Entity]:
    """The contributors of the data package; without any, the dataset's own makers under its name."""
    found = []
    for number, person in enumerate(story.package.get("contributors") or [], 1):
        orcid = str(person.get("orcid") or "")
        place = f"https://orcid.org/{orcid.rpartition('/')[2]}" if orcid else f"#contributor-{number}"
        kind = "Person" if orcid or person.get("familyName") else "Organization"
        found.append({"@id": place, "@type": kind, "name": person.get("title") or person.get("familyName") or place})
        told = {"url": person.get("path"), "affiliation": person.get("organization"), "email": person.get("email")}
        found[-1] |= {key: value for key, value in told.items() if value}
    return found or [{"@id": "#makers", "@type": "Organization", "name": f"The makers of {story.manifest['title']}"}]


def tools(story: SnapshotStory) -> Iterator[Entity]:
    """The builder, and every library and model whose version the manifest records."""
    versions: Mapping[str, str] = story.manifest["tools"]
    parts = [name for name in versions if name != "news-dataset-builder"]
    yield {
        "@id": builder(story),
        "@type": "SoftwareApplication",
        "name": "build-dataset",
        "softwareVersion": story.manifest["builder_version"],
        "url": "https://pypi.org/project/news-dataset-builder/",
        "softwareRequirements": reference(*(_tool_id(name, versions[name]) for name in parts)),
    }
    for name in parts:
        yield {
            "@id": _tool_id(name, versions[name]),
            "@type": "SoftwareApplication",
            "name": name.removeprefix("model:"),
            "softwareVersion": versions[name],
            "url": _tool_id(name, ""),
        }


def builder(story: SnapshotStory) -> str:
    """The identifier of the program that built the snapshot."""
    return _tool_id("news-dataset-builder", story.manifest["builder_version"])


def _tool_id(name: str, version: str) -> str:
    """The address of a tool's version: of the Unicode database, or of a package of the Python Package Index."""
    number = version.partition(" ")[0]  # a model's version goes on with its digest
    if name == "unicode":
        return f"https://www.unicode.org/versions/Unicode{number}/"
    package = re.sub(r"[^A-Za-z0-9.]+", "-", name.removeprefix("model:")).lower()
    return f"https://pypi.org/project/{package}/" + (f"{number}/" if number else "")


def _source_id(source: Mapping[str, Any]) -> str:
    return f"#source-{source['name']}"


def _source(source: Mapping[str, Any]) -> Entity:
    """A publication that articles came from: terms, evidence and how many were read and released."""
    evidence = source.get("license_evidence") or {}
    told = {
        "name": source["title"],
        "publisher": source["publisher"],
        "url": source.get("path"),
        "usageInfo": evidence.get("url") or source.get("terms_url"),
        "license": reference(*(entity["@id"] for entity in licenses(source.get("license")))),
        "description": f"{source['articles_read']} articles read, {source['articles_released']} released with text",
    }
    return {"@id": _source_id(source), "@type": "Dataset", **{key: value for key, value in told.items() if value}}


def file_properties(path: str, size: int, sha256: str) -> Entity:
    """What is said of one file; ``sha256`` is empty for the manifest and its seal."""
    suffix = "." + path.rpartition(".")[2]
    told = {"name": path, "contentSize": str(size), "encodingFormat": _MEDIA_TYPES.get(suffix, "text/plain")}
    return {**told, **({"sha256": sha256} if sha256 else {})}


def build_action(story: SnapshotStory, results: Sequence[str]) -> Entity:
    """The build: from the sources to the files."""
    accounts = story.manifest["accounts"]
    counted = ", ".join(f"{count} {name}" for name, count in accounts.items())
    return _action(
        BUILD,
        f"Build of {story.manifest['title']} {story.manifest['version']}",
        f"Articles: {counted}. Policy {story.manifest['policy_sha256']}, configuration "
        f"{story.manifest['config_sha256']}, data {story.manifest['identity']}.",
        story,
        instrument=builder(story),
        used=[_source_id(source) for source in story.sources],
        made=results,
    )


def article_entities(story: SnapshotStory, article: Mapping[str, Any]) -> Iterator[Entity]:
    """One article's way: payload, extraction, cleaning, and what was decided about the text."""
    provenance = article["provenance"]
    key = article["id"]
    payload, text, body = f"#payload-{key}", f"#extracted-{key}", f"#body-{key}"
    told = {
        "name": provenance["locator"],
        "url": article["url"],
        "encodingFormat": provenance["media_type"],
        "sha256": provenance["payload_sha256"],
        "contentSize": str(provenance["payload_bytes"]) if provenance["payload_bytes"] is not None else None,
        "dateCreated": provenance["fetched_at"].isoformat() if provenance["fetched_at"] else None,
    }
    yield _digested(payload, told)
    if provenance["extraction"]:
        name, _, version = provenance["extraction"].partition(" ")
        tool = _tool_id(name, version)
        known = {"name": name, "softwareVersion": version or "unknown", "url": _tool_id(name, "")}
        yield {"@id": tool, "@type": "SoftwareApplication", **known}
        yield _digested(text, {"name": f"Text of {key}", "sha256": provenance["extraction_sha256"]})
        about = f"Extraction of {key}", provenance["extraction"]
        yield _action(f"#extraction-{key}", *about, story, instrument=tool, used=[payload], made=[text])
    rules = Counter(edit["rule"] for edit in provenance.get("edits") or ())
    edits = ", ".join(f"{rule} {count}" for rule, count in sorted(rules.items()))
    yield _digested(
        body,
        {
            "name": article["title"] or key,
            "sha256": article["body_sha256"],
            "conditionsOfAccess": f"{article['release']}, by the rule {article['decision_rule']}",
            "license": reference(*(entity["@id"] for entity in licenses(article["license"]))),
        },
    )
    yield from licenses(article["license"])
    yield _action(
        f"#cleaning-{key}",
        f"Cleaning of {key}",
        f"{provenance['normalization']}; edits by rule: {edits or 'none recorded'}",
        story,
        instrument=builder(story),
        used=[text if provenance["extraction"] else payload],
        made=[body],
    )


def _digested(identifier: str, told: Mapping[str, Any]) -> Entity:
    return {"@id": identifier, "@type": "CreativeWork", **{key: value for key, value in told.items() if value}}


def _action(
    identifier: str,
    name: str,
    description: str,
    story: SnapshotStory,
    *,
    instrument: str,
    used: Sequence[str],
    made: Sequence[str],
) -> Entity:
    told = {
        "name": name,
        "description": description,
        "agent": reference(people(story)[0]["@id"]),
        "instrument": reference(instrument),
        "object": reference(*used),
        "result": reference(*made),
        "endTime": f"{story.manifest['created']}T00:00:00+00:00",
        "actionStatus": _COMPLETED,
    }
    return {"@id": identifier, "@type": "CreateAction", **{key: value for key, value in told.items() if value}}
