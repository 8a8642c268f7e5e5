"""From a model's label to the coarse one; the table is ``schema/entities/labels.json``."""

from __future__ import annotations

from functools import cache

from dataset_builder.resources import read_json

#: The coarse label of everything that the table does not name.
OTHER = "OTHER"


@cache
def _coarse_by_label() -> dict[str, str]:
    table = read_json("entities", "labels.json")["coarse"]
    return {label: coarse for coarse, labels in table.items() for label in labels}


@cache
def coarse_label(label: str) -> str:
    """The coarse label of a model's ``label``, whatever its case: PER, ORG, LOC, GROUP, TIME, NUMBER, MISC or OTHER."""
    return _coarse_by_label().get(label.upper(), OTHER)
