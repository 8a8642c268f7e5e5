"""The measured tables: years from the shards, and shares that never round to all or nothing."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from dataset_builder.describe.card_tables import field_tables, measured_tables
from made_snapshots import bare_facts, harbour_facts


def measured(facts, title: str) -> str:
    return str(next((section["table"] for section in measured_tables(facts) if section["title"] == title), ""))


def test_years_are_counted_with_the_undated(tmp_path: Path) -> None:
    years = measured(harbour_facts(tmp_path), "Years")
    assert years.splitlines()[2:] == ["| `2024` | 5 |", "| `undated` | 1 |"]


def test_a_snapshot_without_dates_has_no_table_of_years(tmp_path: Path) -> None:
    assert measured(bare_facts(tmp_path), "Years") == ""


@pytest.mark.parametrize(
    ("nulls", "shown"),
    [(0, "0 %"), (1, "< 0.1 %"), (5_000, "50.0 %"), (9_999, "> 99.9 %"), (10_000, "100 %")],
)
def test_a_share_says_all_or_nothing_only_where_it_is(tmp_path: Path, nulls: int, shown: str) -> None:
    facts = bare_facts(tmp_path)
    catalog = replace(facts.table("catalog"), rows=10_000, null_counts=(("title", nulls),))
    sections = field_tables(replace(facts, tables=(catalog,)))
    row = next(line for line in sections[0]["fields"].splitlines() if line.startswith("| `title` |"))
    assert unescape(row).replace("\xa0", " ").endswith(f"| {shown} |")
