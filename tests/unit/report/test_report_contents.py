"""What a page calls things, and how it gathers them, so that its reader is told the truth."""

from __future__ import annotations

from datetime import date

import pytest

from dataset_builder.report.catalog import CatalogCounts, Decision
from dataset_builder.report.contents import _decisions, _flag_meanings
from dataset_builder.report.figures import mentions_over_time
from dataset_builder.report.settings import load_settings
from dataset_builder.report.texts import Mentions, TextCounts


@pytest.mark.parametrize(
    ("tag", "title"),
    [
        ("en", "English"),
        ("en-GB", "English (en-GB)"),
        ("no", "Norwegian"),
        ("tlh", "tlh"),
        ("", "not determined"),
        ("<b>", "<b>"),
    ],
)
def test_a_language_has_its_name_and_keeps_its_region(tag: str, title: str) -> None:
    assert load_settings().language_title(tag) == title


def test_a_decision_that_a_near_copy_brought_about_is_told_from_one_of_its_own_class() -> None:
    counts = CatalogCounts()
    counts.decisions.update(
        {
            Decision("metadata", "in-copyright-withheld", "in-copyright"): 3,
            Decision("metadata", "in-copyright-withheld", "attribution"): 2,
            Decision("metadata", "of-another-version", "attribution"): 1,
        }
    )
    assert [line.of_a_copy for line in _decisions(counts)] == [False, True, False]


def test_every_flag_that_a_build_sets_beside_its_findings_is_explained() -> None:
    counts = CatalogCounts()
    flags = ("near-copy", "opted-out", "correction", "retraction", "date-zone-unknown")
    counts.flags.update(flags)
    assert [flag for flag, _ in _flag_meanings(counts)] == sorted(flags)


@pytest.mark.parametrize(("words", "unit"), [(150, "year"), (150_000, "month")])
def test_months_with_few_words_are_gathered_into_years(words: int, unit: str) -> None:
    pytest.importorskip("vl_convert", reason="vl-convert-python is not installed: no report can be drawn")
    counts, texts = CatalogCounts(), TextCounts()
    for month in ("2022-03", "2023-05", "2023-06", "2024-01"):
        counts.days[date.fromisoformat(f"{month}-01"), "full"] += 1
        texts.annotated_words[month] = words
        texts.labels["PER", "PERSON"] += 3
        texts.by_month[Mentions(month, "PER")] += 3
    figure = mentions_over_time(counts, texts)
    assert figure is not None
    assert figure.title == f"Entities in 1,000 words, by {unit}"
    assert sum(int(row[1]) for row in figure.rows) == 4 * words
    assert sum(int(row[2]) for row in figure.rows) == 12


def test_few_words_of_a_single_year_stay_in_months() -> None:
    pytest.importorskip("vl_convert", reason="vl-convert-python is not installed: no report can be drawn")
    counts, texts = CatalogCounts(), TextCounts()
    for month in ("2024-01", "2024-02"):
        counts.days[date.fromisoformat(f"{month}-01"), "full"] += 1
        texts.annotated_words[month] = 10
        texts.labels["PER", "PERSON"] += 1
        texts.by_month[Mentions(month, "PER")] += 1
    figure = mentions_over_time(counts, texts)
    assert figure is not None
    assert len(figure.rows) == 2
