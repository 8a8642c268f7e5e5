"""What a sealed snapshot says about how it came to be, read from its own files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dataset_builder.errors import UsageError
from dataset_builder.nearest import nearest_hint
from dataset_builder.progress import OnProgress, silent
from dataset_builder.snapshot.manifest import MANIFEST, SEAL, read_manifest
from dataset_builder.snapshot.table_check import PACKAGE
from dataset_builder.snapshot.verify import require_valid
from dataset_builder.visible import one_line

#: What the provenance of one article needs of the catalog.
_COLUMNS = (
    "id", "title", "url", "license", "release", "decision_rule", "body_sha256", "transformations", "provenance",
)  # fmt: skip


@dataclass(frozen=True)
class SnapshotStory:
    """A verified snapshot.

    Attributes:
        manifest: its manifest.
        package: its datapackage.json.
        sources: rows of its table of sources.
        files: every file, the manifest and its seal included: path, size and SHA-256 (empty for these two).
        articles: rows of the catalog that were asked for.
    """

    root: Path
    manifest: Mapping[str, Any]
    package: Mapping[str, Any]
    sources: Sequence[Mapping[str, Any]]
    files: Sequence[tuple[str, int, str]]
    articles: Sequence[Mapping[str, Any]]


def read_story(root: Path, articles: Sequence[str] = (), on_progress: OnProgress = silent) -> SnapshotStory:
    """Read a snapshot, after verifying it.

    Args:
        articles: ids of articles whose own way is to be told.

    Raises:
        SnapshotError: it does not verify.
        UsageError: an article is not in its catalog.
    """
    require_valid(root, on_progress)
    manifest = read_manifest(root)
    files = [(entry["path"], entry["bytes"], entry["sha256"]) for entry in manifest["files"]]
    files += [(name, (root / name).stat().st_size, "") for name in (MANIFEST, SEAL)]
    package = json.loads((root / PACKAGE).read_bytes())
    sources = [row for shard in _shards(files, "sources") for row in pq.read_table(root / shard).to_pylist()]
    return SnapshotStory(root, manifest, package, sources, sorted(files), _articles(root, files, articles))


def _shards(files: Sequence[tuple[str, int, str]], table: str) -> list[str]:
    return sorted(path for path, _, _ in files if path.startswith(f"{table}/") and path.endswith(".parquet"))


def _articles(root: Path, files: Sequence[tuple[str, int, str]], wanted: Sequence[str]) -> list[Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    known: list[str] = []
    for shard in _shards(files, "catalog") if wanted else ():
        table = pq.read_table(root / shard, columns=list(_COLUMNS), partitioning=None)
        known += table.column("id").to_pylist()
        rows = table.filter(pc.is_in(table.column("id"), pa.array(wanted, pa.string()))).to_pylist()
        found |= {row["id"]: row for row in rows}
    for article in wanted:
        if article not in found:
            raise UsageError(
                f"no article {one_line(article)!r} in the catalog", expected="its id", hint=nearest_hint(article, known)
            )
    return [found[article] for article in sorted(set(wanted))]
