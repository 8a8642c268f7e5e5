"""Patterns of a user's schema: bounded in time, in memory and in length, and told which bound it was."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from dataset_builder.errors import ConfigError, UsageError
from dataset_builder.pipeline import build
from dataset_builder.validate.bounded_re import BoundedRe, CostlyPatternError, PatternBounds
from dataset_builder.validate.matcher import matcher_of
from dataset_builder.validate.run import validate_table
from dataset_builder.validate.schema_files import load_schema
from dataset_builder.validate.table_schema import MAX_PATTERN_CHARACTERS

RUNS_AWAY = "(?=a)(a|aa)+$"


def constrained(pattern: str) -> dict[str, object]:
    return {"fields": [{"name": "code", "type": "string", "constraints": {"pattern": pattern}}]}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell may take a second."""
    monkeypatch.setenv("BUILD_DATASET_PATTERN_SECONDS", "1")
    matcher_of.cache_clear()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("pattern", [RUNS_AWAY, r"(a*)*\1b", "((((a{1,100}){1,100}){1,100}){1,100}){1,100}(?<=b)"])
def test_a_pattern_that_runs_away_is_named_with_its_limit(pattern: str) -> None:
    with pytest.raises(CostlyPatternError, match=r"takes more than 1 s on a cell of 61 characters") as refused:
        validate_table(pa.table({"code": ["aa", "a" * 60 + "!"]}), constrained(pattern))
    assert "has no limit" in refused.value.hint
    assert "raise BUILD_DATASET_PATTERN_SECONDS in the environment" in refused.value.hint


def test_many_cells_that_are_slow_each_within_the_limit() -> None:
    """Each takes less than a cell may, and all of them together too long."""
    slow = BoundedRe(f"^{RUNS_AWAY}", PatternBounds(cell_seconds=30, run_seconds=0.2))
    with pytest.raises(CostlyPatternError, match=r"more than 0\.2 s on the cells that are slow"):
        slow.matches(["a" * 33 + "!"] * 10_000)


@pytest.mark.parametrize("said", ["0", "-1", "2.5", "many", "", "1234567", "٣"])
@pytest.mark.parametrize("variable", ["BUILD_DATASET_PATTERN_SECONDS", "BUILD_DATASET_PATTERN_MEGABYTES"])
def test_bounds_that_are_no_numbers(monkeypatch: pytest.MonkeyPatch, variable: str, said: str) -> None:
    monkeypatch.setenv(variable, said)
    matcher_of.cache_clear()
    with pytest.raises(UsageError, match=variable) as refused:
        validate_table(pa.table({"code": ["aa"]}), constrained("(?=a)a+"))
    assert refused.value.expected == "a whole number from 1 to 999999"


def test_bounds_that_are_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUILD_DATASET_PATTERN_SECONDS", "30")
    monkeypatch.setenv("BUILD_DATASET_PATTERN_MEGABYTES", "300")
    assert BoundedRe("^a").bounds == PatternBounds(cell_seconds=30, run_seconds=360, megabytes=300)


def test_a_pattern_that_eats_memory(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("BUILD_DATASET_PATTERN_MEGABYTES", "200")
    monkeypatch.setenv("BUILD_DATASET_PATTERN_SECONDS", "60")
    with pytest.raises(CostlyPatternError, match="needs more than 200 MB of memory on a cell of 4000000") as refused:
        BoundedRe("^(?=a)(?:(a)|(b))*$").matches(["a" * 4_000_000])
    assert "raise BUILD_DATASET_PATTERN_MEGABYTES in the environment" in refused.value.hint
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("pattern", ["a" * (MAX_PATTERN_CHARACTERS + 1), "|".join(f"word{n}" for n in range(9_000))])
def test_a_pattern_that_is_a_list(pattern: str) -> None:
    with pytest.raises(ConfigError, match="which is more than 20,000; list the values in the constraint enum"):
        validate_table(pa.table({"code": ["a"]}), constrained(pattern))


@pytest.mark.usefixtures("impatient")
def test_a_pattern_in_dataset_yaml(tmp_path: Path) -> None:
    (tmp_path / "dataset.yaml").write_text(
        "name: codes\nversion: 1.0.0\nlicenses: [{name: CC0-1.0}]\nbuild: {entities: {model: none}}\n"
        "sources: [{name: ledger, email: r@ledger.example.org, license: CC-BY-4.0, language: en}]\n"
        f"fields: [{{name: code, type: string, constraints: {{pattern: '{RUNS_AWAY}'}}}}]\n",
        encoding="utf-8",
    )
    row = {"source": "ledger", "title": "Ferry", "date": "2024-10-01", "body": "It sails at noon.", "code": "a" * 60}
    (tmp_path / "a.jsonl").write_text(json.dumps({**row, "code": "a" * 60 + "!"}) + "\n", encoding="utf-8")
    with pytest.raises(CostlyPatternError, match=r"takes more than 1 s"):
        build(tmp_path, tmp_path / "out", workers=1)
    assert not (tmp_path / "out").exists()


def test_aliases_in_a_schema(tmp_path: Path) -> None:
    """Thirty lines that stand for a billion values."""
    lines = ["a0: &a0 [1, 1]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 30))]
    (tmp_path / "bomb.yaml").write_text("\n".join([*lines, "fields: *a29"]), encoding="utf-8")
    with pytest.raises(ConfigError, match="an anchor or alias"):
        load_schema(tmp_path / "bomb.yaml")


def test_a_number_of_thousands_of_digits_in_a_schema(tmp_path: Path) -> None:
    (tmp_path / "long.json").write_text('{"fields": [{"name": "a", "minimum": ' + "9" * 5000 + "}]}", encoding="utf-8")
    with pytest.raises(ConfigError, match="a number of thousands of digits"):
        load_schema(tmp_path / "long.json")
