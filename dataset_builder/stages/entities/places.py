"""Countries and capitals, with their ISO 3166-1 codes.

From the package ``countryinfo``; ``schema/entities/places.json`` adds what newspapers call them, and mends mistakes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from dataset_builder.resources import read_json
from dataset_builder.stages.entities.names import name_key


@dataclass(frozen=True, slots=True)
class Place:
    """A country or a capital.

    Attributes:
        canonical: its name.
        country: ISO 3166-1 alpha-2 of the country, or of the country whose capital it is.
        certain: nothing else of note bears this name, so that a mention is this place whatever the model says.
    """

    canonical: str
    country: str
    certain: bool


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """What is known of places.

    Attributes:
        abbreviations: as written -> place.
        names: folded name -> place.
        demonyms: the folded names of peoples, singular and plural.
    """

    abbreviations: dict[str, Place]
    names: dict[str, Place]
    demonyms: frozenset[str]

    def find(self, text: str) -> Place | None:
        """The country or capital that ``text`` names, or None."""
        return self.abbreviations.get(text) or self.names.get(name_key(text))

    def is_demonym(self, text: str) -> bool:
        """Whether ``text`` is the name of a people (``Norwegian``, ``Norwegians``)."""
        return text[:1].isupper() and name_key(text) in self.demonyms


@cache
def gazetteer() -> Gazetteer:
    """The countries and capitals of the world; read once a process."""
    table = read_json("entities", "places.json")
    ambiguous = {name_key(name) for name in table["ambiguous"]}
    names: dict[str, Place] = {}
    canonical: dict[str, str] = {}
    peoples: set[str] = set()

    def enter(spelling: str, name: str, code: str) -> None:
        if key := name_key(spelling):
            names.setdefault(key, Place(name, code, certain=key not in ambiguous))

    countries = _countries()
    for code, country in countries:
        canonical.setdefault(code, table["canonical"].get(code, country.name()))
        no_names = {code, country.iso().get("alpha3")}
        for spelling in (canonical[code], country.name(), *country.alt_spellings(), *table["names"].get(code, ())):
            if spelling not in no_names:
                enter(spelling, canonical[code], code)
        peoples.update(_peoples(country.demonym() or ""))
    for code, country in countries:
        for capital, spellings in table["capitals"].get(code, dict.fromkeys(_capitals(country), ())).items():
            for spelling in (capital, *spellings):
                enter(spelling, capital, code)
    abbreviations = {
        short: Place(canonical[code], code, certain=True) for code, shorts in table["short"].items() for short in shorts
    }
    return Gazetteer(abbreviations, names, frozenset(peoples - names.keys()))


def _countries() -> list[tuple[str, Any]]:
    """(alpha-2 code, country) of everything with a code of its own, sorted."""
    from countryinfo import all_countries

    coded = [(country.iso().get("alpha2", ""), country) for country in all_countries()]
    parts = read_json("entities", "places.json")["not_countries"]
    coded = [(code, country) for code, country in coded if code and country.name() not in parts]
    return sorted(coded, key=lambda entry: (entry[0], entry[1].name()))


def _capitals(country: Any) -> list[str]:
    """One capital or several; the package gives a string, a list or nothing."""
    capital = country.capital() or []
    return [capital] if isinstance(capital, str) else list(capital)


def _peoples(demonym: str) -> Iterator[str]:
    """The folded names of a people: ``Antiguan,Barbudan`` gives both, each with its plural."""
    for name in demonym.replace("/", ",").split(","):
        if key := name_key(name):
            yield key
            yield f"{key}s"
