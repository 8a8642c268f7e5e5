"""manifest.json: every file's size and digest, the accounts, and what the snapshot was made with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dataset_builder.describe.facts import FileFacts, SnapshotFacts
from dataset_builder.errors import SnapshotError, UsageError
from dataset_builder.snapshot.identity import file_sha256
from dataset_builder.snapshot.safe_files import refuse_irregular
from dataset_builder.snapshot.shards import set_content_time

MANIFEST = "manifest.json"
SEAL = "manifest.json.sha256"
FORMAT = "news-dataset-manifest/1"
SORT_KEY = ("date", "id")
#: Ten thousand shards take three megabytes; reading JSON takes up to thirty times its size.
MAX_MANIFEST_BYTES = 64 * 1024 * 1024
#: A digest and a name are far below; of a seal that is longer no more is read, and it does not fit.
_SEAL_BYTES = 1024


def render_manifest(facts: SnapshotFacts, files: Iterable[FileFacts]) -> dict[str, Any]:
    """The manifest's content; ``files`` are all files of the snapshot but the manifest and its seal."""
    config = facts.config
    withheld: dict[str, int] = {}
    licenses: dict[str, int] = {}
    for row in facts.licenses:
        if row.released:
            licenses[row.license or "none"] = licenses.get(row.license or "none", 0) + row.articles
        else:
            withheld[row.decision_rule] = withheld.get(row.decision_rule, 0) + row.articles
    return {
        "format": FORMAT,
        "name": config.name,
        "title": config.title,
        "version": config.version,
        "created": facts.created.isoformat() if facts.created else None,
        "created_from": facts.created_from,
        "identity": facts.identity,
        "merkle_root": facts.merkle_root,
        "doi": config.doi or None,
        "audience": config.build.audience,
        "noncommercial": config.build.noncommercial,
        "release": config.build.release.mode,
        "published_in": list(config.build.release.published_in),
        "legal_basis": _legal_basis(facts),
        "entities": {"models": dict(config.build.models), "labels": list(config.build.labels) or "all"},
        "license": facts.collection.expression or None,
        "license_counts": dict(sorted(licenses.items())),
        "withheld_counts": dict(sorted(withheld.items())),
        "release_counts": facts.release_counts,
        "reconstruction": asdict(facts.reconstruction) if facts.reconstruction else None,
        "accounts": {name: getattr(facts.accounts, name) for name in facts.accounts.__dataclass_fields__},
        "sort_key": list(SORT_KEY),
        "splits": _splits(facts),
        "tables": {
            table.schema.name: {
                "rows": table.rows,
                "schema_version": table.schema.descriptor["version"],
                "schema_sha256": dict(facts.schema_digests).get(table.schema.name),
            }
            for table in facts.tables
        },
        "schema_sha256": facts.schema_sha256,
        "policy_version": facts.policy_version,
        "policy_sha256": facts.policy_sha256,
        "config_sha256": config.sha256,
        "builder_version": facts.builder_version,
        "tools": dict(facts.tools),
        "changes": [asdict(change) for change in config.changes],
        "withdrawals": tombstones(facts),
        "files": [_file_entry(file) for file in sorted(files, key=lambda file: file.path)],
    }


def _splits(facts: SnapshotFacts) -> dict[str, Any]:
    """How the texts are divided, and how many articles that made of each split."""
    options = facts.config.build.splits
    rows = {split.name: split.rows for split in facts.table("articles").splits}
    return {
        "by": options.by,
        "into": dict(options.into),
        "articles": {name: rows.get(name, 0) for name in options.names},
    }


def _legal_basis(facts: SnapshotFacts) -> dict[str, Any] | None:
    """The legal basis that the configuration names, with the rows of the policy that rest on it."""
    basis = facts.config.build.release.legal_basis
    return {**asdict(basis), "rules": list(facts.legal_rules)} if facts.legal_rules else None


def tombstones(facts: SnapshotFacts) -> list[dict[str, Any]]:
    """What remains of each withdrawn article: id, reason, date, and the versions that held its text."""
    return [
        {"id": entry.id, "reason": entry.reason, "date": entry.date, "versions": list(entry.versions)}
        for entry in facts.withdrawals
    ]


def _file_entry(file: FileFacts) -> dict[str, Any]:
    entry: dict[str, Any] = {"path": file.path, "bytes": file.bytes, "sha256": file.sha256}
    return entry if file.rows is None else {**entry, "rows": file.rows}


def write_text(root: Path, path: str, text: str) -> FileFacts:
    """Write one text file below ``root``, UTF-8 with line feeds."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    content = text.encode()
    target.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    set_content_time(target, sha256)
    return FileFacts(path, len(content), sha256)


def render_json(value: Any) -> str:
    """JSON as people read it: two spaces, real characters, a final newline."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def seal(root: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest, and its digest as ``sha256sum`` would."""
    written = write_text(root, MANIFEST, render_json(manifest))
    write_text(root, SEAL, f"{written.sha256}  {MANIFEST}\n")


def read_manifest(root: Path) -> dict[str, Any]:
    """The manifest of the snapshot at ``root``.

    Raises:
        UsageError: ``root`` is no folder.
        SnapshotError: there is none, it is not one of ours, or a file beside it is no regular file of the snapshot.
    """
    if not root.is_dir():
        raise UsageError(
            f"{root} is not a folder" if root.exists() else f"there is no folder {root}",
            expected="the folder of a snapshot",
            hint="name the snapshot's folder, such as out/seeds",
        )
    refuse_irregular(root)
    path = root / MANIFEST
    expected = "the folder that a build wrote, with its manifest.json"
    try:
        size = path.stat().st_size
        if size > MAX_MANIFEST_BYTES:
            raise SnapshotError(
                f"a manifest of {size} bytes", expected=f"at most {MAX_MANIFEST_BYTES}", place=str(path)
            )
        manifest = json.loads(path.read_bytes())
    except OSError as error:
        found = f"{root} is no snapshot: manifest.json is {'absent' if not path.exists() else error.strerror}"
        raise SnapshotError(found, expected=expected, hint="name the snapshot's folder, such as out/seeds") from None
    except (ValueError, RecursionError):
        raise SnapshotError("manifest.json is not JSON", expected=expected, place=str(path)) from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        found = f"the format {str(manifest.get('format'))[:60]!r}" if isinstance(manifest, dict) else "no JSON object"
        raise SnapshotError(found, expected=FORMAT, place=str(path))
    return manifest


def seal_matches(root: Path) -> bool:
    """Whether ``manifest.json.sha256`` holds the manifest's digest."""
    try:
        with (root / SEAL).open("rb") as file:
            words = file.read(_SEAL_BYTES).decode().split()
    except (OSError, UnicodeDecodeError):
        return False
    return words == [file_sha256(root / MANIFEST), MANIFEST]
