"""Labels that agree over an article: places, peoples, and names that the model labelled in several ways."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from dataset_builder.stages.entities.boundaries import NAMED
from dataset_builder.stages.entities.labels import coarse_label
from dataset_builder.stages.entities.names import name_key
from dataset_builder.stages.entities.places import gazetteer
from dataset_builder.stages.entities.types import Span

#: Coarse labels that a model gives to names by mistake, so that the rules may overrule them.
NAME_LIKE = NAMED | {"GROUP", "MISC"}


def settle_places(spans: Sequence[Span], place_label: str, group_label: str) -> list[Span]:
    """Countries and capitals that nothing else is called by get ``place_label``; names of peoples ``group_label``.

    ``group_label`` may be empty: a model that knows no such label keeps its own. What the model takes for a person
    stays one where somebody of that name is named in full: ``London`` beside ``Jack London``.
    """
    persons = [name_key(span.text).split() for span in spans if coarse_label(span.label) == "PER"]
    borne = {word for words in persons if len(words) > 1 for word in words}
    return [
        replace(span, label=_known_label(span, borne, place_label, group_label) or span.label)
        if coarse_label(span.label) in NAME_LIKE and span.text[:1].isupper()
        else span
        for span in spans
    ]


def _known_label(span: Span, borne: set[str], place_label: str, group_label: str) -> str:
    """The label that a country, a capital or a people has everywhere; ``""`` where the model's own holds."""
    coarse = coarse_label(span.label)
    if coarse == "PER" and name_key(span.text) in borne:
        return ""
    known = gazetteer()
    if coarse != "LOC" and (place := known.find(span.text)) and place.certain:
        return place_label
    return group_label if coarse != "GROUP" and known.is_demonym(span.text) else ""


def settle_votes(spans: Sequence[Span]) -> list[Span]:
    """Every mention of one name gets the label that most of its mentions have; the first one's on a tie.

    Names of countries and capitals have been settled and do not vote.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for span in spans:
        if coarse_label(span.label) in NAMED:
            votes[name_key(span.text)][span.label] += 1
    contested = {key: _winner(counts) for key, counts in votes.items() if len(counts) > 1}
    if not contested:
        return list(spans)
    known = gazetteer()
    return [
        replace(span, label=contested[key])
        if (key := name_key(span.text)) in contested
        and coarse_label(span.label) in NAMED
        and known.find(span.text) is None
        else span
        for span in spans
    ]


def _winner(counts: Counter[str]) -> str:
    """The label of the coarse class with most votes, and within it the label with most; first come on a tie."""
    coarse: Counter[str] = Counter()
    for label, count in counts.items():
        coarse[coarse_label(label)] += count
    best = max(coarse, key=coarse.__getitem__)
    return max((label for label in counts if coarse_label(label) == best), key=counts.__getitem__)
