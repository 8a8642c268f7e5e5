"""How rights are put in running text: ``schema/rights/prose.yaml``, compiled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from dataset_builder.rights.known import KnownLicense, by_name, folded, table


@dataclass(frozen=True, slots=True)
class ProsePatterns:
    """The expressions of ``schema/rights/prose.yaml``, to be tried on case-folded clauses."""

    clause_end: re.Pattern[str]
    all_reserved: re.Pattern[str]
    reservations: re.Pattern[str]
    notices: re.Pattern[str]
    names: tuple[tuple[re.Pattern[str], KnownLicense], ...]
    negations: re.Pattern[str]
    image_words: re.Pattern[str]
    image_subject: re.Pattern[str]
    text_words: re.Pattern[str]
    cautions: re.Pattern[str]
    explained: frozenset[str]
    harmless: re.Pattern[str]
    opt_outs: re.Pattern[str]


@cache
def prose_patterns() -> ProsePatterns:
    """The patterns, compiled once."""
    data = _case_folded(table("prose"))
    named = [*data["names"], *data["public_domain"]]
    return ProsePatterns(
        clause_end=re.compile(data["clause_end"], re.IGNORECASE),
        all_reserved=re.compile(data["all_reserved"]),
        reservations=_any(data["reservations"]),
        notices=_any(data["notices"]),
        names=tuple((re.compile(row["pattern"]), by_name()[folded(row["license"])]) for row in named),
        negations=_any(data["negations"]),
        image_words=re.compile(data["image_words"]),
        image_subject=re.compile(data["image_subject"]),
        text_words=re.compile(data["text_words"]),
        cautions=_any(data["cautions"]),
        explained=frozenset(data["explained_words"].split()),
        harmless=_any(data["harmless"]),
        opt_outs=_any(data["opt_outs"]),
    )


def _case_folded(value: Any) -> Any:
    """The tables as case folding leaves the text: ``ß`` is ``ss`` there."""
    if isinstance(value, str):
        return value.replace("ß", "ss")
    if isinstance(value, list):
        return [_case_folded(item) for item in value]
    return {key: _case_folded(item) for key, item in value.items()} if isinstance(value, dict) else value


def _any(expressions: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{expression})" for expression in expressions))
