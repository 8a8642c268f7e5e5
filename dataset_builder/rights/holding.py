"""What holds for an article: of one statement, of a source's default, of a permission, and of several together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dataset_builder.issues import Issue
from dataset_builder.records import Origin
from dataset_builder.rights.classes import IN_COPYRIGHT, PERMISSION, PUBLIC_DOMAIN, UNDETERMINED, strictest
from dataset_builder.rights.decision import NO_EVIDENCE
from dataset_builder.rights.permissions import permission_reference
from dataset_builder.rights.reading import UNKNOWN, read_license
from dataset_builder.rights.statement import Statement
from dataset_builder.rights.terms import Evidence, SourceTerms
from dataset_builder.visible import one_line

#: A statement that a rule found in the text is quoted with fewer words than the leak scan looks for.
_QUOTED_WORDS = 7


@dataclass(frozen=True, slots=True)
class Holding:
    """What holds for an article.

    Attributes:
        rights_class, scope, jurisdiction: as :class:`dataset_builder.rights.decision.RightsFacts` wants them.
        expression: SPDX expression, or None.
        license_url: where the terms stand, or None.
        statement: the words that govern.
        evidence: what shows them; None where nothing does.
        claims: the claims that govern, for the origins.
        holder: the owner that a copyright line names, or empty.
        opt_outs: words against mining in the statements.
        permission: the terms whose permission is relied upon, or None.
        findings: what is wrong with the statements.
    """

    rights_class: str = UNDETERMINED
    scope: str = "unknown"
    jurisdiction: str = ""
    expression: str | None = None
    license_url: str | None = None
    statement: str = ""
    evidence: Evidence | None = None
    claims: tuple[Mapping[str, Any], ...] = ()
    holder: str = ""
    opt_outs: tuple[str, ...] = ()
    permission: SourceTerms | None = None
    findings: tuple[Issue, ...] = ()


def holding_of(entry: Statement) -> Holding:
    """What holds by one statement alone."""
    reading = entry.reading
    words = reading.statement
    if entry.claim["origin"] == Origin.EXTRACTED:
        words = " ".join(words.split()[:_QUOTED_WORDS])
    return Holding(
        rights_class=reading.rights_class,
        scope=entry.scope,
        jurisdiction=reading.jurisdiction,
        expression=reading.expression,
        license_url=reading.license_url,
        statement=words,
        evidence=entry.evidence,
        claims=(entry.claim,),
    )


def default_of(terms: SourceTerms) -> Holding | None:
    """What the source declares for its articles, or None."""
    if not terms.license:
        return None
    reading = read_license(terms.license, owners=terms.owners())
    unread = reading.kind == UNKNOWN and reading.expression is None
    expected = f"a licence for the source {one_line(terms.name, 60)} that can be read"
    issue = Issue(code="source-license-unread", field="license", found=reading.statement, expected=expected)
    claim = {
        "field": "license", "value": terms.license, "origin": str(Origin.DECLARED), "rule": "source-default",
        "evidence": terms.locator, "line": 0, "confidence": 1.0,
    }  # fmt: skip
    return Holding(
        rights_class=reading.rights_class,
        scope="image" if reading.scope == "image" else "text",
        jurisdiction=reading.jurisdiction,
        expression=reading.expression,
        license_url=reading.license_url,
        statement=reading.statement,
        evidence=None if terms.evidence_broken else terms.evidence(),
        claims=(claim,),
        findings=(issue,) if unread else (),
    )


def permitted_by(terms: SourceTerms, held: Holding) -> Holding:
    """The holding of a recorded permission, which stands beside whatever licence there is."""
    evidence = None if terms.evidence_broken else terms.evidence(permission=True)
    words = one_line(terms.permission or "")
    claim = {
        "field": "license", "value": words, "origin": str(Origin.DECLARED), "rule": "source-permission",
        "evidence": terms.locator, "line": 0, "confidence": 1.0,
    }  # fmt: skip
    return replace(
        held,
        rights_class=PERMISSION,
        scope="text",
        jurisdiction="",
        expression=permission_reference(terms.name),
        license_url=None,
        statement=words,
        evidence=evidence,
        claims=(claim,),
        permission=terms,
        findings=tuple(issue for issue in held.findings if issue.code != "license-unread-in-page"),
    )


def join(holdings: Sequence[Holding]) -> Holding:
    """What holds where all of them hold."""
    if not holdings:
        return Holding()
    held = strictest(entry.rights_class for entry in holdings)
    bearing = [entry for entry in holdings if entry.rights_class == held] or list(holdings)
    first = bearing[0]
    expressions = list(dict.fromkeys(entry.expression for entry in bearing if entry.expression))
    wrapped = [f"({text})" if " OR " in text and len(expressions) > 1 else text for text in expressions]
    findings = [issue for entry in holdings for issue in entry.findings]
    if len({(entry.rights_class, entry.expression) for entry in holdings}) > 1:
        said = list(dict.fromkeys(f"{entry.statement or 'nothing'} ({_place(entry)})" for entry in holdings))
        findings.append(
            Issue(code="rights-contradiction", field="license", found=one_line("; ".join(said)), hint=f"{held} holds")
        )
    limits = {entry.jurisdiction for entry in holdings if entry.jurisdiction}
    if len(limits) > 1 or (limits and held not in {PUBLIC_DOMAIN, IN_COPYRIGHT}):
        held = (
            UNDETERMINED  # free in one country, and something else beside it: nobody has said how the two go together
        )
    grants = [entry for entry in holdings if entry.rights_class not in {IN_COPYRIGHT, UNDETERMINED}]
    return replace(
        first,
        rights_class=held,
        scope=min(
            (entry.scope for entry in grants), key=("text", "page", "unknown", "image").index, default=first.scope
        ),
        expression=" AND ".join(wrapped) if wrapped and held != UNDETERMINED else None,
        license_url=first.license_url if len(expressions) == 1 else None,
        jurisdiction=min(limits, default=""),
        evidence=None if any(entry.evidence is None for entry in grants) else first.evidence,
        claims=tuple(claim for entry in bearing for claim in entry.claims),
        findings=tuple(findings),
    )


def _place(entry: Holding) -> str:
    return entry.evidence.locator if entry.evidence else "no evidence"


def evidence_kind(held: Holding) -> str:
    """The evidence as the decision wants it."""
    return held.evidence.kind if held.evidence else NO_EVIDENCE
