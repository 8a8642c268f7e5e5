"""The rights stage: what of each article may leave the house, by which rule, shown by what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa

from dataset_builder.issues import Issue
from dataset_builder.records import CLAIM, FINDING, Origin
from dataset_builder.rights.classes import PUBLIC_DOMAIN, UNDETERMINED
from dataset_builder.rights.decision import Decision, RightsFacts, decide
from dataset_builder.rights.facts_text import facts_to_text
from dataset_builder.rights.known import table
from dataset_builder.rights.opt_outs import OptOuts, read_opt_outs
from dataset_builder.rights.permissions import read_scope
from dataset_builder.rights.policy import Policy, load_policy
from dataset_builder.rights.spun import TellTale, looks_spun, tell_tales
from dataset_builder.rights.statements import Holding, evidence_kind, resolve
from dataset_builder.rights.terms import SourceTerms
from dataset_builder.stages.contract import append_columns
from dataset_builder.visible import one_line

NO_STATEMENT = "no statement was found"
_MAX_PASSED_ON = 500
_TOLD_TELL_TALES = 5

EVIDENCE = pa.struct(
    [
        pa.field("kind", pa.string(), nullable=False),
        pa.field("locator", pa.string(), nullable=False),
        pa.field("sha256", pa.string()),
        pa.field("observed_at", pa.string()),
    ]
)

_ADDS = pa.schema(
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


@dataclass(frozen=True, slots=True)
class _Review:
    """Whether a person must read the article before it is released, and who did."""

    needed: bool
    by: str


@dataclass(frozen=True, slots=True)
class Rights:
    """Decide the release of each article.

    Attributes:
        sources: the rights part of ``sources`` in dataset.yaml; an article of another source has no default.
        audience: public, restricted or private.
        noncommercial: whether the release declares itself non-commercial.
        created: the snapshot's declared date; permissions expire by it.
        withdrawn: ids that were withdrawn.
        policy: path of a policy file, or None for the shipped one.
        legal_basis: none, features, excerpt or research-access.
        published_in: the jurisdictions that the snapshot is published in.
        wanted: the most that the build asks for: full, excerpt, features or metadata.
    """

    sources: tuple[SourceTerms, ...] = ()
    audience: str = "public"
    noncommercial: bool = False
    created: date | None = None
    withdrawn: tuple[str, ...] = ()
    policy: str | None = None
    legal_basis: str = "none"
    published_in: tuple[str, ...] = ()
    wanted: str = "full"

    @property
    def name(self) -> str:
        """``rights``."""
        return "rights"

    @property
    def version(self) -> str:
        """The rules' version with the policy's digest."""
        return f"1+{load_policy(self.policy).sha256[:12]}"

    @property
    def reads(self) -> tuple[str, ...]:
        """The input columns that the result depends on."""
        return ("id", "claims", "text_claims", "source", "edits", "clean_flags", "body", "sightings")

    @property
    def rules(self) -> tuple[str, ...]:
        """The policy and the maps that feed it."""
        return ("rights",)

    @property
    def adds(self) -> pa.Schema:
        """The rights columns of ``schema/article.schema.json``, with the family, the findings and the origins."""
        return _ADDS

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Decide every row by itself."""
        columns: dict[str, list[Any]] = {field.name: [] for field in _ADDS}
        policy = load_policy(self.policy)
        terms = {entry.name: entry for entry in self.sources}
        withdrawn = frozenset(self.withdrawn)
        for row in batch.select(list(self.reads)).to_pylist():
            for name, value in self._row(row, policy, terms, withdrawn).items():
                columns[name].append(value)
        return append_columns(batch, _ADDS, columns)

    def _row(
        self, row: Mapping[str, Any], policy: Policy, terms: Mapping[str, SourceTerms], withdrawn: frozenset[str]
    ) -> dict[str, Any]:
        claims = [*(row["claims"] or ()), *(row["text_claims"] or ())]
        sightings = row["sightings"] or ()
        names = dict.fromkeys([row["source"], *(entry["source"] for entry in sightings)])
        sources = [terms.get(name) or SourceTerms(name) for name in names]
        path = sightings[0]["locator"] if sightings else ""
        found = tell_tales(row["body"] or "")
        reviewer = _best(claims, "reviewed_by", declared_only=True) or ""
        awaited = reviewer.casefold() in table("statement-fields")["review_awaited"]
        flagged = any(flag.startswith("suspected-") for flag in row["clean_flags"] or ())
        review = _Review(awaited or flagged or looks_spun(found), "" if awaited else reviewer)
        opt_outs = read_opt_outs(_values(claims, "tdm_reservation"), _values(claims, "content_usage"))
        holdings = resolve(claims, sources, path, max(1, len(sightings)))
        judged = [self._judge(held, row, opt_outs, review, withdrawn, policy) for held in holdings]
        held, facts, decision = max(
            judged, key=lambda entry: (policy.ranks[entry[2].release], entry[0].permission is not None)
        )
        findings = _findings(held, facts, decision, opt_outs, found, _opt_out_line(claims))
        return _columns(held, facts, decision, claims, findings)

    def _judge(
        self,
        held: Holding,
        row: Mapping[str, Any],
        opt_outs: OptOuts,
        review: _Review,
        withdrawn: frozenset[str],
        policy: Policy,
    ) -> tuple[Holding, RightsFacts, Decision]:
        permission = held.permission
        facts = RightsFacts(
            rights_class=held.rights_class,
            scope=held.scope,
            evidence=evidence_kind(held),
            opt_outs=(*opt_outs.signals, *(f"statement: {words[:120]}" for words in held.opt_outs)),
            permission_scope=read_scope(permission.permission_scope)[0] if permission else (),
            permission_expires=permission.last_day() if permission else None,
            created=self.created,
            audience=self.audience,
            noncommercial=self.noncommercial,
            transformation="cleaned" if row["edits"] else "verbatim",
            suspected_derived=review.needed,
            reviewed_by=review.by,
            status="withdrawn" if row["id"] in withdrawn else "active",
            has_text=bool(row["body"]),
            legal_basis=self.legal_basis,
            jurisdiction=held.jurisdiction,
            published_in=self.published_in,
            wanted=self.wanted,
        )
        return held, facts, decide(facts, policy)


