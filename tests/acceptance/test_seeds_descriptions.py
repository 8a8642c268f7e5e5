"""The snapshot of the seeds: its descriptions read by others, and DATA_CARD.md and CITATION.cff in step with it.

``--update`` rewrites the two files at the top of the repository; then read the difference.
"""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import dataset_builder
from dataset_builder.describe.cite import read_citation_facts, render_citation
from dataset_builder.describe.cite.cff import dump, members
from dataset_builder.pipeline import BuildResult, build

#: The Python that wrote DATA_CARD.md: its Unicode tables are among the tools that the card names.
CARD_PYTHON = "3.11"
#: Where the repository keeps the plots that DATA_CARD.md shows.
FIGURES = "docs/figures/seeds"


@pytest.fixture(scope="module")
def seeds(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    return build(repository / "seeds", tmp_path_factory.mktemp("seeds") / "seeds")


@pytest.mark.filterwarnings("ignore")  # of mlcroissant's libraries
def test_mlcroissant_reads_every_table_with_all_its_rows(seeds: BuildResult) -> None:
    import mlcroissant

    for table in seeds.facts.tables:
        records = mlcroissant.Dataset(str(seeds.out / "croissant.json")).records(table.schema.name)
        assert sum(1 for _ in records) == table.rows > 0


def test_frictionless_validates_every_row_of_the_data_package(seeds: BuildResult) -> None:
    from frictionless import Package

    report = Package(str(seeds.out / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "note"])[:5]
    counted = {task.name: task.stats["rows"] for task in report.tasks}
    assert counted == {table.schema.name: table.rows for table in seeds.facts.tables}


def test_the_card_names_identifiers_that_the_hub_knows(seeds: BuildResult) -> None:
    import datasets
    from datasets.utils.metadata import known_task_ids

    front = yaml.safe_load((seeds.out / "README.md").read_text(encoding="utf-8").split("---\n")[1])
    resources = Path(datasets.__file__).parent / "utils" / "resources"
    languages = json.loads((resources / "languages.json").read_text(encoding="utf-8"))
    sizes = json.loads((resources / "size_categories.json").read_text(encoding="utf-8"))
    assert set(front["language"]) <= set(languages)
    assert set(front["task_categories"]) <= set(known_task_ids)
    assert set(front["size_categories"]) <= set(sizes)


def test_the_descriptions_say_what_the_manifest_says(seeds: BuildResult) -> None:
    manifest = json.loads((seeds.out / "manifest.json").read_bytes())
    card = (seeds.out / "README.md").read_text(encoding="utf-8")
    for file in manifest["files"]:
        if file["path"].endswith(".parquet"):
            assert f"| `{file['path']}` | {file['rows']:,} | {file['bytes']:,} | `{file['sha256']}` |" in card
    for style in ("bibtex", "apa", "cff", "ris", "csl-json", "datacite"):
        assert manifest["identity"] in render_citation(read_citation_facts(seeds.out), style)


def test_the_data_card_at_the_top_is_the_seeds_own(
    seeds: BuildResult, repository: Path, request: pytest.FixtureRequest
) -> None:
    if not platform.python_version().startswith(CARD_PYTHON):
        pytest.skip(f"DATA_CARD.md is written by Python {CARD_PYTHON}; another version's Unicode tables change it")
    made = {
        "DATA_CARD.md": (seeds.out / "README.md").read_text(encoding="utf-8").replace("](figures/", f"]({FIGURES}/")
    }
    for figure in sorted((seeds.out / "figures").iterdir()):
        made[f"{FIGURES}/{figure.name}"] = figure.read_text(encoding="utf-8")
    for path, text in made.items():
        if request.config.getoption("--update"):
            (repository / path).parent.mkdir(parents=True, exist_ok=True)
            (repository / path).write_text(text, encoding="utf-8")
        kept = (repository / path).read_text(encoding="utf-8")
        assert kept == text, (
            f"{path}: the seeds' snapshot has changed; run this test with --update and read the difference"
        )


def test_the_citation_at_the_top_cites_the_software_and_refers_to_the_seeds(
    seeds: BuildResult, repository: Path, request: pytest.FixtureRequest
) -> None:
    path = repository / "CITATION.cff"
    kept: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    if request.config.getoption("--update"):
        kept["references"] = [seeds_reference(seeds)]
        path.write_text(dump(kept), encoding="utf-8")
    assert kept["type"] == "software"
    assert kept["version"] == dataset_builder.__version__
    assert kept["references"] == [seeds_reference(seeds)], "run this test with --update"
    schema = repository / "tests" / "conformance" / "schemas" / "cff-1.2.0.schema.json"
    jsonschema.Draft7Validator(json.loads(schema.read_text(encoding="utf-8"))).validate(kept)


def seeds_reference(seeds: BuildResult) -> dict[str, Any]:
    """The snapshot as CFF refers to a work: the members of its own CITATION.cff, but those that only a file has."""
    own = members(read_citation_facts(seeds.out))
    return {"type": "data", **{key: own[key] for key in own if key not in ("cff-version", "message", "type")}}
