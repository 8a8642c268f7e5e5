"""Write everything that a snapshot says of itself, and seal it."""

from __future__ import annotations

from pathlib import Path

from dataset_builder.access import TERMS
from dataset_builder.describe.card import render_card
from dataset_builder.describe.citation import render_cff
from dataset_builder.describe.croissant import render_croissant
from dataset_builder.describe.escape import script_safe_json
from dataset_builder.describe.facts import SnapshotFacts
from dataset_builder.describe.figures import render_figures
from dataset_builder.describe.package import render_package
from dataset_builder.progress import OnProgress, counted, silent
from dataset_builder.snapshot.manifest import render_json, render_manifest, seal, tombstones, write_text
from dataset_builder.snapshot.withdrawn_check import TOMBSTONES


def write_descriptions(root: Path, facts: SnapshotFacts, on_progress: OnProgress = silent) -> None:
    """Card, descriptors, citation and licences below ``root``; then the manifest over all files, and its seal."""
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
    written = counted(sorted(texts.items()), "describe", on_progress, total=len(texts))
    files = [write_text(root, path, text) for path, text in written]
    shards = {shard.path: shard for table in facts.tables for shard in table.shards}
    seal(root, render_manifest(facts, [*files, *shards.values()]))