def _values(claims: Sequence[Mapping[str, Any]], field: str) -> list[str]:
    return [claim["value"] for claim in claims if claim["field"] == field]


def _opt_out_line(claims: Sequence[Mapping[str, Any]]) -> int:
    """Line of the first claim that opts out by itself; 0 where none has a line."""
    for claim in claims:
        values = [claim["value"]]
        reserved, usage = claim["field"] == "tdm_reservation", claim["field"] == "content_usage"
        if claim["line"] and read_opt_outs(values * reserved, values * usage).signals:
            return int(claim["line"])
    return 0


_STRENGTH = {str(origin): rank for rank, origin in enumerate(Origin)}


def _best(claims: Sequence[Mapping[str, Any]], field: str, *, declared_only: bool = False) -> str | None:
    """The value of the strongest claim for a field, on one line."""
    claim = _best_claim(claims, field, declared_only=declared_only)
    return one_line(claim["value"], _MAX_PASSED_ON) if claim else None


def _best_claim(
    claims: Sequence[Mapping[str, Any]], field: str, *, declared_only: bool = False
) -> Mapping[str, Any] | None:
    found = [
        claim
        for claim in claims
        if claim["field"] == field
        and claim["value"].strip()
        and (claim["origin"] == Origin.DECLARED or not declared_only)
    ]
    return min(found, key=lambda claim: _STRENGTH.get(claim["origin"], len(_STRENGTH)), default=None)


