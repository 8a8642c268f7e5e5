"""The statements of one article, and what they come to.

Article-level statements replace the source's default. Where they contradict each other, or where exact copies carry
different ones, the stricter holds. A statement that covers images only says nothing about the text; one whose cover is
unknown can narrow and grants nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dataset_builder.issues import Issue
from dataset_builder.records import Origin
from dataset_builder.rights.classes import IN_COPYRIGHT, PERMISSION, PUBLIC_DOMAIN, UNDETERMINED, strictest
from dataset_builder.rights.decision import NO_EVIDENCE
from dataset_builder.rights.known import table
from dataset_builder.rights.reading import GRANT, NOTICE, RESERVATION, UNKNOWN, LicenseReading, read_license
from dataset_builder.rights.terms import Evidence, SourceTerms
from dataset_builder.visible import one_line

#: A statement that a rule found in the text is quoted with fewer words than the leak scan looks for.
_QUOTED_WORDS = 7


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


@dataclass(slots=True)
class _Sorted:
    """The statements of one article by what they do."""

    governing: list[Statement] = field(default_factory=list)
    narrowing: list[Statement] = field(default_factory=list)
    notices: list[Statement] = field(default_factory=list)
    foreign: bool = False
    findings: list[Issue] = field(default_factory=list)


def read_statements(claims: Sequence[Mapping[str, Any]], path: str) -> list[Statement]:
    """The claims that speak about rights, read, in the order of ``schema/rights/statement-fields.yaml``."""
    data = table("statement-fields")
    scopes = _claimed_scopes(claims)
    statements = []
    for name in data["statements"]:
        for claim in claims:
            if claim["field"] != name:
                continue
            reading = read_license(claim["value"], field=name, line=claim["line"])
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


def resolve(
    claims: Sequence[Mapping[str, Any]], sources: Sequence[SourceTerms], path: str = "", copies: int = 1
) -> tuple[Holding, ...]:
    """What holds for one article: the licence's holding, and that of a permission where one is on record.

    Args:
        claims: the article's claims, of all its exact copies.
        sources: the terms of its sources, the article's own first.
        path: the file it stands in, for the evidence.
        copies: how many exact copies were seen; where fewer of them bring a statement of their own, the defaults of
            their sources hold as well.
    """
    own = sources[0]
    statements = read_statements(claims, path)
    sorted_ = _sort(statements, claims, sources)
    defaults = [_default(terms) for terms in sources]
    brought = sum(
        1
        for entry in sorted_.governing
        if entry.claim["origin"] == Origin.DECLARED and entry.claim["field"] == "license"
    )
    governing = [_holding_of(entry) for entry in sorted_.governing]
    if not governing:
        governing = _without_statement(defaults, sorted_)
    elif copies > 1 and len(sources) > 1 and brought < copies:
        governing += [entry for entry in defaults if entry is not None]
    governing += [_holding_of(entry) for entry in sorted_.narrowing if governing]
    if not governing and sorted_.narrowing:
        governing = [_holding_of(entry) for entry in sorted_.narrowing]
        sorted_.findings.append(Issue(code="license-scope-unknown", field="license", found=governing[0].statement))
    held = _join(governing)
    said = tuple(dict.fromkeys(words for entry in statements for words in entry.reading.opt_outs))
    holder = next((entry.reading.holder for entry in statements if entry.reading.holder), "")
    held = replace(held, holder=holder, opt_outs=said, findings=(*sorted_.findings, *held.findings))
    declared = any(entry.claim["origin"] == Origin.DECLARED for entry in sorted_.governing)
    if own.permission and not declared and not sorted_.foreign and len(sources) == 1:
        return held, _permitted(own, held)
    return (held,)


def _sort(
    statements: Sequence[Statement], claims: Sequence[Mapping[str, Any]], sources: Sequence[SourceTerms]
) -> _Sorted:
    """Put each statement where it belongs: governs, narrows, is a mere copyright line, or says nothing of the text."""
    sorted_ = _Sorted()
    owners = _owners(claims, sources)
    addresses = frozenset().union(*(terms.terms_addresses() for terms in sources))
    plain = {entry.reading.expression for entry in statements if entry.scope in {"text", "page"}}
    for entry in statements:
        reading = entry.reading
        if reading.kind == UNKNOWN and entry.claim["value"].strip().rstrip("/") in addresses:
            continue  # "see our terms": the source's default says what they are
        if reading.heard is not None and reading.heard in plain:
            continue  # "the last paragraph puts it under CC BY 4.0", beside license: CC-BY-4.0
        if entry.scope == "image":
            sorted_.findings.append(_issue("license-scope-image", entry))
            continue
        if reading.holder and _is_foreign(reading.holder, owners):
            sorted_.foreign = True
            if reading.kind == NOTICE:
                sorted_.findings.append(_issue("rights-holder-differs", entry, expected=", ".join(sorted(owners))))
                entry = replace(entry, reading=replace(reading, kind=RESERVATION))
                reading = entry.reading
        sorted_.findings += _findings_of(entry)
        if reading.kind == NOTICE:
            sorted_.notices.append(entry)
        elif entry.scope == "unknown" and reading.kind == GRANT:
            sorted_.narrowing.append(entry)
        else:
            sorted_.governing.append(entry)
    return sorted_


def _findings_of(entry: Statement) -> list[Issue]:
    """The reading's findings; what somebody else wrote is no error of the corpus."""
    if entry.claim["origin"] == Origin.DECLARED:
        return list(entry.reading.findings)
    softened = {"license-unknown", "license-empty", "license-hedged", "license-statement-long"}
    return [
        replace(issue, code="license-unread-in-page") if issue.code in softened else issue
        for issue in entry.reading.findings
    ]


