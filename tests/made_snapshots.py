"""Small snapshots made by hand: facts for the describers, and the Parquet files that they speak of.

Nothing here goes through the pipeline, so that the descriptions are tested against files that they did not come from.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dataset_builder.config import Change, Config, Contributor, License, Source, Withdrawal
from dataset_builder.describe.facts import (
    Accounts,
    CollectionLicense,
    FamilyFacts,
    FileFacts,
    LicenseRow,
    SnapshotFacts,
    TableFacts,
)
from dataset_builder.schema import Field, TableSchema, released_tables

CREATED = date(2024, 11, 5)


def harbour_config() -> Config:
    """A public corpus with two sources, a person, an organisation and two licences."""
    return Config(
        folder=Path("harbour"),
        declared=True,
        name="harbour-briefs",
        title="Harbour Briefs",
        version="1.2.0",
        created=CREATED,
        description="Local news of a fictional harbour town.\n\nWritten for tests.",
        homepage="https://archive.example.org/harbour",
        licenses=(License("CC-BY-4.0"),),
        contributors=(
            Contributor("Harbour Archive", roles=("creator",), email="desk@archive.example.org"),
            Contributor(
                "José María Núñez",
                given_name="José María",
                family_name="Núñez",
                orcid="https://orcid.org/0000-0002-1825-0097",
                organization="Quay & Sons",
                roles=("author",),
            ),
            Contributor("Tidewater Press", roles=("publisher",)),
        ),
        keywords=("news", "harbours"),
        changes=(Change("1.2.0", "Two articles more; one was withdrawn.", "2024-11-05"), Change("1.1.0", "First.")),
        sources=(
            Source(
                "ledger",
                title="The Harbour Ledger",
                path="https://ledger.example.org",
                email="rights@ledger.example.org",
                publisher="Ledger Press",
            ),
            Source("wire", title="Tide Wire"),
        ),
    )


def harbour_facts(folder: Path, first: int = 0) -> SnapshotFacts:
    """Released and withheld articles of two licence families; shards go below ``folder``, rows count from ``first``."""
    schemas = released_tables()
    permissive = write_shard(folder, schemas["articles"], "articles/permissive/train-2024-10-00000.parquet", 3, first)
    undated = write_shard(folder, schemas["articles"], "articles/permissive/train-undated-00000.parquet", 1, 3)
    sharealike = write_shard(folder, schemas["articles"], "articles/sharealike/train-2024-11-00000.parquet", 2, 4)
    articles = table_facts(folder, schemas["articles"], (permissive, undated, sharealike))
    plain = {
        name: table_facts(folder, schemas[name], (write_shard(folder, schemas[name], path, rows, 0),))
        for name, path, rows in (
            ("catalog", "catalog/train-00000.parquet", 9),
            ("entities", "entities/train-00000.parquet", 5),
            ("sources", "sources/train-00000.parquet", 2),
        )
    }
    families = (
        family_facts(folder, schemas["articles"], "permissive", (permissive, undated)),
        family_facts(folder, schemas["articles"], "sharealike", (sharealike,)),
    )
    return facts_of(
        harbour_config(),
        (articles, *plain.values()),
        families=families,
        accounts=Accounts(read=10, released=6, withheld=3, merged=1),
        licenses=(
            LicenseRow("ledger", "CC-BY-4.0", "permissive", "full", "cc-by", 4),
            LicenseRow("wire", "CC-BY-SA-4.0", "sharealike", "full", "cc-by-sa", 2),
            LicenseRow("wire", "", "undetermined", "metadata", "no-evidence", 2),
            LicenseRow("wire", "LicenseRef-InC", "in-copyright", "metadata", "in-copyright", 1),
        ),
        collection=CollectionLicense("CC-BY-4.0 AND CC-BY-SA-4.0", ("cc-by-4.0", "cc-by-sa-4.0")),
        languages=(("en", 5), ("es-MX", 1)),
        dates=(date(2024, 10, 2), date(2024, 11, 1)),
        flags=(("date-from-text", 2),),
        entity_labels=(("GPE", 3), ("PERSON", 2)),
        words=812,
        withdrawals=(Withdrawal("0" * 32, "asked for by the author", "2024-11-04", ("1.0.0",)),),
    )


def bare_facts(folder: Path) -> SnapshotFacts:
    """A bare folder without dataset.yaml: one undeclared source, nothing released, no tables of text."""
    schemas = released_tables()
    filled = {
        name: table_facts(folder, schemas[name], (write_shard(folder, schemas[name], path, rows, 0),))
        for name, path, rows in (
            ("catalog", "catalog/train-00000.parquet", 2),
            ("sources", "sources/train-00000.parquet", 1),
        )
    }
    names = ("articles", "catalog", "entities", "sources")
    tables = tuple(filled.get(name, TableFacts(schemas[name], (), 0, 0)) for name in names)
    return facts_of(
        Config(folder=Path("bare"), sources=(Source("undeclared", title="Undeclared source"),)),
        tables,
        accounts=Accounts(read=2, withheld=2),
        licenses=(LicenseRow("undeclared", "", "undetermined", "metadata", "no-evidence", 2),),
        collection=CollectionLicense("", "other", "none-released"),
    )


def facts_of(config: Config, tables: tuple[TableFacts, ...], **measured: Any) -> SnapshotFacts:
    """Facts with an identity that follows from the shards."""
    shards = sorted((shard.path, shard.sha256) for table in tables for shard in table.shards)
    identity = "sha256:" + hashlib.sha256(json.dumps(shards).encode()).hexdigest()
    defaults: dict[str, Any] = {
        "families": (),
        "policy_version": "1.0.0",
        "policy_sha256": "ef" * 32,
        "schema_sha256": "01" * 32,
        "checks": (("intake schema", "10 rows, 0 errors"), ("keys", "unique and resolved")),
        "tools": (("pyarrow", "22.0.0"), ("spacy", "3.8.0")),
    }
    return SnapshotFacts(
        config=config,
        builder_version="0.1.0",
        identity=identity,
        created=config.created,
        created_from="declared" if config.created else "none",
        tables=tables,
        **{**defaults, **measured},
    )


def write_shard(folder: Path, schema: TableSchema, path: str, rows: int, first: int) -> FileFacts:
    """A Parquet file whose rows hold made-up values of the right types, numbered from ``first``."""
    columns = {field["name"]: [made_value(field, first + row) for row in range(rows)] for field in schema.fields}
    table = pa.Table.from_pydict(columns, schema=schema.arrow)
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, target, compression="zstd")
    return FileFacts(path, target.stat().st_size, hashlib.sha256(target.read_bytes()).hexdigest(), rows)


def made_value(field: Field, number: int) -> Any:
    """A value of the field's type; optional text is null in every fourth row."""
    kind, constraints = field["type"], field.get("constraints", {})
    if kind == "array":
        return [made_value({"name": field["name"], **field["arrayItem"]}, number)] * (number % 3)
    if kind == "object":
        return {member["name"]: made_value(member, number) for member in field["fields"]}
    if kind == "date":
        return date(2024, 10, 1 + number % 28)
    if kind == "datetime":
        return datetime(2024, 10, 1 + number % 28, 22, 5, tzinfo=UTC)
    if kind in ("integer", "number"):
        return number + 1
    if "enum" in constraints:
        return constraints["enum"][0]
    if constraints.get("pattern"):
        return hashlib.sha256(f"{field['name']} {number}".encode()).hexdigest()[
            : 32 if "32" in constraints["pattern"] else 64
        ]
    if not constraints.get("required") and number % 4 == 3:
        return None
    return f"{field['name']} {number} – Ñandú"


