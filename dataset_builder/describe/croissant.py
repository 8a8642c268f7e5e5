"""croissant.json: Croissant 1.1 (https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html) with RAI 1.0.

Every shard is a FileObject with its digest, every table a FileSet and a RecordSet. Three departures follow from what
mlcroissant 1.1 reads: ``encodingFormat`` is ``application/x-parquet`` (it loads Parquet under no other name),
``references`` are left out (a second pass yields no rows), and so are lists inside an object (it cannot reach them).
"""

from __future__ import annotations

from typing import Any

from dataset_builder.describe.cite import Creator, citation_facts, render_citation
from dataset_builder.describe.escape import one_line
from dataset_builder.describe.facts import FileFacts, SnapshotFacts, TableFacts
from dataset_builder.describe.front_matter import shard_pattern, splits_of, table_folder
from dataset_builder.resources import read_json, read_yaml, schema_file
from dataset_builder.schema import Field

CROISSANT = "http://mlcommons.org/croissant/1.1"
RAI = "http://mlcommons.org/croissant/RAI/1.0"
PARQUET = "application/x-parquet"
#: Frictionless type -> Croissant data type.
DATA_TYPES = {
    "string": "sc:Text",
    "integer": "cr:Int64",
    "number": "cr:Float64",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
}


def render_croissant(facts: SnapshotFacts) -> dict[str, Any]:
    """The Croissant document of a snapshot, as JSON values; a table without rows has no record set."""
    citation = citation_facts(facts)
    tables = [table for table in facts.tables if table.rows]
    members: dict[str, Any] = {
        "@context": read_json("croissant", "context.json")["context"],
        "@type": "sc:Dataset",
        "conformsTo": [CROISSANT, RAI],
        "name": citation.title,
        "description": citation.description or citation.title,
        "version": citation.version,
        "datePublished": facts.created.isoformat() if facts.created else "",
        "identifier": citation.identity,
        "url": citation.address,
        "license": [license_address(name) for name in citation.licenses],
        "creator": [_creator(creator) for creator in citation.creators],
        "publisher": {"@type": "sc:Organization", "name": citation.publisher} if citation.publisher else "",
        "inLanguage": [one_line(tag) for tag, _ in facts.languages],
        "keywords": list(citation.keywords),
        "citeAs": render_citation(citation, "bibtex").rstrip(),
        "isLiveDataset": False,
        **_responsible_use(facts),
        "distribution": [entry for table in tables for entry in _distribution(table)],
        "recordSet": [entry for table in tables for entry in _record_sets(table)],
    }
    return {key: value for key, value in members.items() if value not in ("", [], None)}


def _distribution(table: TableFacts) -> list[dict[str, Any]]:
    file_set = {
        "@type": "cr:FileSet",
        "@id": _file_set(table),
        "name": _file_set(table),
        "description": f"The shards of the table {table.schema.name}.",
        "encodingFormat": PARQUET,
        "includes": f"{table_folder(table.schema.name)}/{shard_pattern(splits_of(table))}",
    }
    return [*(_file_object(shard) for shard in table.shards), file_set]


def _file_object(shard: FileFacts) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": shard.path,
        "name": shard.path,
        "contentUrl": shard.path,
        "contentSize": f"{shard.bytes} B",
        "encodingFormat": PARQUET,
        "sha256": shard.sha256,
    }


def _file_set(table: TableFacts) -> str:
    return f"{table.schema.name}-shards"


def _record_sets(table: TableFacts) -> list[dict[str, Any]]:
    """The table's rows; where they are divided, its splits before them, as clause 6.3 of the format has it."""
    if len(splits_of(table)) == 1:
        return [_record_set(table)]
    rows = _record_set(table)
    return [_split_set(table), {**rows, "field": [_split_field(table), *rows["field"]]}]


def _split_set(table: TableFacts) -> dict[str, Any]:
    name = f"{table.schema.name}-splits"
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"The splits of the table {table.schema.name}.",
        "dataType": "cr:Split",
        "key": {"@id": f"{name}/name"},
        "field": [
            {"@type": "cr:Field", "@id": f"{name}/name", "name": "name", "description": "Name.", "dataType": "sc:Text"}
        ],
        "data": [{f"{name}/name": split.name} for split in splits_of(table)],
    }


def _split_field(table: TableFacts) -> dict[str, Any]:
    """The split of a row, which the name of its shard begins with."""
    name = table.schema.name
    return {
        "@type": "cr:Field",
        "@id": f"{name}/split",
        "name": "split",
        "description": "Split that the row belongs to.",
        "dataType": "sc:Text",
        "source": {
            "fileSet": {"@id": _file_set(table)},
            "extract": {"fileProperty": "filename"},
            "transform": {"regex": r"^([a-z0-9_]+)-.*\.parquet$"},
        },
        "references": {"field": {"@id": f"{name}-splits/name"}},
    }


def _record_set(table: TableFacts) -> dict[str, Any]:
    name = table.schema.name
    keys = [{"@id": f"{name}/{field}"} for field in table.schema.descriptor.get("primaryKey", [])]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": str(table.schema.descriptor.get("description", name)),
        "key": keys[0] if len(keys) == 1 else keys,
        "field": [_field(name, _file_set(table), field) for field in table.schema.fields],
    }


def _field(parent: str, file_set: str, field: Field, path: tuple[str, ...] = ()) -> dict[str, Any]:
    """One field; ``path`` leads from the column to a member of a nested one."""
    here, steps = f"{parent}/{field['name']}", (*path, field["name"])
    item = field["arrayItem"] if field["type"] == "array" else field
    entry: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": here,
        "name": field["name"],
        "description": str(field.get("description") or field.get("title") or field["name"]),
    }
    if field["type"] == "array":
        entry |= {"isArray": True, "arrayShape": "-1"}
    if item["type"] == "object":
        members = [member for member in item["fields"] if member["type"] not in ("array", "object")]
        return {**entry, "subField": [_field(here, file_set, member, steps) for member in members]}
    return {**entry, "dataType": DATA_TYPES[item["type"]], "source": _source(file_set, steps)}


def _source(file_set: str, steps: tuple[str, ...]) -> dict[str, Any]:
    source: dict[str, Any] = {"fileSet": {"@id": file_set}, "extract": {"column": steps[0]}}
    return {**source, "transform": {"jsonPath": ".".join(steps[1:])}} if steps[1:] else source


def _responsible_use(facts: SnapshotFacts) -> dict[str, Any]:
    """The RAI members: what holds of every snapshot, of texts, of annotations; and what was measured."""
    prose = read_yaml(schema_file("croissant", "rai.yaml"))
    members = dict(prose["always"])
    if facts.has_text:
        members |= prose["texts"]
    if facts.entity_labels:
        tools = [f"{name} {version}" for name, version in facts.tools if name.startswith(("spacy", "model:"))]
        members |= {**prose["entities"], "rai:machineAnnotationTools": tools}
    days = [day.isoformat() for day in facts.dates if day]
    return {**members, "rai:dataCollectionTimeFrame": days} if len(days) == 2 else members


def license_address(name: str) -> str:
    """What Croissant's ``license`` says of an SPDX identifier; a ``LicenseRef-`` has no address."""
    return name if name.startswith("LicenseRef-") else f"https://spdx.org/licenses/{name}"


def _creator(creator: Creator) -> dict[str, Any]:
    kind = "sc:Person" if creator.is_person or creator.orcid else "sc:Organization"
    entry = {"@type": kind, "name": creator.name, "url": creator.orcid}
    return {key: value for key, value in entry.items() if value}
