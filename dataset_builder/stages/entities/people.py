"""Who is who: full names of people, and the surnames and given names that stand for them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from dataset_builder.resources import read_json
from dataset_builder.stages.entities.agree import NAME_LIKE
from dataset_builder.stages.entities.labels import coarse_label
from dataset_builder.stages.entities.names import display_name, name_key, same_given_name, sound
from dataset_builder.stages.entities.places import gazetteer
from dataset_builder.stages.entities.types import Span

_WORD_BEFORE = re.compile(r"([^\W\d_]+)\s+\Z")
_PLACE_AFTER = re.compile(r",\s+[A-Z]")

_WORD = re.compile(r"[^\W\d_]+")

#: Words of a full name; what a model takes for a longer one is a list of names.
_LONGEST_NAME = 5

#: Persons of one surname, or one first name, that are told apart; there are no more in an article that a person wrote.
_MOST_NAMESAKES = 64

#: How far back the words before a mention are looked for.
_CONTEXT = 40


@dataclass(eq=False)
class Person:
    """One person of an article: the words of every full name used, and where they were used.

    Attributes:
        names: folded words of each spelling, in the order they come.
        texts: the same spellings as canonical forms write them.
        label: the model's label for the first of them.
        places: where a full name begins, ascending.
    """

    names: list[tuple[str, ...]]
    texts: list[str]
    label: str
    places: list[int]

    def is_called(self, words: tuple[str, ...]) -> bool:
        """Whether the full name ``words`` is one of this person's, in whatever spelling."""
        return any(_same_person(name, words) for name in self.names)


@dataclass(frozen=True)
class People:
    """The persons that an article names in full, found by one word of their names."""

    by_surname: dict[str, list[Person]]
    by_first: dict[str, list[Person]]
    by_name: dict[tuple[str, ...], Person]

    def named_by(self, text: str, place: int) -> Person | None:
        """Whom ``text`` at ``place`` means: the person last named in full before it, else the first named after it."""
        words = tuple(name_key(text).split())
        if len(words) != 1:
            return self.by_name.get(words)
        key = sound(words[0])
        candidates = self.by_surname.get(key) or self.by_first.get(key) or []
        return _nearest(candidates, place)


def find_people(spans: Sequence[Span]) -> People:
    """The people whom ``spans`` name in full: two or more words, labelled as a person."""
    persons: list[Person] = []
    people = People({}, {}, {})
    for span in spans:
        words = tuple(name_key(span.text).split())
        if coarse_label(span.label) != "PER" or not 2 <= len(words) <= _LONGEST_NAME:
            continue
        person = people.by_name.get(words)
        if person is None:
            known = people.by_surname.get(sound(words[-1]), [])
            person = next((candidate for candidate in known if candidate.is_called(words)), None)
            person = person or _added(persons, span.label)
            person.names.append(words)
            person.texts.append(display_name(span.text))
            people.by_name[words] = person
            for index, word in ((people.by_surname, words[-1]), (people.by_first, words[0])):
                entries = index.setdefault(sound(word), [])
                if len(entries) < _MOST_NAMESAKES and person not in entries:
                    entries.append(person)
        person.places.append(span.start)
    return people


def _added(persons: list[Person], label: str) -> Person:
    persons.append(Person([], [], label, []))
    return persons[-1]


def _nearest(candidates: list[Person], place: int) -> Person | None:
    """The candidate last named in full before ``place``, else the one first named after it."""
    if not candidates:
        return None

    def distance(person: Person) -> tuple[int, int]:
        before = bisect_right(person.places, place)
        return (0, place - person.places[before - 1]) if before else (1, person.places[0])

    return min(candidates, key=distance)


def _same_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Same surname, matching given name, and no middle names that differ."""
    if sound(one[-1]) != sound(other[-1]) or not same_given_name(one[0], other[0]):
        return False
    middles = one[1:-1], other[1:-1]
    return not all(middles) or all(map(same_given_name, *middles))


def surnames(body: str, spans: Sequence[Span]) -> dict[str, str]:
    """The last words of full names among ``spans`` (text -> label), without words that the body also writes small."""
    found = {
        words[-1]: span.label
        for span in spans
        if coarse_label(span.label) == "PER"
        and 2 <= len(words := span.text.split()) <= _LONGEST_NAME
        and all(word[0].isupper() for word in words)
    }
    written = set(_WORD.findall(body)) if found else frozenset()
    return {last: label for last, label in found.items() if last.lower() not in written}


def settle_people(body: str, spans: Sequence[Span], people: People) -> list[Span]:
    """A name of one word that is somebody's surname gets that person's label, unless it stands there as a place."""
    return [_settled(body, span, people) for span in spans]


def _settled(body: str, span: Span, people: People) -> Span:
    coarse = coarse_label(span.label)
    if coarse == "PER" or coarse not in NAME_LIKE or not span.text[:1].isupper():
        return span
    words = name_key(span.text).split()
    if len(words) != 1:
        person = people.by_name.get(tuple(words))
    else:
        key = sound(words[0])
        candidates = people.by_surname.get(key) or (people.by_first.get(key) if coarse != "LOC" else None)
        person = _nearest(candidates or [], span.start)
    if person is None or (coarse == "LOC" and _is_place(body, span)):
        return span
    return replace(span, label=person.label)


@cache
def _locatives() -> tuple[frozenset[str], frozenset[str]]:
    table = read_json("entities", "places.json")
    return frozenset(table["locative"]), frozenset(table["not_locative_after"])


def _is_place(body: str, span: Span) -> bool:
    """Whether a mention labelled as a place is one: a country or capital, or written as places are."""
    place = gazetteer().find(span.text)
    if (place and place.certain) or _PLACE_AFTER.match(body, span.end):
        return True
    before = _WORD_BEFORE.search(body[max(0, span.start - _CONTEXT) : span.start])
    locative, not_locative = _locatives()
    if not before or before[1].lower() not in locative:
        return False
    earlier = _WORD_BEFORE.search(body[max(0, span.start - _CONTEXT) : span.start][: before.start()])
    return not (earlier and earlier[1].lower() in not_locative)
