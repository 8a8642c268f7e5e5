"""The snapshot that is rehydrated: its tables, and its descriptions as the dataset.yaml that would make them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dataset_builder.config import Config, load_config
from dataset_builder.config_check import CONFIG_NAME
from dataset_builder.errors import ConfigError, SnapshotError
from dataset_builder.linking.terms import DROPPED_RULE
from dataset_builder.progress import OnProgress, silent
from dataset_builder.read.record import ID_DIGITS
from dataset_builder.schema import TableSchema, article_descriptor, released_tables
from dataset_builder.snapshot.manifest import read_manifest
from dataset_builder.snapshot.table_check import PACKAGE, read_schemas
from dataset_builder.snapshot.verify import require_valid
from dataset_builder.visible import one_line

#: Members of a data package's licences and contributors that dataset.yaml has as well.
_LICENSE = ("name", "title", "path")
_CONTRIBUTOR = ("title", "givenName", "familyName", "path", "email", "orcid", "organization", "roles")
#: Columns of the table ``sources`` that a build counts.
_COUNTED = ("articles_read", "articles_released")


@dataclass(frozen=True)
class Earlier:
    """A snapshot that has been verified.

    Attributes:
        config: what it was built with, as far as it says so, for a private audience.
        schemas: the released tables.
        catalog: its table ``catalog``, whole.
        released: ids of the articles that it holds with text.
        row_of: payload digest -> row of the catalog.
    """

    root: Path
    manifest: Mapping[str, Any]
    config: Config
    schemas: Mapping[str, TableSchema]
    catalog: pa.Table
    released: frozenset[str]
    row_of: Mapping[str, int]

    @classmethod
    def open(cls, root: Path, scratch: Path, on_progress: OnProgress = silent) -> Earlier:
        """The snapshot at ``root``; ``scratch`` is an empty folder to work in.

        Raises:
            SnapshotError: it does not verify, or was written with another schema or by something else.
        """
        require_valid(root, on_progress)
        manifest = read_manifest(root)
        config = _config(root, manifest, scratch)
        schemas = released_tables(config.extra_fields)
        for name, descriptor in read_schemas(root).items():
            if name not in schemas or TableSchema(name, descriptor).arrow != schemas[name].arrow:
                raise SnapshotError(
                    f"the table {name} has other columns than this version writes",
                    expected=f"version {schemas['articles'].descriptor['version']} of the schema",
                    hint=f"rehydrate with build-dataset {manifest.get('builder_version')}",
                )
        shards = [pq.read_table(shard, partitioning=None) for shard in _shards(root, manifest, "catalog")]
        catalog = pa.concat_tables([schemas["catalog"].arrow.empty_table(), *shards])
        released = [
            article
            for shard in _shards(root, manifest, "articles")
            for article in pq.read_table(shard, columns=["id"], partitioning=None).column("id").to_pylist()
        ]
        digests = pc.struct_field(catalog.column("provenance"), "payload_sha256").to_pylist()
        _refuse_other_ids(catalog.column("id").to_pylist(), digests)
        row_of = {digest: row for row, digest in enumerate(digests)}
        return cls(root, manifest, config, schemas, catalog, frozenset(released), row_of)

    def row(self, number: int) -> dict[str, Any]:
        """One row of the catalog."""
        found: dict[str, Any] = self.catalog.slice(number, 1).to_pylist()[0]
        return found

    def articles(self) -> Iterator[tuple[str, pa.Table]]:
        """(licence family, rows) of each shard of the table ``articles``."""
        for shard in _shards(self.root, self.manifest, "articles"):
            yield shard.parent.name, pq.read_table(shard, partitioning=None)

    def wanted(self) -> frozenset[str]:
        """Payload digests of the articles whose text a private build would hold, and the snapshot does not."""
        ids, rules = (self.catalog.column(name).to_pylist() for name in ("id", "decision_rule"))
        return frozenset(
            digest
            for digest, row in self.row_of.items()
            if ids[row] not in self.released and rules[row] != DROPPED_RULE
        )


def _refuse_other_ids(ids: Sequence[str], digests: Sequence[str | None]) -> None:
    for article, digest in zip(ids, digests, strict=True):
        if digest is None or digest[:ID_DIGITS] != article:
            raise SnapshotError(
                f"the catalog's id {one_line(str(article))} is not that of its payload",
                expected=f"the first {ID_DIGITS} digits of its SHA-256",
            )


def _shards(root: Path, manifest: Mapping[str, Any], table: str) -> list[Path]:
    paths = sorted(entry["path"] for entry in manifest["files"])
    return [root / path for path in paths if path.startswith(f"{table}/") and path.endswith(".parquet")]


def _config(root: Path, manifest: Mapping[str, Any], scratch: Path) -> Config:
    """The configuration, by the way that every configuration takes: what a forged snapshot says is checked there."""
    try:
        stated = _stated(root, manifest)
        (scratch / CONFIG_NAME).write_text(json.dumps(stated, ensure_ascii=False), encoding="utf-8")
        return load_config(scratch, audience="private")
    except ConfigError as error:
        raise SnapshotError(
            f"what the snapshot says of itself makes no configuration: {error.found}",
            expected="descriptions as build-dataset writes them",
            issues=error.issues,
        ) from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        found = f"what the snapshot says of itself cannot be read: {type(error).__name__}"
        raise SnapshotError(found, expected="descriptions as build-dataset writes them") from None


def _stated(root: Path, manifest: Mapping[str, Any]) -> dict[str, Any]:
    package = json.loads((root / PACKAGE).read_bytes())
    (sources,) = [pq.read_table(shard, partitioning=None) for shard in _shards(root, manifest, "sources")]
    told = f"Rehydrated for private use from {manifest['identity']}."
    change = {"version": manifest["version"], "description": told}
    declared = {"created": manifest["created"]} if manifest["created_from"] == "declared" else {}
    optional = {name: package[name] for name in ("description", "homepage", "doi", "keywords") if package.get(name)}
    return {
        **{name: manifest[name] for name in ("name", "title", "version")},
        **declared,
        **optional,
        "licenses": [_members(entry, _LICENSE) for entry in package.get("licenses", [])],
        "contributors": [_members(entry, _CONTRIBUTOR) for entry in package.get("contributors", [])],
        "sources": [_source(row) for row in sources.to_pylist()],
        "fields": _extra_fields(package),
        "withdrawals": manifest["withdrawals"],
        "changes": [change],
        "build": {
            "audience": "private",
            "noncommercial": manifest["noncommercial"],
            "entities": _entities(manifest),
            "splits": _splits(manifest),
        },
    }


def _splits(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """How the texts are divided; snapshots of earlier versions say nothing of it."""
    stated = manifest.get("splits") or {"by": "none"}
    return {"by": stated["by"], **({"into": stated["into"]} if stated.get("into") else {})}


def _members(entry: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: entry[name] for name in names if entry.get(name)}


def _source(row: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if value is not None and name not in _COUNTED}
    if evidence := kept.pop("license_evidence", None):
        kept["license_evidence"] = {name: value for name, value in evidence.items() if value is not None}
    if expires := kept.pop("permission_expires", None):
        kept["permission_expires"] = expires.isoformat()
    return kept


def _extra_fields(package: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields that the corpus declared; known only where a text was released, as the catalog leaves them out."""
    own = {field["name"] for field in article_descriptor()["fields"]}
    schemas = [resource["schema"] for resource in package["resources"] if resource["name"] == "articles"]
    return [field for schema in schemas for field in schema["fields"] if field["name"] not in own]


def _entities(manifest: Mapping[str, Any]) -> dict[str, Any]:
    asked = manifest["entities"]
    return {"model": asked["models"] or "none", "labels": asked["labels"]}