def _columns(
    held: Holding, facts: RightsFacts, decision: Decision, claims: Sequence[Mapping[str, Any]], findings: list[Issue]
) -> dict[str, Any]:
    passed_on = table("statement-fields")["passed_on"]
    row: dict[str, Any] = {name: _best(claims, name) for name in passed_on}
    for signal in ("tdm_reservation", "content_usage"):
        values = dict.fromkeys(one_line(value, _MAX_PASSED_ON) for value in _values(claims, signal))
        row[signal] = "; ".join(value for value in values if value) or None
    permission = held.permission
    owner = permission.rights_holder if permission else None
    origins = [
        *held.claims,
        *_settled_by(held, claims),
        *(claim for name in passed_on if (claim := _best_claim(claims, name))),
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
        "rights_findings": [_as_finding(issue) for issue in findings],
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


def _findings(
    held: Holding,
    facts: RightsFacts,
    decision: Decision,
    opt_outs: OptOuts,
    found_spun: tuple[TellTale, ...],
    opt_out_line: int,
) -> list[Issue]:
    """The findings of one article, in a fixed order, each once; ``opt_out_line`` is 0 where no line is known."""
    found = list(held.findings)
    if held.rights_class == UNDETERMINED and not held.claims:
        found.append(
            Issue(code="rights-undetermined", field="license", found="no statement", expected="a licence with evidence")
        )
    if held.permission is not None:
        found += _permission_findings(held.permission, decision)
    if held.rights_class == PUBLIC_DOMAIN and decision.rule == "public-domain-elsewhere-withheld":
        found.append(
            Issue(
                code="license-jurisdiction",
                field="license",
                found=held.statement,
                expected=f"a snapshot for {held.jurisdiction}",
            )
        )
    if decision.rule == "no-derivatives-withheld":
        found.append(
            Issue(code="no-derivatives-edited", field="body", found="the text was changed", expected="verbatim text")
        )
    if facts.suspected_derived and not facts.reviewed_by and facts.audience != "private":
        found.append(
            Issue(code="review-needed", field="reviewed_by", found=_told(found_spun), expected="a reader's name")
        )
    found += [Issue(code="opt-out-unread", field="content_usage", found=one_line(value)) for value in opt_outs.unread]
    if facts.opt_outs:
        told = one_line("; ".join(facts.opt_outs))
        found.append(Issue(code="opt-out-found", field="tdm_reservation", found=told, line=opt_out_line))
    return list(dict.fromkeys(found))


def _permission_findings(terms: SourceTerms, decision: Decision) -> list[Issue]:
    """Findings about the source's terms, at its entry in dataset.yaml."""
    _, unread = read_scope(terms.permission_scope)
    path, _, line = terms.locator.partition(":")
    at = Issue(path=path, line=int(line or 0), field="permission_expires", found=str(terms.permission_expires))
    found = []
    if unread:
        expected = "full, excerpt or features, and limits"
        scope = replace(at, field="permission_scope", found=unread)
        found.append(replace(scope, code="permission-scope-unknown", expected=expected))
    if decision.rule == "permission-expired-withheld":
        found.append(replace(at, code="permission-expired"))
    if decision.rule == "permission-undated-withheld":
        found.append(replace(at, code="permission-undated"))
    return found


def _told(found: tuple[TellTale, ...]) -> str:
    """The tell-tales, a few of them, each with what a writer would have said."""
    distinct = {tale.meant: tale for tale in sorted(found, key=lambda tale: (-tale.weight, tale.start))}
    told = [f"“{tale.found}” for “{tale.meant}”" for tale in list(distinct.values())[:_TOLD_TELL_TALES]]
    return one_line(", ".join(told) or "nobody has reviewed it", 300)


def _as_finding(issue: Issue) -> dict[str, Any]:
    return {name: getattr(issue, name) for name in ("path", "code", "field", "found", "expected", "hint", "line")}
