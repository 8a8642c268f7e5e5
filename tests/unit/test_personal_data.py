"""Personal data is counted and never shown."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from corpora import article
from dataset_builder import checking
from dataset_builder.cli.app import app
from dataset_builder.errors import MissingDependencyError
from dataset_builder.personal_data import Scanner

pytest.importorskip("phonenumbers", reason="the extra [privacy] is not installed")

CONFIG = """\
name: harbour-notes
title: Harbour Notes
version: 1.0.0
created: 2024-11-05
licenses: [{name: CC0-1.0}]
contributors: [{title: Harbour Archive}]
sources:
  - name: ledger
    title: The Harbour Ledger
    email: rights@ledger.example.org
    license: CC-BY-4.0
    language: en
    country: GB
  - {name: gazette, title: Gannet Gazette, email: rights@gazette.example.org, language: en, country: GB}
articles: [{path: "ledger/*.txt", source: ledger}, {path: "gazette/*.txt", source: gazette}]
build: {entities: {model: none}}
"""
#: Numbers that Ofcom keeps for drama: nobody has them.
ADDRESS, NUMBER, ABROAD = "ada.quill@harbour.example.org", "020 7946 0018", "+44 117 496 0123"


@pytest.mark.parametrize(
    ("text", "country", "emails", "phones"),
    [
        (f"Write to {ADDRESS}.", "GB", 1, 0),
        (f"{ADDRESS}, {ADDRESS}; <{ADDRESS}>", "", 3, 0),
        (f"Call {NUMBER} or {ABROAD}.", "GB", 0, 2),
        (f"Call {NUMBER} or {ABROAD}.", "", 0, 1),
        ("On 2024-10-21 the 1,234,567 lamps of 12 ships were counted at 06:30, says @ada.", "GB", 0, 0),
        ("ada@harbour, a@@b.example.org, @a.example.org", "GB", 0, 0),
        ("", "GB", 0, 0),
    ],
)
def test_what_is_counted(text: str, country: str, emails: int, phones: int) -> None:
    assert Scanner().count(text, country) == {"email": emails, "phone": phones}


@pytest.mark.parametrize("unit", ["a@", "a.", "@", "1", "+1 ", "(0", "020 7946 0018 ", "a" * 63 + "."])
def test_hostile_text_takes_bounded_time(unit: str) -> None:
    Scanner().count(unit * (20_000 // len(unit)), "GB")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for source in ("ledger", "gazette"):
        (tmp_path / source).mkdir()
        for number in range(3):
            text = article(number + (source == "ledger") * 1_000)
            told = f"Ask {ADDRESS} or {NUMBER}.\n" if number else ""
            (tmp_path / source / f"{number}.txt").write_text(f"---\ntitle: Pier {number}\n---\n{text}{told}")
    (tmp_path / "dataset.yaml").write_text(CONFIG)
    return tmp_path


def test_only_what_would_be_released_is_counted(corpus: Path) -> None:
    result = checking.check(corpus, privacy=True)
    assert result.personal_data is not None
    (ledger,) = result.personal_data
    assert (ledger.source, ledger.articles) == ("ledger", 3)
    assert {kind: (count.found, count.articles) for kind, count in ledger.kinds.items()} == {
        "email": (2, 2),
        "phone": (2, 2),
    }
    (finding,) = [issue for issue in result.issues if issue.code == "personal-data-found"]
    assert finding.found == "ledger: 2 e-mail addresses in 2, 2 telephone numbers in 2 of 3 articles"


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_nothing_that_was_counted_is_shown(corpus: Path, form: str) -> None:
    ran = CliRunner().invoke(app, ["check", str(corpus), "--privacy", "--output-format", form])
    assert ran.exit_code == 0, ran.output
    assert "2 e-mail addresses" in ran.output
    assert ADDRESS not in ran.output
    assert NUMBER not in ran.output
    if form == "json":
        counted = json.loads(ran.stdout)["personal_data"]
        assert counted[0]["kinds"]["phone"] == {"found": 2, "articles": 2}


def test_nobody_who_does_not_ask_is_told(corpus: Path) -> None:
    ran = CliRunner().invoke(app, ["check", str(corpus), "--json"])
    assert "personal" not in ran.stdout


def test_without_the_library_the_error_names_the_extra(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    with pytest.raises(MissingDependencyError) as refused:
        checking.check(corpus, privacy=True)
    assert "news-dataset-builder[privacy]" in refused.value.hint


def test_the_library_is_imported_for_nobody_else() -> None:
    code = "import sys, dataset_builder.checking, dataset_builder.cli.app; sys.exit('phonenumbers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