def _owners(claims: Sequence[Mapping[str, Any]], sources: Sequence[SourceTerms]) -> frozenset[str]:
    """Who may stand in a copyright line without contradicting a licence."""
    named = {
        claim["value"].casefold().strip()
        for claim in claims
        if claim["field"] in {"rights_holder", "author", "publisher"}
        and claim["origin"] == Origin.DECLARED
        and claim["value"].strip()
    }
    return frozenset().union(named, *(terms.owners() for terms in sources))


def _is_foreign(holder: str, owners: frozenset[str]) -> bool:
    """Whether a copyright line's holder is somebody else than the known owners."""
    name = " ".join(holder.casefold().split())
    if any(owner in name or name in owner for owner in owners if len(owner) > 1):
        return False
    return bool(owners) or name in table("statement-fields")["agencies"]


def _default(terms: SourceTerms) -> Holding | None:
    """What the source declares for its articles, or None."""
    if not terms.license:
        return None
    reading = read_license(terms.license)
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


def _without_statement(defaults: Sequence[Holding | None], sorted_: _Sorted) -> list[Holding]:
    """The sources' defaults; without any, a copyright line holds."""
    found = [entry for entry in defaults if entry is not None]
    if not found and sorted_.notices:
        return [_holding_of(entry) for entry in sorted_.notices]
    if found and len(found) < len(defaults):
        return [*found, Holding()]  # a copy from a source that says nothing: nothing unknown is released
    return found


def _holding_of(entry: Statement) -> Holding:
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


def _join(holdings: Sequence[Holding]) -> Holding:
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


def _permitted(terms: SourceTerms, held: Holding) -> Holding:
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
        expression="LicenseRef-permission",
        license_url=None,
        statement=words,
        evidence=evidence,
        claims=(claim,),
        permission=terms,
        findings=tuple(issue for issue in held.findings if issue.code != "license-unread-in-page"),
    )


def _place(entry: Holding) -> str:
    return entry.evidence.locator if entry.evidence else "no evidence"


def _issue(code: str, entry: Statement, *, expected: str = "") -> Issue:
    return Issue(
        code=code,
        field=entry.claim["field"],
        found=entry.reading.statement,
        expected=expected,
        line=entry.claim["line"],
    )


def evidence_kind(held: Holding) -> str:
    """The evidence as the decision wants it."""
    return held.evidence.kind if held.evidence else NO_EVIDENCE
