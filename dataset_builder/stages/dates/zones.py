"""From a local time and what is known about its zone to an instant, or to the reason that there is none."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dataset_builder.stages.dates.grammar import FoundTime
from dataset_builder.stages.dates.lexicon import ZoneMeaning, zone_meanings

#: Codes of the findings that say why a time has no instant.
ZONE_UNKNOWN = "date-zone-unknown"
ZONE_AMBIGUOUS = "date-zone-ambiguous"
LOCAL_TIME_AMBIGUOUS = "date-local-time-ambiguous"


def instant(
    local: dt.datetime, time: FoundTime, timezone: str | None, country: str | None
) -> tuple[dt.datetime | None, str]:
    """The UTC instant of ``local`` (naive), and ``""`` or the code of the finding that says why there is none.

    An offset that is written holds; then the letters of a zone, settled by the source's time zone or country where they
    have several meanings; then the source's own time zone.
    """
    place = zone(timezone)
    if time.minutes is not None:
        return shifted(local, time.minutes)
    if time.letters:
        meanings = zone_meanings().get(time.letters, ())
        meaning = settled(meanings, local, place, country)
        if meaning is None:
            return None, ZONE_AMBIGUOUS if meanings else ZONE_UNKNOWN
        if meaning.offset is not None:
            return shifted(local, meaning.offset)
        place = zone(meaning.zone)
    return in_zone(local, place) if place else (None, ZONE_UNKNOWN)


def settled(
    meanings: tuple[ZoneMeaning, ...], local: dt.datetime, place: ZoneInfo | None, country: str | None
) -> ZoneMeaning | None:
    """The one meaning that fits the source, or the only one there is."""
    if place:
        offset = local.replace(tzinfo=place).utcoffset()
        for meaning in meanings:
            there = dt.timedelta(minutes=meaning.offset) if meaning.offset is not None else None
            if meaning.zone == place.key or (there is not None and there == offset):
                return meaning
    if country:
        fitting = [meaning for meaning in meanings if country in meaning.countries]
        if fitting:
            return fitting[0]
    return meanings[0] if len(meanings) == 1 else None


def in_zone(local: dt.datetime, place: ZoneInfo) -> tuple[dt.datetime | None, str]:
    """The instant of a local time, unless clocks were changed at that hour and it happened twice or never (PEP 495)."""
    first = local.replace(tzinfo=place, fold=0).utcoffset()
    second = local.replace(tzinfo=place, fold=1).utcoffset()
    if first is None or first != second:
        return None, LOCAL_TIME_AMBIGUOUS
    return shifted(local, first // dt.timedelta(minutes=1))


def shifted(local: dt.datetime, minutes: int) -> tuple[dt.datetime | None, str]:
    """``local`` as UTC, given its offset; None where that falls outside the calendar of the language's library."""
    try:
        return (local - dt.timedelta(minutes=minutes)).replace(tzinfo=dt.UTC), ""
    except OverflowError:
        return None, ZONE_UNKNOWN


def zone(name: str | None) -> ZoneInfo | None:
    """The IANA zone of this name; None where there is none (the configuration's check reports that)."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
