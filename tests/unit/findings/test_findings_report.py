from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from dataset_builder.findings.gitlab import fingerprint
from dataset_builder.findings.report import Findings, base_of, told
from dataset_builder.findings.text import SHOWN, render_text
from dataset_builder.issues import Issue, Severity
from made_findings import made_findings


def test_paths_are_as_seen_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert base_of(Path()) == ""
    assert base_of(Path("corpora/harbour")) == "corpora/harbour"
    assert base_of(tmp_path / "corpora" / ".." / "harbour") == "harbour"
    assert base_of(Path("..")) == tmp_path.parent.as_posix()


def test_a_place_says_file_and_line_or_row() -> None:
    findings = made_findings()
    places = [findings.place(issue) for issue in findings.issues[:5]]
    assert places == [
        "",
        "corpora/harbour/dataset.yaml:7",
        "corpora/harbour/ledger/2024/a b, c.txt:3",
        "corpora/harbour/ledger/2024/a b, c.txt:4",
        "corpora/harbour/wire.parquet, row 12",
    ]
    assert findings.some_path(findings.issues[0]) == "corpora/harbour/dataset.yaml"


def test_a_root_as_base_is_not_doubled() -> None:
    assert Findings((), "x", base="/").path(Issue("a.txt", code="no-title")) == "/a.txt"


def test_an_address_is_below_no_folder() -> None:
    there = Issue("https://ledger.example.org/a.jsonl", 3, code="unreadable-file")
    assert Findings((there,), "build-dataset check", "corpus").place(there) == "https://ledger.example.org/a.jsonl:3"


def test_a_fingerprint_stays_when_lines_move_and_tells_equal_findings_apart() -> None:
    first, second = made_findings().issues[2:4]
    seen: Counter[str] = Counter()
    prints = [fingerprint("a.txt", first, seen), fingerprint("a.txt", second, seen)]
    moved: Counter[str] = Counter()
    assert [fingerprint("a.txt", replace(issue, line=99), moved) for issue in (first, second)] == prints
    assert len(set(prints)) == 2
    assert fingerprint("b.txt", first, Counter()) not in prints


def test_a_message_holds_summary_words_and_mending() -> None:
    issue = Issue("a.txt", code="no-title", field="title", found="no title")
    assert told(issue) == f"{issue.kind.summary} title: no title. {issue.kind.mend}"
    assert issue.kind.mend not in told(replace(issue, hint="do this"))


def test_text_shows_as_many_of_a_kind_as_a_screen_takes() -> None:
    errors, notes = SHOWN[Severity.ERROR], SHOWN[Severity.NOTE]
    missing = [Issue(f"{n}.txt", code="date-missing", found="no date") for n in range(errors + 2)]
    wrong = [Issue(f"{n}.txt", code="front-matter-invalid", found="not YAML") for n in range(errors + 3)]
    findings = Findings((*missing, *wrong), "build-dataset check")
    lines = render_text(findings).splitlines()
    assert lines[0].startswith(f"error front-matter-invalid ({errors + 3}): ")
    assert sum("not YAML" in line for line in lines) == errors > notes
    assert sum("; no date" in line for line in lines) == notes
    assert "  … and 3 more; --json lists every one" in lines
    assert f"  … and {errors + 2 - notes} more" in lines
    every = render_text(findings, every=True).splitlines()
    assert sum("not YAML" in line for line in every) == errors + 3
    assert sum("; no date" in line for line in every) == errors + 2


def test_within_a_kind_findings_follow_the_files() -> None:
    issues = tuple(Issue(path, line, code="no-title", found="x") for path, line in (("b", 1), ("a", 10), ("a", 9)))
    places = [line.split(";")[0] for line in render_text(Findings(issues, "c")).splitlines() if line.startswith("  - ")]
    assert places == ["  - a:9", "  - a:10", "  - b:1"]


def test_nothing_found_is_nothing_said() -> None:
    assert render_text(Findings((), "c")) == ""
