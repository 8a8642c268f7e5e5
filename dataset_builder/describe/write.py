"""Write everything that a snapshot says of itself, and seal it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dataset_builder.access import TERMS
from dataset_builder.describe.card import render_card
from dataset_builder.describe.citation import render_cff
from dataset_builder.describe.croissant import render_croissant
from dataset_builder.describe.escape import script_safe_json
from dataset_builder.describe.facts import SnapshotFacts
from dataset_builder.describe.figures import render_figures
from dataset_builder.describe.package import render_package
from dataset_builder.progress import OnProgress, Watch, silent
from dataset_builder.snapshot.manifest import render_json, render_manifest, seal, tombstones, write_text
from dataset_builder.snapshot.row_digests import merkle_root
from dataset_builder.snapshot.withdrawn_check import TOMBSTONES


def write_descriptions(root: Path, facts: SnapshotFacts, on_progress: OnProgress = silent) -> None:
    """Card, descriptors, citation and licences below ``root``; then the manifest over all files, and its seal."""
    catalog = facts.table("catalog")
    watch = Watch("describe", on_progress, catalog.rows)
    facts = replace(facts, merkle_root=merkle_root(root, [shard.path for shard in catalog.shards], watch))
    texts = {
        "README.md": render_card(facts),
        "datapackage.json": render_json(render_package(facts)),
        "croissant.json": script_safe_json(render_croissant(facts)),
        "CITATION.cff": render_cff(facts),
        **render_figures(facts),
        **{f"LICENSES/{name}": text for name, text in facts.collection.texts},
    }
    if facts.terms:
        texts[TERMS] = facts.terms
    if facts.withdrawals:
        texts[TOMBSTONES] = render_json(tombstones(facts))
    files = [write_text(root, path, text) for path, text in sorted(texts.items())]
    shards = {shard.path: shard for table in facts.tables for shard in table.shards}
    seal(root, render_manifest(facts, [*files, *shards.values()]))
