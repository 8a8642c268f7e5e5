"""The reviewed data behind the dates, compiled once: names of months, forms of dates, labels, zones.

Everything comes from ``schema/dates/``; this module holds no word of any language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from dataset_builder.resources import read_yaml, schema_file


@dataclass(frozen=True, slots=True)
class DateForm:
    """One written form of a date: its pattern and how exact it is (``day``, ``month`` or ``year``)."""

    id: str
    pattern: re.Pattern[str]
    precision: str


@dataclass(frozen=True, slots=True)
class ZoneMeaning:
    """One meaning of a zone's letters: an IANA zone, an offset in minutes (None: as the zone has it), countries."""

    zone: str
    offset: int | None
    countries: tuple[str, ...]


def load(name: str) -> Any:
    """One file of ``schema/dates``."""
    return read_yaml(schema_file("dates", name))


def alternatives(words: list[str]) -> str:
    """A group that matches any of ``words``, longest first, so that "september" is not read as "sep"."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"[ ]") for word in ordered) + ")"


@cache
def month_numbers() -> dict[str, dict[str, int]]:
    """Language -> casefolded month name -> 1 to 12."""
    return {
        language: {str(name).casefold(): number for number, names in entry["months"].items() for name in names}
        for language, entry in load("names.yaml").items()
    }


@cache
def weekday_numbers() -> dict[str, dict[str, int]]:
    """Language -> casefolded weekday name -> 0 (Monday) to 6. The lists of ``names.yaml`` run Monday to Sunday."""
    return {
        language: {str(name).casefold(): place % 7 for place, name in enumerate(entry["weekdays"][:7])}
        for language, entry in load("names.yaml").items()
    }


@cache
def month_pattern() -> str:
    """Every month name of every language."""
    return alternatives([name for names in month_numbers().values() for name in names])


@cache
def weekday_pattern() -> str:
    """Every weekday name of every language."""
    return alternatives([str(name) for entry in load("names.yaml").values() for name in entry["weekdays"]])


@cache
def date_forms() -> tuple[DateForm, ...]:
    """The forms of ``patterns.yaml``, most exact first."""
    return tuple(
        DateForm(
            id=entry["id"],
            pattern=re.compile(entry["pattern"].replace("{month}", month_pattern()), re.IGNORECASE),
            precision=entry.get("precision", "day"),
        )
        for entry in load("patterns.yaml")["dates"]
    )


@cache
def time_forms() -> tuple[re.Pattern[str], ...]:
    """The forms of a time of day, most exact first."""
    return tuple(re.compile(entry["pattern"], re.IGNORECASE) for entry in load("patterns.yaml")["times"])


@cache
def afternoon() -> tuple[str, ...]:
    """The beginnings of words for the second half of the day."""
    return tuple(load("patterns.yaml")["afternoon"])


@cache
def zone_forms() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What may follow a time: an offset, UTC by name, the letters of a zone (capitals only)."""
    entries = load("patterns.yaml")
    return (
        re.compile(entries["offset"], re.IGNORECASE),
        re.compile(entries["zulu"], re.IGNORECASE),
        re.compile(entries["zone"]),
    )


@cache
def labels(kind: str) -> re.Pattern[str]:
    """The label words of one kind (``published`` or ``updated``) at the start of a string, with what sets them off.

    Labels of scripts without spaces may stand against the date; others end at a word's end.
    """
    words = [str(word) for listed in load("labels.yaml")[kind].values() for word in listed]
    return re.compile(rf"{alternatives(words)}(?![^\W\d_])\s{{0,3}}[:|,–—-]?\s{{0,3}}", re.IGNORECASE)


@cache
def zone_meanings() -> dict[str, tuple[ZoneMeaning, ...]]:
    """Letters of a zone -> what they may mean."""
    return {
        letters: tuple(
            ZoneMeaning(entry["zone"], offset_minutes(entry.get("offset")), tuple(entry["countries"]))
            for entry in entries
        )
        for letters, entries in load("zones.yaml").items()
    }


def offset_minutes(offset: str | None) -> int | None:
    """ "+05:30" as 330."""
    if offset is None:
        return None
    sign = -1 if offset.startswith("-") else 1
    hours, minutes = offset[1:].split(":")
    return sign * (int(hours) * 60 + int(minutes))


@cache
def number_order() -> dict[str, frozenset[str]]:
    """Who writes the day and who the month first."""
    return {name: frozenset(listed) for name, listed in load("order.yaml").items()}
