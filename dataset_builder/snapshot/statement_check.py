"""What manifest, card, descriptors and citation state, against the rows and against each other.

A seal only shows that a manifest is the one that was sealed. Whoever edits the manifest can seal it anew; what it
states must therefore also follow from the rows, or stand in another file in the same words.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from dataset_builder.describe.escape import one_line as escaped
from dataset_builder.describe.facts import split_of
from dataset_builder.issues import Issue
from dataset_builder.snapshot.identity import json_sha256
from dataset_builder.snapshot.license_check import check_licenses
from dataset_builder.snapshot.shards import data_bytes
from dataset_builder.snapshot.stated import BY_FAMILY, compare, count_rows, each_shard, read_columns
from dataset_builder.snapshot.table_check import PACKAGE, read_schemas
from dataset_builder.strict_yaml import YamlError, parse_yaml
from dataset_builder.visible import one_line

MANIFEST, CARD, CITATION, CROISSANT = "manifest.json", "README.md", "CITATION.cff", "croissant.json"
#: Every digest that a description quotes must be one that the manifest states.
_DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
#: The family of texts that only a private audience gets (docs/decisions/private-family.md).
_PRIVATE_SHARDS = "articles/private/"


def check_statements(root: Path, manifest: dict[str, Any], entries: dict[str, dict[str, Any]]) -> Iterator[Issue]:
    """Findings about statements that are not true."""
    package = json.loads((root / PACKAGE).read_bytes())
    yield from _check_counts(root, manifest, entries)
    yield from _check_audience(manifest, package, entries)
    yield from _check_names(root, manifest, package)
    yield from _check_card(root, manifest, package, entries)
    yield from check_licenses(root, manifest, package, entries)
    yield from _check_digests(root, manifest, package, entries)
    yield from _check_withdrawals(root, manifest)


def _check_counts(root: Path, manifest: dict[str, Any], entries: dict[str, dict[str, Any]]) -> Iterator[Issue]:
    merged = 0
    for shard in each_shard(root, entries, "catalog", ["provenance"]):
        sightings = pc.struct_field(shard.column("provenance"), "sightings")
        merged += (pc.sum(pc.list_value_length(sightings)).as_py() or 0) - shard.num_rows
    # The sightings of a withdrawn or rejected article are in no table.
    complete = not manifest["accounts"]["withdrawn"] and not manifest["accounts"]["rejected"]
    if manifest["accounts"]["merged"] < merged or (complete and manifest["accounts"]["merged"] != merged):
        found = f"{manifest['accounts']['merged']} merged"
        yield Issue(MANIFEST, field="accounts", code="accounts-wrong", found=found, expected=f"{merged} in the catalog")


def _check_audience(
    manifest: dict[str, Any], package: dict[str, Any], entries: dict[str, dict[str, Any]]
) -> Iterator[Issue]:
    """A private snapshot must not pass for a public one, whatever its manifest says."""
    yield from compare(MANIFEST, "audience", manifest["audience"], package.get("audience"))
    if manifest["audience"] != "private" and any(path.startswith(_PRIVATE_SHARDS) for path in entries):
        found = f"the audience {manifest['audience']} over texts for a private one"
        yield Issue(MANIFEST, field="audience", code="statement-wrong", found=found, expected="private")


def _check_names(root: Path, manifest: dict[str, Any], package: dict[str, Any]) -> Iterator[Issue]:
    citation = _citation(root)
    created = manifest["created"]
    stated = {
        (PACKAGE, "name"): (package.get("name"), escaped(manifest["name"])),
        (PACKAGE, "title"): (package.get("title"), escaped(manifest["title"])),
        (PACKAGE, "version"): (package.get("version"), manifest["version"]),
        (PACKAGE, "id"): (package.get("id"), manifest["identity"]),
        (PACKAGE, "created"): (package.get("created"), f"{created}T00:00:00Z" if created else None),
        (CITATION, "title"): (citation.get("title"), escaped(manifest["title"])),
        (CITATION, "version"): (str(citation.get("version")), manifest["version"]),
        (CITATION, "date-released"): (citation.get("date-released"), created),
    }
    for (path, field), (found, expected) in stated.items():
        yield from compare(path, field, found, expected)
    yield from compare(MANIFEST, "sort_key", manifest["sort_key"], ["date", "id"])
    yield from compare(MANIFEST, "schema_sha256", manifest["schema_sha256"], json_sha256(read_schemas(root)))


def _citation(root: Path) -> dict[str, Any]:
    try:
        value = parse_yaml((root / CITATION).read_text(encoding="utf-8")).value
    except YamlError as error:
        raise ValueError(f"CITATION.cff, line {error.line}: {error.found}") from None
    return value if isinstance(value, dict) else {}


def _check_card(
    root: Path, manifest: dict[str, Any], package: dict[str, Any], entries: dict[str, dict[str, Any]]
) -> Iterator[Issue]:
    text = (root / CARD).read_text(encoding="utf-8")
    front = parse_yaml(text[4 : text.index("\n---\n", 3)]).value
    yield from compare(CARD, "pretty_name", front.get("pretty_name"), package.get("title"))
    tags = [tag for table in BY_FAMILY for (tag,) in count_rows(root, entries, table, ["language"])]
    languages = {(tag or "und").split("-")[0].lower() for tag in tags}
    yield from compare(CARD, "language", sorted(front.get("language") or []), sorted(languages))
    for config in front.get("configs") or []:
        name = one_line(str(config.get("config_name")))
        yield from compare(CARD, f"configs.{name}.version", str(config.get("version")), manifest["version"])
        quoted = f"Data digest {manifest['identity']}"
        yield from compare(CARD, f"configs.{name}.description", config.get("description"), quoted)
    yield from _check_sizes(root, front, entries)


def _check_sizes(root: Path, front: dict[str, Any], entries: dict[str, dict[str, Any]]) -> Iterator[Issue]:
    """Sizes that ``datasets`` believes without looking."""
    infos = front.get("dataset_info") or []
    for info in infos if isinstance(infos, list) else [infos]:
        name = str(info.get("config_name"))
        prefixes = (f"{name}/", f"articles/{name}/")
        shards = [path for path in entries if path.startswith(prefixes) and path.endswith(".parquet")]
        sizes = Counter[str]()
        for path in shards:
            sizes[split_of(path)] += data_bytes(root / path)
        stated = {split.get("name"): split.get("num_bytes") for split in info.get("splits") or []}
        yield from compare(CARD, f"{one_line(name)}.num_bytes", stated, dict(sizes))
        size = sizes.total()
        yield from compare(CARD, f"{one_line(name)}.dataset_size", info.get("dataset_size"), size)
        download = sum(entries[path]["bytes"] for path in shards)
        yield from compare(CARD, f"{one_line(name)}.download_size", info.get("download_size"), download)


def _check_digests(
    root: Path, manifest: dict[str, Any], package: dict[str, Any], entries: dict[str, dict[str, Any]]
) -> Iterator[Issue]:
    """Digests in the descriptions; the dataset's own description may quote others, and says so in the package too."""
    known = set(_DIGEST.findall(json.dumps([manifest, package.get("description")])))
    known |= set(_evidence_digests(root, entries))
    for path in (CARD, CITATION, CROISSANT):
        if (root / path).is_file():
            quoted = set(_DIGEST.findall((root / path).read_text(encoding="utf-8")))
            for digest in sorted(quoted - known):
                found = f"the digest {digest}"
                yield Issue(path, code="statement-wrong", found=found, expected="a digest that the manifest states")
            if path != CROISSANT and manifest["identity"].removeprefix("sha256:") not in quoted:
                yield Issue(path, code="statement-wrong", found="no identity", expected=manifest["identity"])


def _evidence_digests(root: Path, entries: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Digests of captured terms, which the table of sources states."""
    for row in read_columns(root, entries, "sources", ["license_evidence", "terms_sha256"]).to_pylist():
        yield from (value for value in (row["terms_sha256"], (row["license_evidence"] or {}).get("sha256")) if value)


def _check_withdrawals(root: Path, manifest: dict[str, Any]) -> Iterator[Issue]:
    path = root / "withdrawals.json"
    stated = json.loads(path.read_bytes()) if path.is_file() else []
    tombstones = [{name: entry.get(name) for name in ("id", "reason", "date")} for entry in stated]
    listed = [{name: entry.get(name) for name in ("id", "reason", "date")} for entry in manifest["withdrawals"]]
    yield from compare("withdrawals.json", "withdrawals", tombstones, listed)
