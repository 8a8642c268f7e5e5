"""Somebody who changes rows of a snapshot and has everything that is said of it written anew, as a build would."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dataset_builder.describe.write import write_descriptions
from dataset_builder.progress import Watch, silent
from dataset_builder.schema import TableSchema
from dataset_builder.snapshot.identity import file_sha256, snapshot_identity
from dataset_builder.snapshot.restated import Stated, restated_facts, shards_of
from dataset_builder.snapshot.restatement_check import front_matter
from dataset_builder.snapshot.row_digests import kept_digests, row_digests, tree_of
from dataset_builder.snapshot.survey import Survey
from dataset_builder.snapshot.table_check import read_schemas
from dataset_builder.snapshot.withdrawn_check import read_tombstones


def edit_rows(folder: Path, pattern: str, edit: Callable[[list[dict[str, Any]]], Any]) -> None:
    """Change the rows of the first shard that fits; ``edit`` gets them as dicts and changes the list."""
    shard = sorted(folder.glob(pattern))[0]
    schema = TableSchema("", read_schemas(folder)[shard.relative_to(folder).parts[0]]).arrow
    rows = pq.read_table(shard, partitioning=None).to_pylist()
    edit(rows)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), shard, compression="zstd", version="2.6")


def set_cell(column: str, value: Any, row: int = 0) -> Callable[[list[dict[str, Any]]], None]:
    """An edit of one cell."""

    def edit(rows: list[dict[str, Any]]) -> None:
        assert rows[row][column] != value
        rows[row][column] = value

    return edit


def describe_anew(folder: Path) -> None:
    """Files, rows, identity, Merkle root and every description as the shards now are, and a new seal."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    shards = sorted(path for path in folder.rglob("*.parquet"))
    manifest["files"] = [
        {
            "path": path.relative_to(folder).as_posix(),
            "bytes": path.stat().st_size,
            "sha256": file_sha256(path),
            "rows": pq.read_metadata(path).num_rows,
        }
        for path in shards
    ]
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    digests = [(entry["path"], entry["sha256"]) for entry in manifest["files"]]
    manifest["identity"] = snapshot_identity(read_schemas(folder), digests)
    catalog = [entry["path"] for entry in manifest["files"] if entry["path"].startswith("catalog/")]
    kept = kept_digests(read_tombstones(folder))
    manifest["merkle_root"] = tree_of(row_digests(folder, catalog, kept)).root.hex()
    front = front_matter((folder / "README.md").read_text(encoding="utf-8"))
    survey = Survey.of(folder, shards_of(manifest), Watch("", silent))
    facts = restated_facts(folder, Stated(manifest, package, front, ""), survey)
    known = {name for name, _ in facts.collection.texts}
    for path in (folder / "LICENSES").iterdir():
        if path.name not in known:
            path.unlink()
    write_descriptions(folder, facts)
