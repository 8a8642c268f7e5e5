"""The facts that a snapshot was described by, as far as its manifest and its rows tell them.

Whoever describes these facts anew with the builder's own functions gets what the snapshot says of itself, or finds
where it says something else. What no row tells is taken from the Data Package: who made the dataset, its description,
its keywords, the licence of the compilation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from dataset_builder.access import TERMS
from dataset_builder.config import BuildOptions, Change, Config, Contributor, License, Source, Withdrawal
from dataset_builder.describe.checks import build_checks
from dataset_builder.describe.escape import LINE_LIMIT
from dataset_builder.describe.facts import (
    Accounts,
    CollectionLicense,
    FamilyFacts,
    FileFacts,
    LicenseRow,
    SnapshotFacts,
    SplitFacts,
    TableFacts,
)
from dataset_builder.partial.reconstruction import Reconstruction
from dataset_builder.release_options import Access, LegalBasis, ReleaseOptions
from dataset_builder.rights.classes import IN_COPYRIGHT
from dataset_builder.rights.collection import LicensedPart, collection_license
from dataset_builder.rights.license_texts import LEGAL_BASIS, legal_basis_note, permission_notes
from dataset_builder.schema import TABLES, TableSchema, released_tables
from dataset_builder.snapshot.shards import data_bytes
from dataset_builder.snapshot.survey import Survey
from dataset_builder.split_options import REST, SplitOptions
from dataset_builder.visible import without_controls


@dataclass(frozen=True)
class StatedConfig(Config):
    """A configuration of which a snapshot keeps the digest, and not all members."""

    stated_sha256: str = ""

    @property
    def sha256(self) -> str:
        """The digest as the manifest states it."""
        return self.stated_sha256


@dataclass(frozen=True)
class Stated:
    """What a snapshot says of itself: manifest, Data Package, front matter of the card, and the terms of access."""

    manifest: Mapping[str, Any]
    package: Mapping[str, Any]
    front: Mapping[str, Any]
    terms: str


def files_of(manifest: Mapping[str, Any]) -> list[FileFacts]:
    """Every file that the manifest lists, in its order."""
    return [FileFacts(entry["path"], entry["bytes"], entry["sha256"], entry.get("rows")) for entry in manifest["files"]]


def shards_of(manifest: Mapping[str, Any]) -> dict[str, list[FileFacts]]:
    """Table -> its shards in the order in which a build writes them: by family, split, month and number."""
    names = split_names(manifest)
    found: dict[str, list[FileFacts]] = {name: [] for name in TABLES}
    for file in files_of(manifest):
        table = file.path.partition("/")[0]
        if file.path.endswith(".parquet") and table in found:
            found[table].append(file)
    place = {name: number for number, name in enumerate(names)}
    for files in found.values():
        files.sort(
            key=lambda file: (str(PurePosixPath(file.path).parent), place.get(file.split, len(place)), file.path)
        )
    return {table: files for table, files in found.items() if files}


def split_names(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """The splits, ``train`` first; snapshots of earlier versions say nothing of them."""
    return (REST, *(manifest.get("splits") or {}).get("into", {}))


def restated_facts(root: Path, stated: Stated, survey: Survey) -> SnapshotFacts:
    """The facts; every one that the rows tell is from the rows."""
    manifest = stated.manifest
    config = _config(stated, survey)
    rules = tuple((manifest["legal_basis"] or {}).get("rules", ()))
    tables = _tables(root, stated, survey)
    licenses = survey.license_rows
    created = date.fromisoformat(manifest["created"]) if manifest["created"] else None
    score = manifest.get("reconstruction")
    return SnapshotFacts(
        config=config,
        builder_version=manifest["builder_version"],
        identity=manifest["identity"],
        created=created,
        created_from=manifest["created_from"],
        tables=tables,
        families=_families(root, tables),
        accounts=Accounts(**manifest["accounts"]),
        licenses=licenses,
        collection=_collection(config, licenses, rules),
        languages=_ranked(survey.languages),
        dates=survey.dates,
        flags=_ranked(survey.flags),
        entity_labels=_ranked(survey.labels),
        words=survey.words,
        policy_version=manifest["policy_version"],
        policy_sha256=manifest["policy_sha256"],
        schema_sha256=manifest["schema_sha256"],
        schema_digests=tuple((name, table["schema_sha256"]) for name, table in manifest["tables"].items()),
        checks=build_checks(tables),
        tools=tuple(manifest["tools"].items()),
        withdrawals=config.withdrawals,
        merkle_root=manifest["merkle_root"],
        reconstruction=Reconstruction(**score) if score else None,
        legal_rules=rules,
        terms=stated.terms,
    )


def _config(stated: Stated, survey: Survey) -> StatedConfig:
    manifest, package = stated.manifest, stated.package
    basis = manifest["legal_basis"] or {}
    splits = manifest.get("splits") or {"by": "none", "into": {}}
    release = ReleaseOptions(
        mode=manifest["release"],
        legal_basis=LegalBasis(**{key: value for key, value in basis.items() if key != "rules"}),
        published_in=tuple(manifest["published_in"]),
        access=_access(stated),
    )
    labels = manifest["entities"]["labels"]
    build = BuildOptions(
        audience=manifest["audience"],
        noncommercial=manifest["noncommercial"],
        models=tuple(manifest["entities"]["models"].items()),
        labels=() if labels == "all" else tuple(labels),
        splits=SplitOptions(splits["by"], tuple(splits["into"].items())),
        release=release,
    )
    return StatedConfig(
        folder=Path(),
        name=manifest["name"],
        title=manifest["title"],
        version=manifest["version"],
        description=package.get("description", ""),
        homepage=package.get("homepage", ""),
        doi=manifest["doi"] or "",
        licenses=tuple(License(*_texts(entry, "name", "title", "path")) for entry in package.get("licenses", ())),
        contributors=tuple(_contributor(entry) for entry in package.get("contributors", ())),
        keywords=tuple(package.get("keywords", ())),
        sources=_sources(survey.sources, package.get("sources", ())),
        withdrawals=tuple(
            Withdrawal(**{**entry, "versions": tuple(entry["versions"])}) for entry in manifest["withdrawals"]
        ),
        changes=tuple(Change(**entry) for entry in manifest["changes"]),
        build=build,
        stated_sha256=manifest["config_sha256"],
    )


def _access(stated: Stated) -> Access:
    """What the Hub asks of applicants stands in the card alone."""
    front, prefix = stated.front, "extra_gated_"
    fields = {
        question: (form,) if isinstance(form, str) else (form["type"], *form["options"])
        for question, form in front.get(f"{prefix}fields", {}).items()
    }
    heading, prompt, button = (front.get(prefix + name, "") for name in ("heading", "prompt", "button_content"))
    return Access(TERMS if stated.terms else "", heading, prompt, button, tuple(fields.items()))


def _contributor(entry: Mapping[str, Any]) -> Contributor:
    title, given, family, path, email, orcid, organization = _texts(
        entry, "title", "givenName", "familyName", "path", "email", "orcid", "organization"
    )
    return Contributor(title, given, family, path, email, orcid, organization, tuple(entry.get("roles", ())))


def _texts(entry: Mapping[str, Any], *names: str) -> list[str]:
    return [str(entry.get(name, "")) for name in names]


def _sources(rows: Iterable[Mapping[str, Any]], listed: Sequence[Mapping[str, Any]]) -> tuple[Source, ...]:
    """The rows of the table in the order of the Data Package, which is that of dataset.yaml.

    The table leaves out characters that cannot be seen, a joiner within a word among them, and the other files have
    them; where the two differ by no more, the text is taken from the Data Package.
    """
    places = {entry.get("name"): number for number, entry in enumerate(listed)}
    ordered = sorted(rows, key=lambda row: places.get(row["name"], len(places)))
    return tuple(_source(row, listed[places[row["name"]]] if row["name"] in places else {}) for row in ordered)


def _source(row: Mapping[str, Any], listed: Mapping[str, Any]) -> Source:
    def text(name: str) -> str:
        said, held = str(listed.get(name, "")), str(row[name] or "")
        return said if _same_text(said, held) else held

    expires = row["permission_expires"]
    return Source(
        row["name"],
        title=text("title"),
        path=text("path"),
        email=text("email"),
        publisher=text("publisher"),
        permission=row["permission"] or "",
        permission_expires=expires.isoformat() if expires else "",
    )


def _same_text(said: str, held: str) -> bool:
    """Whether a line of a description shows the text that the table holds; a long one is cut."""
    cut = said.endswith("…") and len(held) > LINE_LIMIT // 2
    return _seen(held).startswith(_seen(said[:-1])) if cut else _seen(said) == _seen(held)


def _seen(text: str) -> str:
    return "".join(without_controls(text).split())


def _tables(root: Path, stated: Stated, survey: Survey) -> tuple[TableFacts, ...]:
    schemas = {resource["name"]: resource["schema"] for resource in stated.package["resources"]}
    shards = shards_of(stated.manifest)
    built = released_tables()
    return tuple(
        _table(root, TableSchema(name, schemas.get(name) or built[name].descriptor), shards.get(name, []), survey)
        for name in TABLES
        if name in stated.manifest["tables"]
    )


def _table(root: Path, schema: TableSchema, shards: Sequence[FileFacts], survey: Survey) -> TableFacts:
    nulls = survey.nulls.get(schema.name, Counter())
    rows, size, splits = _sums(root, shards)
    counted = tuple((name, nulls[name]) for name in schema.column_names)
    return TableFacts(schema, tuple(shards), rows, size, counted, splits)


def _families(root: Path, tables: Iterable[TableFacts]) -> tuple[FamilyFacts, ...]:
    articles = next(table for table in tables if table.schema.name == "articles")
    by_family: dict[str, list[FileFacts]] = {}
    for shard in articles.shards:
        by_family.setdefault(shard.path.split("/")[1], []).append(shard)
    return tuple(FamilyFacts(name, tuple(files), *_sums(root, files)) for name, files in by_family.items())


def _sums(root: Path, shards: Iterable[FileFacts]) -> tuple[int, int, tuple[SplitFacts, ...]]:
    """Rows and bytes of data, together and by split."""
    splits: dict[str, SplitFacts] = {}
    for shard in shards:
        before = splits.get(shard.split, SplitFacts(shard.split, 0, 0))
        rows, size = before.rows + (shard.rows or 0), before.data_bytes + data_bytes(root / shard.path)
        splits[shard.split] = SplitFacts(shard.split, rows, size)
    found = tuple(splits.values())
    return sum(split.rows for split in found), sum(split.data_bytes for split in found), found


def _collection(config: Config, licenses: Iterable[LicenseRow], by_law: Sequence[str]) -> CollectionLicense:
    parts = [
        LicensedPart(LEGAL_BASIS, IN_COPYRIGHT, row.articles)
        if row.decision_rule in by_law
        else LicensedPart(row.license, row.rights_class, row.articles)
        for row in licenses
        if row.released and row.license
    ]
    basis = config.build.release.legal_basis
    notes = permission_notes(config.sources)
    if basis.words:
        notes[LEGAL_BASIS] = legal_basis_note(basis, config.build.release.published_in)
    terms = collection_license(parts, [entry.name for entry in config.licenses], noncommercial=True, notes=notes)
    return CollectionLicense(terms.expression, terms.hub, terms.hub_name, terms.hub_link, terms.texts)


def _ranked(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
