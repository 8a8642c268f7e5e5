"""Every description of two hand-made snapshots, to the letter. ``--update`` rewrites them; then read the difference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dataset_builder.describe.card import render_card
from dataset_builder.describe.cite import STYLES, citation_facts, render_citation
from dataset_builder.describe.croissant import render_croissant
from dataset_builder.describe.escape import script_safe_json
from dataset_builder.describe.facts import SnapshotFacts
from dataset_builder.describe.figures import render_figures
from dataset_builder.describe.package import render_package
from made_snapshots import bare_facts, harbour_facts, settled

GOLDEN = Path(__file__).parent
MADE = {"harbour": harbour_facts, "bare": bare_facts}


def descriptions(facts: SnapshotFacts) -> dict[str, str]:
    citation = citation_facts(facts)
    cited = {f"citation-{style}.txt": render_citation(citation, style) for style in STYLES}
    return {
        "README.md": render_card(facts),
        "datapackage.json": json.dumps(render_package(facts), indent=2, ensure_ascii=False) + "\n",
        "croissant.json": script_safe_json(render_croissant(facts)),
        **cited,
        **{path.replace("/", "-"): svg for path, svg in render_figures(facts).items()},
    }


@pytest.mark.parametrize("name", MADE)
def test_descriptions_are_as_they_were_read_and_approved(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    made = descriptions(settled(MADE[name](tmp_path)))
    folder = GOLDEN / name
    if request.config.getoption("--update"):
        folder.mkdir(exist_ok=True)
        for file, text in made.items():
            (folder / file).write_text(text, encoding="utf-8")
    assert {path.name for path in folder.iterdir()} == set(made)
    for file, text in made.items():
        assert (folder / file).read_text(encoding="utf-8") == text, f"{name}/{file}: look, then run with --update"
