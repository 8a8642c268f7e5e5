"""Whom a statement names: its owners, authors and publishers are no words that could be conditions.

A capital letter makes no name: "CC BY 4.0 Upon Registration" is a condition. A name is what the corpus knows as one,
what stands where a name must stand ("© 2024 Harbour Ledger", "by Ana Example"), and beside a grant, in a clause of its
own, what several words in capitals make up.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from dataset_builder.rights.known import table

#: Stands where a name stood; no pattern knows it.
NAME = "\x03"
_TOKEN = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")
#: What may stand between the words of a name.
_WITHIN = re.compile(r"[\s&'’\"“”/.-]{0,3}")
#: What may stand between an introducing sign and the name.
_BEFORE = re.compile(r"[\s\d©()–,:'\"“”-]{0,24}")
_MOST_WORDS = 8


@cache
def _introducers() -> re.Pattern[str]:
    data = table("names")
    loose = "|".join(f"(?:{expression})" for expression in data["introducers"])
    exact = "|".join(re.escape(word) for word in sorted(data["introducing_words"].split()))
    return re.compile(rf"(?:(?i:{loose})|(?<![\w-])(?<!cc )(?:{exact})(?=\s))")


def _particles() -> frozenset[str]:
    return word_list("particles")


def _never() -> frozenset[str]:
    return word_list("never_names")


@cache
def word_list(name: str) -> frozenset[str]:
    """One list of ``schema/rights/names.yaml``, case folded."""
    return frozenset(table("names")[name].casefold().split())


def without_names(clause: str, owners: frozenset[str], bars: Callable[[str], bool]) -> str:
    """``clause`` (in its own case) with a sign in the place of each name.

    Args:
        owners: names that are known to own or to make the text, in lower case.
        bars: whether a word, in lower case, may be a condition and is therefore part of no name.
    """
    for owner in sorted(_spellings(owners), key=lambda name: (-len(name), name)):
        if len(owner) > 2:
            clause = re.sub(rf"(?<!\w){re.escape(owner)}(?!\w)", NAME, clause, flags=re.IGNORECASE)
    spans = []
    end = 0
    for match in _introducers().finditer(clause):
        if match.end() >= end and (span := _name_at(clause, match.end(), bars)):
            spans.append(span)
            end = span[1]
    for start, stop in reversed(spans):
        clause = f"{clause[:start]}{NAME}{clause[stop:]}"
    return clause


def _spellings(owners: frozenset[str]) -> frozenset[str]:
    """The names, and those that begin with an article without it: The Harbour Ledger signs as Harbour Ledger."""
    parts = (owner.partition(" ") for owner in owners)
    return owners | {rest for first, _, rest in parts if first in _particles() and rest}


def without_runs(clause: str, bars: Callable[[str], bool]) -> str:
    """``clause`` with a sign for each run of two or more words in capitals, as names of people and papers are."""
    pieces, kept = [], 0
    place = 0
    while match := _TOKEN.search(clause, place):
        span = _run(clause, match.start(), bars)
        if span is None or _own_words(clause[slice(*span)]) < 2:
            place = match.end()
            continue
        pieces += [clause[kept : span[0]], NAME]
        place = kept = span[1]
    return "".join([*pieces, clause[kept:]])


def _own_words(run: str) -> int:
    """How many of its words are no particles."""
    return sum(word.casefold() not in _particles() for word in _TOKEN.findall(run))


def _name_at(clause: str, place: int, bars: Callable[[str], bool]) -> tuple[int, int] | None:
    """Where the name behind an introducing sign stands, or None where none does."""
    before = _BEFORE.match(clause, place)
    return _run(clause, before.end() if before else place, bars)


def _run(clause: str, start: int, bars: Callable[[str], bool]) -> tuple[int, int] | None:
    """The words in capitals from ``start`` on, with the particles between them."""
    end = None
    place = start
    for _ in range(_MOST_WORDS):
        match = _TOKEN.match(clause, place)
        if match is None:
            break
        word = match[0].casefold().rstrip(".")
        capital = match[0][0].isupper()
        if word not in _particles() and (not capital or word in _never() or bars(word)):
            break
        if capital and word not in _never():
            end = match.end()
        gap = _WITHIN.match(clause, match.end())
        place = gap.end() if gap else match.end()
    return None if end is None else (start, end)
