"""The documentation says what code, schema and commands say, its examples run, and its links lead somewhere."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

import generate  # noqa: E402 - docs/ is no package of ours; it is on the path from here on
from generators import configuration, lists, transcripts  # noqa: E402

from dataset_builder.resources import read_json  # noqa: E402

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "seeds" / "README.md"])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
MENTION = re.compile(r"\bdocs/[a-z-]+/[a-z0-9-]+\.md\b")
HEADING = re.compile(r"^#{1,6} (?P<text>.+)$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
GENERATED = {ROOT / "DATA_CARD.md"}  # a snapshot's card: its links are those of the snapshot


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def prose(path: Path) -> str:
    """A page without its blocks of code."""
    return FENCED.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """The anchors that the headings of a page get, as code hosts make them."""
    texts = [re.sub(r"[`*\[\]]", "", heading["text"]) for heading in HEADING.finditer(prose(path))]
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in texts}


@pytest.mark.parametrize("name", generate.REFERENCE)
def test_the_reference_is_in_step_with_code_and_schema(name: str) -> None:
    made = generate.REFERENCE[name]()
    assert generate.differences(ROOT / "docs" / "reference" / name, made) == [], "run `make docs`"


def test_every_page_of_the_reference_is_generated() -> None:
    assert {path.name for path in (ROOT / "docs" / "reference").iterdir()} == set(generate.REFERENCE)


@pytest.mark.parametrize("name", generate.WITH_LISTS)
def test_lists_are_in_step(name: str) -> None:
    assert generate.differences(ROOT / name, lists.refresh(ROOT / name)) == [], "run `make docs`"


@pytest.mark.slow
def test_examples_run_and_print_what_their_pages_show() -> None:
    pages = dict(generate.refreshed_pages())
    assert {ROOT / "README.md", ROOT / "docs" / "tutorial" / "from-folder-to-citation.md"} <= set(pages)
    assert [line for path, text in pages.items() for line in generate.differences(path, text)] == [], "run `make docs`"


@pytest.mark.parametrize("path", [page for page in PAGES if page not in GENERATED], ids=shown)
def test_links_lead_somewhere(path: Path) -> None:
    for match in LINK.finditer(prose(path)):
        target, _, anchor = match["target"].partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        file = (path.parent / target).resolve() if target else path
        assert file.exists(), f"{shown(path)} links to {match['target']}"
        assert not anchor or anchor in anchors(file), f"{shown(path)} links to {match['target']}"


def test_the_index_leads_to_every_page() -> None:
    index = ROOT / "docs" / "index.md"
    linked = {(index.parent / match["target"]).resolve() for match in LINK.finditer(prose(index))}
    assert {path for path in PAGES if path.is_relative_to(index.parent)} - {index} == linked


def test_pages_that_code_and_schema_name_are_there() -> None:
    files = [
        path
        for folder in ("dataset_builder", "schema", "seeds", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".yaml", ".json", ".jinja", ".md")
    ]
    named = {(shown(path), page) for path in files for page in MENTION.findall(path.read_text(encoding="utf-8"))}
    assert named
    assert {(place, page) for place, page in named if not (ROOT / page).is_file()} == set()


def test_every_key_of_the_configuration_is_described() -> None:
    keys = {path: entry for path, entry, _ in configuration.keys(read_json("config.schema.json"))}
    assert {"name", "sources[].license", "build.duplicates.threshold"} <= set(keys)
    assert [path for path, entry in keys.items() if not entry.get("description")] == []


def test_the_architecture_names_every_room() -> None:
    page = (ROOT / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
    rooms = [path for path in (ROOT / "dataset_builder").iterdir() if not path.name.startswith("_")]
    names = {f"{path.name}/" if path.is_dir() else path.name for path in rooms} - {"py.typed"}
    assert "pipeline.py" in names
    assert {name for name in names if f"`{name}`" not in page} == set()


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda path: path.stem)
def test_a_decision_has_context_choice_and_consequences(path: Path) -> None:
    marks = re.findall(r"^\*\*(\w+)\.\*\*", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert marks == ["Context", "Choice", "Consequences"]


def test_the_targets_of_make_that_pages_name_are_there() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {target for path in PAGES for target in re.findall(r"\bmake (\w+) {2,}#|`make (\w+)`", path.read_text())}
    wanted = {target for pair in named for target in pair if target}
    assert {"dataset", "test", "check", "docs"} <= wanted <= targets


def test_make_dataset_runs_what_readme_shows() -> None:
    recipe = re.search(r"^dataset:.*\n\t\$\(BIN\)/(?P<command>.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    hidden = [match["hidden"] for match in transcripts.BLOCK.finditer((ROOT / "README.md").read_text())]
    assert recipe
    assert recipe["command"] in hidden
