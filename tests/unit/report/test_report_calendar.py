"""Periods of a time axis."""

from __future__ import annotations

from datetime import date

import pytest

from dataset_builder.report.calendar import period_for


@pytest.mark.parametrize(
    ("first", "last", "name", "of"),
    [
        (date(2024, 10, 1), date(2024, 11, 5), "day", "2024-10-09"),
        (date(2019, 6, 1), date(2024, 11, 5), "month", "2024-10"),
        (date(1, 1, 1), date(9999, 12, 31), "year", "2024"),
        (None, None, "day", "2024-10-09"),
    ],
)
def test_the_unit_follows_the_span(first: date | None, last: date | None, name: str, of: str) -> None:
    period = period_for(first, last)
    assert (period.name, period.of("2024-10-09")) == (name, of)


def test_months_are_the_smallest_unit_where_days_say_nothing() -> None:
    period = period_for(date(2024, 10, 1), date(2024, 10, 2), at_least="month")
    assert period.name == "month"
    assert period.first_day("2024-10") == "2024-10-01"