def table_facts(folder: Path, schema: TableSchema, shards: tuple[FileFacts, ...]) -> TableFacts:
    """What was written, measured on the files."""
    table = pa.concat_tables([pq.read_table(folder / shard.path) for shard in shards])
    nulls = tuple((name, table[name].null_count) for name in table.column_names)
    return TableFacts(schema, shards, table.num_rows, table.nbytes, nulls)


def family_facts(folder: Path, schema: TableSchema, name: str, shards: tuple[FileFacts, ...]) -> FamilyFacts:
    """One licence family, measured on the files."""
    measured = table_facts(folder, schema, shards)
    return FamilyFacts(name, shards, measured.rows, measured.data_bytes)


def with_config(facts: SnapshotFacts, **changes: Any) -> SnapshotFacts:
    """``facts`` of the same data under a changed configuration."""
    return replace(facts, config=replace(facts.config, **changes))


def write_descriptions(folder: Path, facts: SnapshotFacts) -> Path:
    """The descriptions and a manifest beside the shards, as a build leaves them; returns ``folder``."""
    from dataset_builder.describe.card import render_card
    from dataset_builder.describe.citation import render_cff
    from dataset_builder.describe.croissant import render_croissant
    from dataset_builder.describe.package import render_package

    (folder / "README.md").write_text(render_card(facts), encoding="utf-8")
    (folder / "CITATION.cff").write_text(render_cff(facts), encoding="utf-8")
    documents = {"datapackage.json": render_package(facts), "croissant.json": render_croissant(facts)}
    for name, document in documents.items():
        (folder / name).write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    manifest = {"format": "news-dataset-manifest/1", "name": facts.config.name, "identity": facts.identity}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def settled(facts: SnapshotFacts) -> SnapshotFacts:
    """``facts`` with sizes and digests that follow from the paths: Parquet bytes change with the library's version."""

    def shard(file: FileFacts) -> FileFacts:
        return replace(file, bytes=1000 * (file.rows or 1), sha256=hashlib.sha256(file.path.encode()).hexdigest())

    tables = tuple(
        replace(table, shards=tuple(map(shard, table.shards)), data_bytes=2000 * table.rows) for table in facts.tables
    )
    families = tuple(
        replace(family, shards=tuple(map(shard, family.shards)), data_bytes=2000 * family.rows)
        for family in facts.families
    )
    return replace(facts, tables=tables, families=families, identity="sha256:" + "5ea" * 21 + "f")
