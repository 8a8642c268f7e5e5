"""What a string says about the day of publication."""

from __future__ import annotations

import datetime as dt

import pytest
import yaml

from dataset_builder.issues import issue_kinds
from dataset_builder.resources import schema_file
from dataset_builder.stages.dates import read_date
from dataset_builder.stages.dates.lexicon import date_forms


def utc(*numbers):
    return dt.datetime(*numbers, tzinfo=dt.UTC)


def test_letters_with_several_meanings_give_no_instant_until_the_source_settles_them():
    line = "Nov 1, 2024 03:35 am IST"
    bare = read_date(line)
    assert bare.date == dt.date(2024, 11, 1)
    assert bare.published_at is None
    assert bare.flags == ("date-zone-ambiguous",)
    assert read_date(line, timezone="Asia/Kolkata").published_at == utc(2024, 10, 31, 22, 5)
    assert read_date(line, country="IN").published_at == utc(2024, 10, 31, 22, 5)
    assert read_date(line, timezone="Asia/Colombo").published_at == utc(2024, 10, 31, 22, 5)
    assert read_date(line, country="IE").published_at == utc(2024, 11, 1, 2, 35)
    assert read_date(line, country="BR").published_at is None


def test_a_local_time_takes_the_zone_of_its_source():
    line = "October 23, 2024 at 11:00 pm"
    assert read_date(line).published_at is None
    assert read_date(line).flags == ("date-zone-unknown",)
    there = read_date(line, timezone="America/New_York")
    assert there.published_at == utc(2024, 10, 24, 3)
    assert there.date == dt.date(2024, 10, 23)
    assert there.date_text == "October 23, 2024 at 11:00 pm"


def test_an_hour_that_the_clocks_repeat_or_skip_has_no_instant():
    for words in ("27 October 2024, 02:30", "31 March 2024, 02:30"):
        reading = read_date(words, language="en", timezone="Europe/Berlin")
        assert reading.published_at is None
        assert reading.flags == ("date-local-time-ambiguous",)


def test_eastern_time_knows_summer():
    assert read_date("Oct 1, 2024 12:00 pm ET").published_at == utc(2024, 10, 1, 16)
    assert read_date("Dec 1, 2024 12:00 pm ET").published_at == utc(2024, 12, 1, 17)


def test_the_publications_own_day_is_counted_in_its_own_zone():
    stamp = "2024-10-31T22:05:00Z"
    assert read_date(stamp).date == dt.date(2024, 10, 31)
    assert read_date(stamp, timezone="Asia/Kolkata").date == dt.date(2024, 11, 1)
    assert read_date("2024-10-31T00:00:00Z", timezone="America/New_York").date == dt.date(2024, 10, 31)
    assert read_date("2024-11-01T03:35:00+05:30", timezone="America/New_York").date == dt.date(2024, 11, 1)


@pytest.mark.parametrize(
    ("words", "flag"),
    [
        ("30 February 2024", "date-impossible"),
        ("2024-13-45", "date-impossible"),
        ("12 May 1024", "date-before-1600"),
        ("03/04/2024", "date-ambiguous"),
        ("November 2024", "date-partial"),
        ("2024", "date-partial"),
        ("1 May 2024, 10:00 XYZT", "date-zone-unknown"),
    ],
)
def test_doubt_is_said_and_known_to_the_catalogue(words, flag):
    reading = read_date(words)
    assert reading.flags == (flag,)
    assert [issue.code for issue in reading.findings] == [flag]
    assert flag in issue_kinds()


@pytest.mark.parametrize(
    "words",
    ["", "yesterday", "gestern um 10 Uhr", "600,000 killed", "Room 101", "version 2.10.2024.1", "call 555-10-2024"],
)
def test_what_is_no_date_gives_none(words):
    reading = read_date(words)
    assert reading.date is None
    assert reading.published_at is None


def test_the_first_date_that_is_no_update_counts():
    assert read_date("Updated 5 June 2024, published 3 June 2024").date == dt.date(2024, 6, 3)
    assert read_date("Updated 5 June 2024").date == dt.date(2024, 6, 5)


def test_a_range_of_hours_is_no_offset():
    reading = read_date("1 May 2024, 10:00-11:00", timezone="Europe/London")
    assert reading.published_at == utc(2024, 5, 1, 9)


def test_every_form_reads_its_own_example():
    entries = {
        entry["id"]: entry
        for entry in yaml.safe_load(schema_file("dates", "patterns.yaml").read_text("utf-8"))["dates"]
    }
    for form in date_forms():
        example = entries[form.id]["example"]
        assert form.pattern.search(example["text"]), form.id
        read = read_date(example["text"]).date
        assert (read and read.isoformat()) == example["date"], form.id
