"""The columns that the rights stage adds, and one row of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from dataset_builder.issues import Issue
from dataset_builder.records import CLAIM, FINDING, Origin, finding_row
from dataset_builder.rights.decision import Decision, RightsFacts
from dataset_builder.rights.facts_text import facts_to_text
from dataset_builder.rights.holding import Holding
from dataset_builder.rights.known import table
from dataset_builder.stages.rights.claims import MAX_PASSED_ON, best, best_claim, values_of
from dataset_builder.visible import one_line

NO_STATEMENT = "no statement was found"

EVIDENCE = pa.struct(
    [
        pa.field("kind", pa.string(), nullable=False),
        pa.field("locator", pa.string(), nullable=False),
        pa.field("sha256", pa.string()),
        pa.field("observed_at", pa.string()),
    ]
)

ADDS = pa.schema(
    [
        pa.field("license", pa.string()),
        pa.field("license_url", pa.string()),
        pa.field("rights_statement", pa.string(), nullable=False),
        pa.field("license_scope", pa.string(), nullable=False),
        pa.field("license_evidence", EVIDENCE),
        pa.field("rights_holder", pa.string()),
        pa.field("copyright_notice", pa.string()),
        pa.field("usage_terms", pa.string()),
        pa.field("attribution", pa.string()),
        pa.field("tdm_reservation", pa.string()),
        pa.field("content_usage", pa.string()),
        pa.field("rights_class", pa.string(), nullable=False),
        pa.field("family", pa.string()),
        pa.field("release", pa.string(), nullable=False),
        pa.field("annotate", pa.bool_(), nullable=False),
        pa.field("decision_rule", pa.string(), nullable=False),
        pa.field("reviewed_by", pa.string()),
        pa.field("status", pa.string(), nullable=False),
        pa.field("rights_facts", pa.string(), nullable=False),
        pa.field("rights_findings", pa.list_(FINDING), nullable=False),
        pa.field("rights_flags", pa.list_(pa.string()), nullable=False),
        pa.field("rights_origins", pa.list_(CLAIM), nullable=False),
    ]
)


def row_of(
    held: Holding, facts: RightsFacts, decision: Decision, claims: Sequence[Mapping[str, Any]], findings: list[Issue]
) -> dict[str, Any]:
    """The values of ``ADDS`` for one article."""
    passed_on = table("statement-fields")["passed_on"]
    row: dict[str, Any] = {name: best(claims, name) for name in passed_on}
    for signal in ("tdm_reservation", "content_usage"):
        values = dict.fromkeys(one_line(value, MAX_PASSED_ON) for value in values_of(claims, signal))
        row[signal] = "; ".join(value for value in values if value) or None
    permission = held.permission
    owner = permission.rights_holder if permission else None
    origins = [
        *held.claims,
        *_settled_by(held, claims),
        *(claim for name in passed_on if (claim := best_claim(claims, name))),
    ]
    return {
        **row,
        "license": held.expression,
        "license_url": held.license_url,
        "rights_statement": held.statement or NO_STATEMENT,
        "license_scope": held.scope,
        "license_evidence": held.evidence.as_dict() if held.evidence else None,
        "rights_holder": row["rights_holder"] or owner or held.holder or None,
        "rights_class": held.rights_class,
        "family": decision.family,
        "release": decision.release,
        "annotate": decision.annotate,
        "decision_rule": decision.rule,
        "reviewed_by": facts.reviewed_by or None,
        "status": facts.status,
        "rights_facts": facts_to_text(facts),
        "rights_findings": [finding_row(issue) for issue in findings],
        "rights_flags": ["opted-out"] if facts.opt_outs else [],
        "rights_origins": [dict(claim) for claim in origins],
    }


def _settled_by(held: Holding, claims: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The origins of ``rights_statement`` and ``license_scope``, which the claim that governs settles as well."""
    if not held.claims:
        return []
    first = held.claims[0]
    place = (first["origin"], first["rule"])
    scopes = [entry for entry in claims if entry["field"] == "license_scope"]
    said = [it for it in scopes if (it["origin"], it["rule"], it["value"].strip().casefold()) == (*place, held.scope)]
    assumed = {**first, "field": "license_scope", "value": held.scope, "origin": str(Origin.DERIVED)}
    scope = said[:1] or [{**assumed, "rule": "scope-of-statement", "evidence": ""}]
    words = [] if first["field"] == "rights_statement" else [{**first, "field": "rights_statement"}]
    return [*words, *scope]
