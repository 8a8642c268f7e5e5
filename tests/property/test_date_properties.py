"""What holds of reading dates for every string."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataset_builder.stages.dates import read_date

WORDS = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [
                "Nov",
                "1",
                "2024",
                ",",
                "am",
                "11:00",
                "IST",
                "-",
                "/",
                "03",
                "+05:30",
                "T",
                "Z",
                "de",
                "mai",
                "99:99",
                "0",
            ]
        ),
        max_size=12,
    ).map(" ".join),
)
ZONES = st.sampled_from([None, "Asia/Kolkata", "Europe/Berlin", "No/Where", "../etc", ""])


@settings(max_examples=500, deadline=None)
@given(WORDS, ZONES, st.sampled_from([None, "US", "IN", "zz"]), st.sampled_from([None, "en", "fr-CA", ""]))
def test_any_string_gives_a_reading_that_is_consistent(words, timezone, country, language):
    reading = read_date(words, language=language, timezone=timezone, country=country)
    assert reading == read_date(words, language=language, timezone=timezone, country=country)
    assert reading.date_text in " ".join(words.split())
    assert {issue.code for issue in reading.findings} == set(reading.flags)
    if reading.published_at is not None:
        assert reading.published_at.utcoffset() == dt.timedelta(0)
        assert reading.date is not None
        assert abs(reading.published_at.date() - reading.date) <= dt.timedelta(days=1)


@settings(deadline=None)
@given(st.dates(dt.date(1600, 1, 1), dt.date(2999, 12, 31)), st.times(), st.integers(-14 * 4, 14 * 4))
def test_iso_stamps_are_exact(day, clock, quarters):
    moment = dt.datetime.combine(day, clock.replace(microsecond=0), dt.timezone(dt.timedelta(minutes=15 * quarters)))
    reading = read_date(moment.isoformat())
    assert reading.date == day
    assert reading.published_at == moment


@pytest.mark.parametrize("unit", ["1", "1 Nov ", "2024-", "mai ", " ", "11:00 ", "de "])
def test_a_long_string_costs_no_more_than_a_short_one(unit):
    start = time.perf_counter()
    read_date(unit * 10)
    short = time.perf_counter() - start
    start = time.perf_counter()
    read_date(unit * 200_000)
    assert time.perf_counter() - start < 40 * short + 0.5
