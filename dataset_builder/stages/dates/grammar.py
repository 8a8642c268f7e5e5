"""Find the date that is written in a string: its numbers and where they stand, not yet what they mean in UTC."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from dataset_builder.stages.dates.lexicon import (
    DateForm,
    afternoon,
    date_forms,
    labels,
    month_numbers,
    number_order,
    time_forms,
    weekday_pattern,
    zone_forms,
    zone_meanings,
)

#: A publication line is short; what stands after this many code points is not searched.
SEARCHED = 400
#: How far a time may stand from its date, in code points.
TIME_GAP = 25
#: A numeric date that two orders read differently.
AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class FoundTime:
    """A time of day and what is said about its zone; ``minutes`` is the offset from UTC where one is written."""

    hour: int
    minute: int
    second: int
    start: int
    end: int
    minutes: int | None = None
    letters: str = ""
    zulu: bool = False
    precision: str = "minute"


@dataclass(frozen=True, slots=True)
class FoundDate:
    """The numbers of a date and its place in the string, weekday and time included.

    ``day`` and ``month`` are 0 where the form does not give them; ``trouble`` is ``"ambiguous"`` where the order of the
    numbers is open. ``form`` is the id of the pattern.
    """

    year: int
    month: int
    day: int
    form: str
    precision: str
    start: int
    end: int
    time: FoundTime | None = None
    trouble: str = ""


def find_date(words: str, *, language: str | None = None, country: str | None = None) -> FoundDate | None:
    """The publication date in ``words``: the first that is not said to be an update, else the first of all."""
    words = words[:SEARCHED]
    found = list(dates_in(words, language, country))
    for position, date in enumerate(found):
        before = words[found[position - 1].end if position else 0 : date.start]
        if not says_updated(before):
            return date
    return found[0] if found else None


def dates_in(words: str, language: str | None, country: str | None) -> Iterator[FoundDate]:
    """Every date in ``words`` of the most exact form that occurs, from left to right."""
    for form in date_forms():
        matches = [match for match in form.pattern.finditer(words) if month_of(match, language) != 0]
        if matches:
            yield from (as_date(words, match, form, language, country) for match in matches)
            return


def as_date(words: str, match: re.Match[str], form: DateForm, language: str | None, country: str | None) -> FoundDate:
    """One match as a date, with the weekday before it and the time beside it."""
    groups = match.groupdict()
    trouble = ""
    month, day = month_of(match, language) or 0, int(groups.get("d") or 0)
    if "a" in groups:
        month, day, trouble = ordered(int(groups["a"]), int(groups["b"]), language, country)
    time = time_beside(words, match.start(), match.end(), iso=form.id.startswith("iso"))
    start, end = with_weekday(words, match.start()), match.end()
    if time:
        start, end = min(start, time.start), max(end, time.end)
    return FoundDate(int(groups["y"]), month, day, form.id, form.precision, start, end, time, trouble)


def month_of(match: re.Match[str], language: str | None) -> int | None:
    """The month's number; 0 where the name means two months and the language does not settle it, None without one."""
    groups = match.groupdict()
    if groups.get("m"):
        return int(groups["m"])
    if not groups.get("month"):
        return None
    name, tables = groups["month"].casefold(), month_numbers()
    for preferred in (language, "en"):
        if preferred in tables and name in tables[preferred]:
            return tables[preferred][name]
    meanings = {table[name] for table in tables.values() if name in table}
    return meanings.pop() if len(meanings) == 1 else 0


def ordered(first: int, second: int, language: str | None, country: str | None) -> tuple[int, int, str]:
    """(month, day, trouble) of two numbers whose order is open."""
    order = number_order()
    if first > 12 or first == second:
        return second, first, ""
    if second > 12:
        return first, second, ""
    if country in order["month-first-countries"]:
        return first, second, ""
    if country in order["day-first-countries"] or language in order["day-first-languages"]:
        return second, first, ""
    return first, second, AMBIGUOUS


def time_beside(words: str, start: int, end: int, *, iso: bool) -> FoundTime | None:
    """The time after the date, or else before it, no farther than a few words without digits."""
    for pattern in time_forms():
        match = pattern.search(words, end, end + TIME_GAP + 30)
        if match and is_gap(words[end : match.start()]):
            return as_time(words, match, iso=iso)
    for pattern in time_forms():
        matches = list(pattern.finditer(words, max(0, start - TIME_GAP - 30), start))
        if matches:
            time = as_time(words, matches[-1], iso=iso)
            if time and is_gap(words[time.end : start]):
                return time
    return None


def is_gap(between: str) -> bool:
    """Whether so little stands between date and time that they belong together."""
    return len(between) <= TIME_GAP and not any(character.isdigit() or character in "!?;\n" for character in between)


def as_time(words: str, match: re.Match[str], *, iso: bool) -> FoundTime | None:
    """One match as a time with its zone; None where the numbers are no time of day."""
    groups = match.groupdict()
    hour, minute, second = int(groups["hour"]), int(groups.get("minute") or 0), int(groups.get("second") or 0)
    if half := (groups.get("half") or "").casefold():
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith(afternoon()) else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    precision = "second" if groups.get("second") else "minute" if groups.get("minute") else "hour"
    return with_zone(words, FoundTime(hour, minute, second, match.start(), match.end(), precision=precision), iso=iso)


def with_zone(words: str, time: FoundTime, *, iso: bool) -> FoundTime:
    """``time`` with the offset or the letters that follow it.

    Without "UTC" before it, ``-11:00`` is an offset only in the ISO form (elsewhere it ends a range of hours) and
    ``+0530`` only with four digits (RFC 5322).
    """
    offset, zulu, letters = zone_forms()
    base = {name: getattr(time, name) for name in ("hour", "minute", "second", "start", "precision")}
    if match := offset.match(words, time.end):
        hours, minutes = int(match["oh"]), int(match["om"] or 0)
        written = match[0].strip().casefold()
        named = "utc" in written or "gmt" in written
        if hours <= 14 and minutes < 60 and (iso or named or (len(written) == 5 and ":" not in written)):
            total = (hours * 60 + minutes) * (1 if match["sign"] == "+" else -1)
            return FoundTime(**base, end=match.end(), minutes=total)
    if match := zulu.match(words, time.end):
        return FoundTime(**base, end=match.end(), minutes=0, zulu=True)
    if (match := letters.match(words, time.end)) and is_zone(match["zone"]):
        return FoundTime(**base, end=match.end(), letters=match["zone"])
    return time


def is_zone(letters: str) -> bool:
    """Whether capitals after a time are a zone: known letters, or three to five that end in T as zones do."""
    return letters in zone_meanings() or (len(letters) >= 3 and letters.endswith("T"))


@cache
def weekday_before() -> re.Pattern[str]:
    """A weekday, with its comma and the article that some languages put there, at the end of a string."""
    return re.compile(rf"(?<!\w){weekday_pattern()}\.?,?[ ]{{0,2}}(?:(?:den|le|el|il|the|de)[ ])?$", re.IGNORECASE)


def with_weekday(words: str, start: int) -> int:
    """Where the date starts when the weekday before it is counted in."""
    offset = max(0, start - 30)
    match = weekday_before().search(words[offset:start])
    return offset + match.start() if match else start


def says_updated(before: str) -> bool:
    """Whether the words before a date call it an update."""
    pattern, near = labels("updated"), before[-60:]
    return any(pattern.match(near, place.start()) for place in re.finditer(r"\b\w", near))
