"""``explain`` as a person runs it: one article's whole way, from raw to released."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from corpora import write_corpus
from dataset_builder.records import Edit, apply_edits

ARTICLE = """\
---
title: Harbour lamps counted
license: CC-BY-NC-4.0
---
[caption id="9"]
The lamps of Port Callow were counted twice (once by night). ). Nobody found the missing one.

The keeper\u00a0Ada Quill said that the winter fair would open late, as the council needs the number.\x1b[31m

Source link
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_corpus(tmp_path_factory.mktemp("corpus"), articles=1)
    (folder / "ledger" / "lamps.txt").write_text(ARTICLE, encoding="utf-8")
    return folder


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dataset_builder", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)


@pytest.fixture(scope="module")
def told(corpus: Path) -> dict[str, Any]:
    done = run("explain", "ledger/lamps.txt", corpus, "--json")
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_the_edits_lead_from_the_text_to_the_body(told: dict[str, Any]) -> None:
    edits = [Edit(**{name: edit[name] for name in ("start", "end", "replacement", "rule")}) for edit in told["edits"]]
    assert edits
    assert apply_edits(told["text"], edits) == told["body"]
    assert all(told["text"][edit["start"] : edit["end"]] == edit["removed"] for edit in told["edits"])


def test_each_field_says_where_it_came_from(told: dict[str, Any]) -> None:
    fields = {story["field"]: story for story in told["fields"]}
    (title,) = fields["title"]["held"]
    assert (title["origin"], title["rule"], title["line"]) == ("declared", "front-matter", 2)
    assert fields["language"]["held"][0]["rule"] == "source"


def test_the_decision_names_its_rule_its_evidence_and_what_would_change_it(told: dict[str, Any]) -> None:
    decision = told["decision"]
    assert (told["outcome"], decision["release"], decision["rule"]) == (
        "withheld",
        "metadata",
        "noncommercial-withheld",
    )
    assert decision["evidence"]["locator"].startswith("ledger/lamps.txt")
    assert decision["would_change"]
    assert ["build.noncommercial: true in dataset.yaml", "full", "noncommercial-full"] in decision["elsewhere"]
    assert told["entities"] is None


def test_for_people_it_is_a_diff_with_the_rules(corpus: Path) -> None:
    done = run("explain", "ledger/lamps.txt", corpus)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "  - Source link" in lines
    assert any("[-" in line and "once by night" in line for line in lines if line.startswith("  - "))
    assert any(line.startswith("  @@ line 1: ") for line in lines)
    assert any("\\u{a0}" in line for line in lines), "a replaced character is visible"
    assert "Decision: metadata, by the rule noncommercial-withheld" in lines
    assert "\x1b" not in done.stdout, "neither colour nor the article's own controls reach a file"


def test_colour_is_for_terminals_without_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataset_builder.cli.terminal import coloured, paint_for, plain

    monkeypatch.setattr(sys, "stdout", type("Terminal", (), {"isatty": staticmethod(lambda: True)})())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert paint_for("stdout") is coloured
    monkeypatch.setenv("NO_COLOR", "1")
    assert paint_for("stdout") is plain


def test_colour_marks_what_changed(corpus: Path) -> None:
    from dataset_builder.cli.explain_text import render_explanation
    from dataset_builder.cli.terminal import coloured
    from dataset_builder.explain.explanation import explain

    shown = "\n".join(render_explanation(explain("ledger/lamps.txt", corpus), coloured))
    assert "\x1b[31mSource link\x1b[0m" in shown
    assert "\x1b[7m" in shown
    assert "[-" not in shown


@pytest.mark.parametrize("reference", ["ledger/lamp.txt", "123456", "https://ledger.example.org/none"])
def test_an_unknown_reference_is_a_wrong_call(corpus: Path, reference: str) -> None:
    done = run("explain", reference, corpus, "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["type"] == "UsageError"
    assert "Traceback" not in done.stderr


def test_docs_explains_a_code_and_names_the_nearest_of_a_wrong_one() -> None:
    done = run("docs", "front-matter-invalid")
    assert done.returncode == 0
    assert "  example\n    ---\n" in done.stdout
    wrong = run("docs", "front-mater-invalid")
    assert wrong.returncode == 2
    assert "did you mean front-matter-invalid?" in wrong.stderr
