"""Read one string as the date of a publication."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from dataset_builder.issues import Issue
from dataset_builder.stages.dates.grammar import FoundDate, find_date
from dataset_builder.stages.dates.zones import instant, zone

#: Newspapers begin here (the first, Strasbourg 1605); an earlier date is a fault or another kind of document.
FIRST_YEAR = 1600


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a string says about the day of publication.

    Attributes:
        date: the publication's own calendar day, None where the words do not give one.
        published_at: the instant in UTC, None while the time or its zone is unknown.
        precision: ``second``, ``minute``, ``hour``, ``day``, ``month``, ``year``, or ``""`` where nothing was read.
        date_text: the date's own words, label and surroundings left out.
        flags: codes of doubt, sorted.
        findings: the same doubts, said in full.
    """

    date: dt.date | None = None
    published_at: dt.datetime | None = None
    precision: str = ""
    date_text: str = ""
    flags: tuple[str, ...] = ()
    findings: tuple[Issue, ...] = ()

    def with_doubt(
        self, code: str, *, found: str, expected: str = "", hint: str = "", field: str = "date"
    ) -> DateReading:
        """This reading with one more doubt; ``code`` is the flag and the finding."""
        issue = Issue(code=code, field=field, found=found, expected=expected, hint=hint)
        return replace(self, flags=tuple(sorted({*self.flags, code})), findings=(*self.findings, issue))


def read_date(
    words: str, *, language: str | None = None, timezone: str | None = None, country: str | None = None
) -> DateReading:
    """Read ``words``: a publication line, an ISO 8601 or RFC 5322 stamp, a bare date.

    Args:
        words: the string; labels ("Published on") and what follows the date do no harm.
        language: BCP-47 language of the words; its month names and its order of numbers come first.
        timezone: IANA zone of the source, for times without one and for letters with several meanings.
        country: ISO 3166-1 alpha-2 of the source, for the same and for the order of numbers.
    """
    primary = (language or "").split("-")[0].lower() or None
    found = find_date(words, language=primary, country=country)
    if found is None:
        return DateReading()
    reading = DateReading(precision=found.precision, date_text=" ".join(words[found.start : found.end].split()))
    if found.trouble:
        return reading.with_doubt(
            "date-ambiguous",
            found=reading.date_text,
            expected="a date whose day and month cannot be exchanged",
            hint="declare the source's country, or write the date as YYYY-MM-DD",
        )
    if found.precision != "day":
        return reading.with_doubt("date-partial", found=reading.date_text, expected="a day, a month and a year")
    try:
        day = dt.date(found.year, found.month, found.day)
    except ValueError:
        return reading.with_doubt("date-impossible", found=reading.date_text, expected="a day of the calendar")
    return with_instant(in_bounds(replace(reading, date=day)), found, timezone, country)


def in_bounds(reading: DateReading) -> DateReading:
    """``reading``, doubted where it lies before the first newspaper."""
    if reading.date and reading.date.year < FIRST_YEAR:
        return reading.with_doubt("date-before-1600", found=reading.date_text, expected=f"a year from {FIRST_YEAR} on")
    return reading


def with_instant(reading: DateReading, found: FoundDate, timezone: str | None, country: str | None) -> DateReading:
    """``reading`` with its instant, or with the finding that says why there is none. A bare date needs none."""
    if found.time is None or reading.date is None:
        return reading
    time = found.time
    local = dt.datetime.combine(reading.date, dt.time(time.hour, time.minute, time.second))
    published_at, trouble = instant(local, time, timezone, country)
    reading = replace(reading, precision=time.precision)
    if published_at is None:
        return reading.with_doubt(
            trouble,
            field="published_at",
            found=reading.date_text,
            expected="a time whose zone is known",
            hint="declare timezone (and country) of the source in dataset.yaml",
        )
    return replace(reading, published_at=published_at, date=own_day(local.date(), published_at, found, timezone))


def own_day(day: dt.date, published_at: dt.datetime, found: FoundDate, timezone: str | None) -> dt.date:
    """The publication's own day: a machine's stamp in UTC is counted in the source's zone, where that is declared.

    Midnight sharp is how machines write a bare day, so it stays that day.
    """
    place, time = zone(timezone), found.time
    machine = time is not None and time.zulu and found.form.startswith("iso")
    if not machine or place is None or time is None or (time.hour, time.minute, time.second) == (0, 0, 0):
        return day
    return published_at.astimezone(place).date()
