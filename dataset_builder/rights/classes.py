"""The rights classes, and which of two is the stricter (``schema/rights/classes.json``)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, reduce

from dataset_builder.resources import read_json

UNDETERMINED = "undetermined"
IN_COPYRIGHT = "in-copyright"
PERMISSION = "permission"
PUBLIC_DOMAIN = "public-domain"

#: The shard folder of text that is in a snapshot only because its audience is private.
PRIVATE_FAMILY = "private"

_PERMISSION_LEVEL = 1
_FREE_OF_CONDITIONS = frozenset({"attribution"})


@dataclass(frozen=True, slots=True)
class RightsClass:
    """What a statement lets a reader do.

    Attributes:
        name: the class, as it stands in the column ``rights_class``.
        level: 0 for a licence; above it the classes that are stricter than every licence.
        conditions: what a licence asks (``attribution``, ``share-alike``, ``noncommercial``, ``no-derivatives``).
        family: the shard folder of its text; None where its text is never released by the licence alone.
        summary: one line for people.
    """

    name: str
    level: int
    conditions: frozenset[str]
    family: str | None
    summary: str


@cache
def rights_classes() -> dict[str, RightsClass]:
    """The classes by name, from free to closed."""
    table = read_json("rights", "classes.json")["classes"]
    return {
        name: RightsClass(name, row["level"], frozenset(row["conditions"]), row["family"], row["summary"])
        for name, row in table.items()
    }


@cache
def scopes() -> tuple[str, ...]:
    """What a statement may cover, from the widest use to the least: text, page, unknown, image."""
    return tuple(read_json("rights", "classes.json")["scopes"])


def _of_conditions(conditions: frozenset[str]) -> str:
    """The licence class that asks exactly these conditions."""
    if "no-derivatives" in conditions:
        conditions -= {"share-alike"}
    for name, entry in rights_classes().items():
        if entry.level == 0 and entry.conditions == conditions:
            return name
    return UNDETERMINED


def stricter(one: str, other: str) -> str:
    """The class that holds where both statements hold: it allows nothing that either of them bars.

    A permission and a licence with conditions beyond attribution bind in different ways; where both are said to hold,
    nothing is granted (``in-copyright``).
    """
    first, second = sorted((rights_classes()[one], rights_classes()[other]), key=lambda entry: entry.level)
    if second.level == 0:
        return _of_conditions(first.conditions | second.conditions)
    if second.level == _PERMISSION_LEVEL and first.level == 0 and not first.conditions <= _FREE_OF_CONDITIONS:
        return IN_COPYRIGHT
    return second.name


def strictest(names: Iterable[str]) -> str:
    """The class that holds where all of ``names`` hold; ``undetermined`` where there is none."""
    listed = list(names)
    return reduce(stricter, listed) if listed else UNDETERMINED
