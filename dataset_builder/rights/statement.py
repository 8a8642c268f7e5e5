"""One claim about rights, read: what it says, what it covers, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dataset_builder.issues import Issue
from dataset_builder.records import Origin
from dataset_builder.rights.known import table
from dataset_builder.rights.reading import UNKNOWN, LicenseReading, read_license
from dataset_builder.rights.terms import Evidence
from dataset_builder.visible import one_line

#: The field of what ``schema/cleaning/30-credits.yaml`` takes for a caption's last words.
_COPYRIGHT_LINE = "copyright"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim about rights, read.

    Attributes:
        claim: the claim as the reader gave it (a value of ``CLAIM``).
        reading: what it says.
        scope: what it covers: text, page, unknown or image.
        evidence: where it stands.
    """

    claim: Mapping[str, Any]
    reading: LicenseReading
    scope: str
    evidence: Evidence


def read_statements(claims: Sequence[Mapping[str, Any]], path: str, owners: frozenset[str]) -> list[Statement]:
    """The claims that speak about rights, read, in the order of ``schema/rights/statement-fields.yaml``.

    Args:
        claims: the article's.
        path: the file it stands in, for the evidence.
        owners: names of those who own or make the text, in lower case.
    """
    data = table("statement-fields")
    scopes = _claimed_scopes(claims)
    statements = []
    for name in data["statements"]:
        for claim in claims:
            if claim["field"] != name and not (name == "copyright_notice" and _is_dated_line(claim)):
                continue
            reading = read_license(claim["value"], field=name, line=claim["line"], owners=owners)
            if name == "copyright_notice" and reading.kind == UNKNOWN:
                reading = replace(
                    read_license(f"© {claim['value'][:200]}", field=name, line=claim["line"]),
                    statement=reading.statement,
                )
            scope = (
                "image"
                if reading.scope == "image"
                else scopes.get((claim["origin"], claim["rule"])) or _default_scope(claim)
            )
            statements.append(Statement(claim, reading, scope, _evidence_of(claim, path)))
    return statements


def read_holders(claims: Sequence[Mapping[str, Any]], path: str) -> list[Statement]:
    """Claims that name an owner, read as the copyright line that they stand for."""
    return [
        Statement(
            claim,
            replace(
                read_license(f"© {claim['value'][:200]}", field=claim["field"], line=claim["line"]),
                statement=one_line(claim["value"], 200),
            ),
            _default_scope(claim),
            _evidence_of(claim, path),
        )
        for claim in claims
    ]


def _is_dated_line(claim: Mapping[str, Any]) -> bool:
    """Whether cleaning has taken a line "© 2024 Harbour Ledger" out of a text. Without a year it credits a picture."""
    return claim["field"] == _COPYRIGHT_LINE and _YEAR.search(claim["value"]) is not None


def _claimed_scopes(claims: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """Origin and rule -> the narrowest scope that a claim of this rule names: readers bind the two so."""
    order = ("text", "page", "unknown", "image")
    found: dict[tuple[str, str], str] = {}
    for claim in claims:
        if claim["field"] == "license_scope":
            key = (claim["origin"], claim["rule"])
            value = claim["value"].strip().casefold()
            value = value if value in order else "unknown"
            found[key] = max(found.get(key, "text"), value, key=order.index)
    return found


def _default_scope(claim: Mapping[str, Any]) -> str:
    place = f"{claim['origin']}/{claim['rule']}"
    for prefix, scope in table("statement-fields")["scope_by_rule"]:
        if place.startswith(prefix):
            return str(scope)
    return "unknown"


def _evidence_of(claim: Mapping[str, Any], path: str) -> Evidence:
    place = f"{path}:{claim['line']}" if claim["line"] and "#" not in path else path
    return Evidence(
        claim["origin"], place if claim["origin"] == Origin.DECLARED else f"{place} {claim['rule']}".strip()
    )


def findings_of(entry: Statement) -> list[Issue]:
    """The reading's findings; what somebody else wrote is no error of the corpus."""
    if entry.claim["origin"] == Origin.DECLARED:
        return list(entry.reading.findings)
    softened = {"license-unknown", "license-empty", "license-hedged", "license-statement-long"}
    return [
        replace(issue, code="license-unread-in-page") if issue.code in softened else issue
        for issue in entry.reading.findings
    ]


def issue_about(entry: Statement, code: str, *, expected: str = "") -> Issue:
    """A finding about a statement, at its line."""
    return Issue(
        code=code,
        field=entry.claim["field"],
        found=entry.reading.statement,
        expected=expected,
        line=entry.claim["line"],
    )
