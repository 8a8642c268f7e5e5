"""A snapshot of as many articles as one likes, its tables written directly; fictional, the same for the same number."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from corpora import DID, WHAT, WHERE, WHO
from dataset_builder.describe.facts import Accounts, CollectionLicense, FileFacts, LicenseRow, SnapshotFacts
from dataset_builder.schema import TableSchema, released_tables
from dataset_builder.snapshot.identity import file_sha256
from dataset_builder.snapshot.manifest import render_manifest, seal
from made_snapshots import facts_of, family_facts, harbour_config, table_facts, write_descriptions, write_shard

#: One article in so many is withheld; one in so many is a near copy of the one before.
WITHHELD, COPIED = 4, 50
_FIRST = date(2015, 1, 1)
_DAYS = 3600


def write_large_snapshot(folder: Path, articles: int, **changed: Any) -> Path:
    """A sealed snapshot of ``articles`` articles, a quarter of them withheld.

    Args:
        changed: column -> value that every row of the catalog and the articles gets.
    """
    schemas = released_tables()
    rows = [{**_row(number, articles), **changed} for number in range(articles)]
    released = [row for row in rows if row["release"] == "full"]
    family = _shard(folder, schemas["articles"], "articles/permissive/train-2015-01-00000.parquet", released)
    catalog = _shard(folder, schemas["catalog"], "catalog/train-2015-01-00000.parquet", rows)
    sources = write_shard(folder, schemas["sources"], "sources/train-00000.parquet", 2, 0)
    entities = write_shard(folder, schemas["entities"], "entities/train-00000.parquet", 5, 0)
    shards = {"articles": family, "catalog": catalog, "entities": entities, "sources": sources}
    facts = facts_of(
        harbour_config(),
        tuple(table_facts(folder, schemas[name], (shard,)) for name, shard in shards.items()),
        families=(family_facts(folder, schemas["articles"], "permissive", (family,)),),
        accounts=Accounts(read=articles, released=len(released), withheld=articles - len(released)),
        licenses=(LicenseRow("ledger", "CC-BY-4.0", "attribution", "full", "attribution-full", len(released)),),
        collection=CollectionLicense("CC-BY-4.0", "cc-by-4.0"),
    )
    return seal_snapshot(folder, facts)


def seal_snapshot(folder: Path, facts: SnapshotFacts) -> Path:
    """Descriptions and a sealed manifest beside the shards; returns ``folder``."""
    write_descriptions(folder, facts)
    facts = replace(facts, schema_digests=())
    rows = {shard.path: shard.rows for table in facts.tables for shard in table.shards}
    files = [
        FileFacts(path, (folder / path).stat().st_size, file_sha256(folder / path), rows.get(path))
        for path in sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
        if not path.startswith("manifest.json")
    ]
    seal(folder, render_manifest(facts, files))
    return folder


def _shard(folder: Path, schema: TableSchema, path: str, rows: list[dict[str, Any]]) -> FileFacts:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema.arrow), target, compression="zstd", row_group_size=10_000)
    return FileFacts(path, target.stat().st_size, file_sha256(target), len(rows))


def _row(number: int, articles: int) -> dict[str, Any]:
    digest = hashlib.sha256(f"article {number}".encode()).hexdigest()
    day = _FIRST + timedelta(days=number * _DAYS // articles)
    withheld = number % WITHHELD == 0
    source = "ledger" if number % 3 else "wire"
    title = f"{WHO[number % 5].capitalize()} {DID[number % 7]} {number} {WHAT[number % 8]} at {WHERE[number % 6]}"
    body = f"{title}. " * (1 + number % 9)
    name = WHERE[number % 6]
    start = body.index(name)
    return {
        "id": digest[:32],
        "title": title,
        "date": day,
        "published_at": datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
        "source": source,
        "url": f"https://{source}.example.org/{day:%Y/%m/%d}/{number}",
        "author": WHO[number % 5],
        "language": ("en", "es", None)[number % 13 % 3],
        "body": body,
        "body_sha256": hashlib.sha256(body.encode()).hexdigest(),
        "entities": [
            {
                "start": start,
                "end": start + len(name),
                "text": name,
                "label": "GPE",
                "coarse_label": "LOC",
                "canonical": name,
            }
        ],
        "license": None if withheld else "CC-BY-4.0",
        "rights_statement": "all rights reserved" if withheld else "CC-BY-4.0",
        "license_scope": "text",
        "rights_class": "in-copyright" if withheld else "attribution",
        "release": "metadata" if withheld else "full",
        "decision_rule": "in-copyright-withheld" if withheld else "attribution-full",
        "status": "active",
        "provenance": {
            "media_type": "text/plain",
            "charset": "utf-8",
            "payload_sha256": digest,
            "payload_bytes": len(body),
            "locator": f"{source}/{number}.txt",
            "origins": [{"field": "title", "origin": "declared", "rule": "front-matter", "confidence": 1.0}],
            "normalization": "clean 1",
            "edits": [{"start": 0, "end": 9, "replacement": "", "rule": "shortcode-known"}],
        },
        "transformations": ["cleaned"],
        "quality_flags": ["date-zone-unknown"] if number % 11 == 0 else [],
        "duplicate_cluster": f"copies-{number // COPIED}" if number % COPIED < 2 else None,
    }


def catalog_batch(articles: int) -> pa.RecordBatch:
    """The catalog's rows of such a snapshot, as one batch."""
    return pa.RecordBatch.from_pylist(
        [_row(number, articles) for number in range(articles)], schema=released_tables()["catalog"].arrow
    )
