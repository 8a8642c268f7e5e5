"""Which of an article's claims is handed on: the strongest by the rank of its origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dataset_builder.records import Origin
from dataset_builder.rights.opt_outs import read_opt_outs
from dataset_builder.visible import one_line

MAX_PASSED_ON = 500

_STRENGTH = {str(origin): rank for rank, origin in enumerate(Origin)}


def values_of(claims: Sequence[Mapping[str, Any]], field: str) -> list[str]:
    """Every value that is claimed for a field."""
    return [claim["value"] for claim in claims if claim["field"] == field]


def best(claims: Sequence[Mapping[str, Any]], field: str, *, declared_only: bool = False) -> str | None:
    """The value of the strongest claim for a field, on one line."""
    claim = best_claim(claims, field, declared_only=declared_only)
    return one_line(claim["value"], MAX_PASSED_ON) if claim else None


def best_claim(
    claims: Sequence[Mapping[str, Any]], field: str, *, declared_only: bool = False
) -> Mapping[str, Any] | None:
    """The strongest claim for a field, or None."""
    found = [
        claim
        for claim in claims
        if claim["field"] == field
        and claim["value"].strip()
        and (claim["origin"] == Origin.DECLARED or not declared_only)
    ]
    return min(found, key=lambda claim: _STRENGTH.get(claim["origin"], len(_STRENGTH)), default=None)


def opt_out_line(claims: Sequence[Mapping[str, Any]]) -> int:
    """Line of the first claim that opts out by itself; 0 where none has a line."""
    for claim in claims:
        values = [claim["value"]]
        reserved, usage = claim["field"] == "tdm_reservation", claim["field"] == "content_usage"
        if (reserved or usage) and claim["line"] and read_opt_outs(values * reserved, values * usage).signals:
            return int(claim["line"])
    return 0
