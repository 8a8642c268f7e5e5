"""Dates read from publication lines in 24 languages, and the lines that hold no date; every one must come out right."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

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


@pytest.mark.parametrize(("language", "case"), CASES, ids=[f"{language}-{case['text']}" for language, case in CASES])
def test_a_publication_line_is_read_as_it_says(language, case):
    reading = read_date(case["text"], language=language, country=case.get("country"))
    at = reading.published_at and reading.published_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (reading.date, at) == (case["date"], case.get("at"))
    if reading.date is None and reading.precision:
        assert reading.findings, "a date that was seen and not read must be said"
