"""What each style writes, and what is read from a snapshot's own files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from dataset_builder.describe.cite import (
    STYLES,
    CitationFacts,
    Creator,
    citation_facts,
    read_citation_facts,
    render_citation,
)
from dataset_builder.errors import SnapshotError, UsageError
from made_snapshots import harbour_facts, write_descriptions

IDENTITY = "sha256:" + "ab" * 32


def facts(*creators: Creator, **changes: object) -> CitationFacts:
    members: dict = {"name": "tides", "title": "Tides", "version": "1.2.0", "created": date(2024, 11, 5)}
    return CitationFacts(**{**members, "identity": IDENTITY, "creators": creators, **changes})


def person(number: int) -> Creator:
    return Creator(f"Ana-Lucía Pérez {number}", family=f"Pérez {number}", given="Ana-Lucía María")


def test_apa_names_one_two_and_many_authors() -> None:
    archive = Creator("Harbour Archive")
    assert render_citation(facts(archive), "apa").startswith(
        "Harbour Archive. (2024). Tides (Version 1.2.0) [Data set]."
    )
    two = render_citation(facts(archive, person(1)), "apa")
    assert two.startswith("Harbour Archive, & Pérez 1, A.-L. M. (2024).")
    many = render_citation(facts(*map(person, range(30))), "apa")
    assert "Pérez 18, A.-L. M., . . . Pérez 29, A.-L. M. (2024)" in many
    assert "Pérez 19" not in many


def test_apa_without_authors_or_date_begins_with_the_title() -> None:
    assert render_citation(facts(created=None), "apa").startswith("Tides (Version 1.2.0) [Data set]. (n.d.).")


def test_apa_gives_the_doi_before_the_homepage() -> None:
    cited = render_citation(facts(doi="10.5281/zenodo.1", homepage="https://x.example.org"), "apa")
    assert "https://doi.org/10.5281/zenodo.1 " in cited
    assert "x.example.org" not in cited


def test_every_style_quotes_version_and_identity_and_ends_its_line() -> None:
    for style in STYLES:
        cited = render_citation(facts(person(1)), style)
        assert "1.2.0" in cited
        assert IDENTITY in cited
        assert cited.endswith("\n")


def test_an_unknown_style_names_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        render_citation(facts(), "bibtx")
    assert caught.value.hint == "did you mean bibtex?"


def test_a_snapshot_is_cited_from_its_own_files_as_the_build_cites_it(tmp_path: Path) -> None:
    made = harbour_facts(tmp_path)
    write_descriptions(tmp_path, made)
    read = read_citation_facts(tmp_path)
    assert read == citation_facts(made)
    assert [creator.name for creator in read.creators] == ["Harbour Archive", "José María Núñez"]
    assert read.publisher == "Tidewater Press"
    assert read.licenses == ("CC-BY-4.0", "CC-BY-SA-4.0")
    assert render_citation(read, "cff") == (tmp_path / "CITATION.cff").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("manifest.json", None, "there is no manifest.json"),
        ("datapackage.json", "{", "datapackage.json is not JSON"),
        ("datapackage.json", "[" * 100_000, "datapackage.json is not JSON"),
        ("datapackage.json", "[]", "datapackage.json holds no JSON object"),
        ("manifest.json", '{"identity": "sha256:00"}', "manifest.json and datapackage.json name different identities"),
    ],
)
def test_a_folder_that_is_no_snapshot_is_refused(tmp_path: Path, name: str, text: str | None, found: str) -> None:
    write_descriptions(tmp_path, harbour_facts(tmp_path))
    (tmp_path / name).unlink()
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(SnapshotError) as caught:
        read_citation_facts(tmp_path)
    assert caught.value.found == found


def test_members_of_wrong_types_are_as_if_they_were_not_there(tmp_path: Path) -> None:
    package = {"id": IDENTITY, "title": 7, "name": "t\x1b[2J", "contributors": [1, {"title": []}], "keywords": "k"}
    (tmp_path / "datapackage.json").write_text(json.dumps({**package, "created": "yesterday"}), encoding="utf-8")
    (tmp_path / "manifest.json").write_text(json.dumps({"identity": IDENTITY}), encoding="utf-8")
    read = read_citation_facts(tmp_path)
    assert (read.title, read.created, read.keywords) == ("t [2J", None, ())
    assert all(render_citation(read, style) for style in STYLES)
