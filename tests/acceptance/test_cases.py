"""Drop in a folder, get a test: ``tests/cases/valid/NAME`` builds, ``tests/cases/invalid/NAME`` does not.

Each case holds a ``corpus`` folder and an ``expected.yaml``:

- ``about``: one sentence for people;
- ``exit_code``: of ``build-dataset build``;
- ``findings``: code, path and, where it is the point, line. Every error must be listed; warnings and notes where they
  are what the case is about;
- ``accounts`` (optional): what became of the articles; zero for what is not named.

``check`` comes to the same exit code and the same findings as ``build``, and writes nothing in either case.

Whatever a case holds, there is no traceback and no control character in what a person sees, and a build that fails
writes nothing.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from dataset_builder.cli import main
from nested_values import every_string

CASES = Path(__file__).resolve().parents[1] / "cases"
ACCOUNTS = ("read", "released", "withheld", "rejected", "merged", "withdrawn")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Outcome:
    """One run of the command line on a case."""

    exit_code: int
    document: dict[str, Any]
    shown: str

    @property
    def findings(self) -> set[tuple[str, str, int]]:
        """(code, path, line) of every finding, and the same with line 0, so that a case may leave the line out."""
        places = [(issue["code"], issue.get("path", ""), issue.get("line", 0)) for issue in self.document["issues"]]
        return {*places, *((code, path, 0) for code, path, _ in places)}

    @property
    def errors(self) -> set[tuple[str, str]]:
        return {(i["code"], i.get("path", "")) for i in self.document["issues"] if i["severity"] == "error"}


def case_folders(kind: str) -> list[Path]:
    return sorted(folder.parent for folder in (CASES / kind).glob("*/expected.yaml"))


def expectation(case: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((case / "expected.yaml").read_text(encoding="utf-8"))
    return loaded


def expected_findings(case: Path) -> set[tuple[str, str, int]]:
    return {(item["code"], item["path"], item.get("line", 0)) for item in expectation(case)["findings"]}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run the console script in this process, which saves a start-up a case; an exception fails the test."""

    def run_command(*arguments: str | Path) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["build-dataset", *map(str, arguments), "--json"])
        with pytest.raises(SystemExit) as left:
            main()
        shown = capsys.readouterr()
        return Outcome(int(left.value.code or 0), json.loads(shown.out), shown.err)

    return run_command


@pytest.fixture
def build(tmp_path: Path, run: Callable[..., Outcome]) -> Callable[[Path], Outcome]:
    """``build-dataset build`` of a case."""
    return lambda case: run("build", case / "corpus", "--out", tmp_path / "out")


def agree(case: Path, outcome: Outcome) -> None:
    expected = expected_findings(case)
    assert expected <= outcome.findings, expected - outcome.findings
    assert outcome.errors <= {(code, path) for code, path, _ in expected}
    assert outcome.exit_code == expectation(case)["exit_code"]
    assert not CONTROLS.search(outcome.shown.replace("\n", ""))
    assert not [text for text in every_string(outcome.document) if CONTROLS.search(text)]


@pytest.mark.parametrize("case", case_folders("valid"), ids=lambda case: case.name)
def test_valid_case_builds(case: Path, tmp_path: Path, build: Callable[[Path], Outcome]) -> None:
    outcome = build(case)
    agree(case, outcome)
    accounts = outcome.document["accounts"]
    expected = dict.fromkeys(ACCOUNTS, 0) | expectation(case)["accounts"]
    assert {name: accounts[name] for name in ACCOUNTS} == expected
    assert (tmp_path / "out" / "manifest.json").is_file()


@pytest.mark.parametrize("case", case_folders("invalid"), ids=lambda case: case.name)
def test_invalid_case_writes_nothing(case: Path, tmp_path: Path, build: Callable[[Path], Outcome]) -> None:
    outcome = build(case)
    agree(case, outcome)
    assert outcome.exit_code in (1, 2)
    assert sorted(tmp_path.iterdir()) == []


@pytest.mark.parametrize("case", [*case_folders("valid"), *case_folders("invalid")], ids=lambda case: case.name)
def test_check_finds_what_a_build_finds(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Outcome]
) -> None:
    monkeypatch.chdir(tmp_path)
    before = contents(case)
    outcome = run("check", case / "corpus")
    agree(case, outcome)
    assert contents(case) == before
    assert sorted(tmp_path.iterdir()) == []


def contents(folder: Path) -> list[tuple[str, int]]:
    """Every path below a folder, with the time of its last change."""
    return sorted((str(path), path.lstat().st_mtime_ns) for path in folder.rglob("*"))


def test_every_case_says_what_it_is_about() -> None:
    cases = [*case_folders("valid"), *case_folders("invalid")]
    assert len(cases) > 50
    assert len({expectation(case)["about"] for case in cases}) > 50
    assert {folder.name for kind in ("valid", "invalid") for folder in (CASES / kind).iterdir()} == {
        case.name for case in cases
    }
