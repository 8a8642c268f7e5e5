"""The one form of a name that every mention of an entity shares, and a country's code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from dataset_builder.resources import read_json
from dataset_builder.stages.entities.boundaries import NAMED
from dataset_builder.stages.entities.labels import coarse_label
from dataset_builder.stages.entities.names import display_name, name_key
from dataset_builder.stages.entities.people import People, Person
from dataset_builder.stages.entities.places import gazetteer
from dataset_builder.stages.entities.types import Span

_IN_BRACKETS = re.compile(r"\s{0,2}\(\s?([A-Z][A-Za-z.&-]{1,11})\s?[),;]")
_INITIAL = re.compile(r"[A-Z]")


@cache
def _aliases() -> dict[str, dict[str, str]]:
    """Coarse label -> folded alias -> canonical form; from ``schema/entities/aliases.json``."""
    table = read_json("entities", "aliases.json")
    return {
        coarse: {
            name_key(name): canonical for canonical, names in table[coarse].items() for name in (canonical, *names)
        }
        for coarse in sorted(NAMED)
    }


def acronyms(body: str, spans: Sequence[Span]) -> dict[str, Span]:
    """The acronyms that the article explains: ``Harbour Fishing Council (HFC)`` gives HFC -> the full name's span."""
    return dict(_explained(body, spans))


def _explained(body: str, spans: Sequence[Span]) -> Iterator[tuple[str, Span]]:
    for span in spans:
        if coarse_label(span.label) not in ("ORG", "LOC"):
            continue
        found = _IN_BRACKETS.match(body, span.end)
        if found and _abbreviates(found[1], span.text):
            yield found[1], span


def _abbreviates(short: str, name: str) -> bool:
    """Whether the large letters of ``short`` are initials of words of ``name``, in order and from the first on."""
    letters = _INITIAL.findall(short)
    initials = [word[0].upper() for word in re.split(r"[\s-]+", name) if word]
    if len(letters) < 2 or not initials or letters[0] != initials[0]:
        return False
    rest = iter(initials)
    return all(letter in rest for letter in letters)


@dataclass(frozen=True)
class Identities:
    """Canonical forms for the mentions of one article."""

    people: People
    acronyms: dict[str, Span]
    first_forms: dict[tuple[str, str], str]

    def of(self, span: Span) -> tuple[str, str | None]:
        """The canonical form of the name in ``span``, and the code of the country or of the capital's country."""
        coarse = coarse_label(span.label)
        if coarse not in NAMED:
            return display_name(span.text), None
        if coarse == "LOC" and (place := gazetteer().find(span.text)):
            return place.canonical, place.country
        if coarse == "PER" and (person := self.people.named_by(span.text, span.start)):
            return _known_as(person), None
        if (full := self.acronyms.get(span.text)) and full.text != span.text:
            return self.of(full)
        key = name_key(span.text)
        if canonical := _aliases()[coarse].get(key):
            return canonical, None
        return self.first_forms.get((coarse, key), display_name(span.text)), None


def identities(spans: Sequence[Span], people: People, explained: dict[str, Span]) -> Identities:
    """What is needed to name every mention among ``spans``."""
    first_forms: dict[tuple[str, str], str] = {}
    for span in spans:
        first_forms.setdefault((coarse_label(span.label), name_key(span.text)), display_name(span.text))
    return Identities(people, explained, first_forms)


def _known_as(person: Person) -> str:
    """The lexicon's name for a person, else the longest full name in the article, the first of equals."""
    known = _aliases()["PER"]
    for words in person.names:
        if canonical := known.get(" ".join(words)):
            return canonical
    return max(person.texts, key=lambda text: len(text.split()))
