"""Dates read from publication lines in 24 languages, and the lines that hold no date; every one must come out right."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from floors import hold

from dataset_builder.stages.dates import read_date

CASES = [
    (language, case)
    for language, cases in yaml.safe_load(
        (Path(__file__).parent / "date_strings.yaml").read_text(encoding="utf-8")
    ).items()
    for case in cases
]


def test_the_set_is_wide_enough():
    assert len({language for language, _ in CASES}) >= 24
    assert len(CASES) >= 75


def is_read(language, case):
    """Whether the day and the instant are those that the line says, and a date that was seen and not read is said."""
    reading = read_date(case["text"], language=language, country=case.get("country"))
    at = reading.published_at and reading.published_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    said = reading.date is not None or not reading.precision or bool(reading.findings)
    return said and (reading.date, at) == (case["date"], case.get("at"))


@pytest.mark.parametrize(("language", "case"), CASES, ids=[f"{language}-{case['text']}" for language, case in CASES])
def test_a_publication_line_is_read_as_it_says(language, case):
    assert is_read(language, case)


def test_the_whole_set_is_read():
    hold("date-strings", sum(is_read(language, case) for language, case in CASES) / len(CASES))
