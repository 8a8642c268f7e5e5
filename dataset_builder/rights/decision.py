"""The decision: what of one article leaves the house, by which row of the policy, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from dataset_builder.rights.cases import Case
from dataset_builder.rights.classes import (
    IN_COPYRIGHT,
    PERMISSION,
    PRIVATE_FAMILY,
    PUBLIC_DOMAIN,
    UNDETERMINED,
    rights_classes,
    scopes,
    strictest,
)
from dataset_builder.rights.policy import OWN_OR_PRIVATE, Policy, Rule

NO_EVIDENCE = "none"


@dataclass(frozen=True, slots=True)
class RightsFacts:
    """Everything that the decision depends on.

    Attributes:
        rights_class: one of ``schema/rights/classes.json``.
        scope: what the statement covers: text, page, image or unknown.
        evidence: the kind of the evidence (declared, page, embedded, extracted, permission), or ``none``.
        opt_outs: the opt-out signals that were found, as text; they can only narrow.
        permission_scope: what a permission on record covers (see :mod:`dataset_builder.rights.permissions`).
        permission_expires: its last day, or None where it has none.
        created: the snapshot's declared date; an expiry is judged by it and never by the clock.
        audience: public, restricted or private.
        noncommercial: whether the release declares itself non-commercial.
        transformation: verbatim, cleaned or annotated.
        suspected_derived: the text may be a spun or paraphrased copy.
        reviewed_by: who reviewed it; empty where nobody did.
        status: active or withdrawn.
        has_text: False for an article that is known by its digest only.
        legal_basis: none, features, excerpt or research-access, as the configuration names it.
        jurisdiction: where a public-domain statement holds; empty for everywhere.
        published_in: the jurisdictions that the snapshot is published in.
        wanted: the most that the build asks for: full, excerpt, features or metadata.
    """

    rights_class: str = UNDETERMINED
    scope: str = "unknown"
    evidence: str = NO_EVIDENCE
    opt_outs: tuple[str, ...] = ()
    permission_scope: tuple[str, ...] = ()
    permission_expires: date | None = None
    created: date | None = None
    audience: str = "public"
    noncommercial: bool = False
    transformation: str = "cleaned"
    suspected_derived: bool = False
    reviewed_by: str = ""
    status: str = "active"
    has_text: bool = True
    legal_basis: str = "none"
    jurisdiction: str = ""
    published_in: tuple[str, ...] = ()
    wanted: str = "full"


@dataclass(frozen=True, slots=True)
class Decision:
    """What leaves the house.

    Attributes:
        release: full, excerpt, features, metadata, excluded or tombstone.
        rule: id of the row that decided.
        family: the shard folder where text or features leave, else None.
        annotate: whether annotations with offsets into the text may be published, beside it or as features.
        reasons: short clauses, the row's own first.
        would_change: short sentences that say what would have more released.
    """

    release: str
    rule: str
    family: str | None
    annotate: bool
    reasons: tuple[str, ...]
    would_change: tuple[str, ...]


def decide(facts: RightsFacts, policy: Policy) -> Decision:
    """Apply the policy to one article; a pure function of its arguments.

    Raises:
        KeyError: a fact holds a word that is not in its vocabulary.
    """
    rules = policy.rules_for(case_of(facts))
    decided = [(rule, *_release(rule, facts, policy)) for rule in rules]
    more = (entry for entry in decided if policy.ranks[entry[1]] > policy.ranks["metadata"])
    rule, release, reasons = next(more, decided[0])
    return Decision(
        release=release,
        rule=rule.id,
        family=_family(rule, release, facts, policy),
        annotate=(release == "full" and rule.annotate) or (release == "features" and "labels" in rule.features),
        reasons=(rule.reason, *reasons),
        would_change=rule.would_change,
    )


def case_of(facts: RightsFacts) -> Case:
    """The facts as the table sees them; a word outside its vocabulary counts as the strictest one."""
    rights_class = facts.rights_class if facts.rights_class in rights_classes() else UNDETERMINED
    inside = not facts.jurisdiction or facts.jurisdiction in facts.published_in
    return {
        "status": "active" if facts.status == "active" else "withdrawn",
        "text": "present" if facts.has_text else "absent",
        "audience": facts.audience if facts.audience in {"restricted", "private"} else "public",
        "rights_class": rights_class,
        "evidence": "none" if facts.evidence in {"", NO_EVIDENCE} else "some",
        "scope": facts.scope if facts.scope in {"text", "page", "image"} else "unknown",
        "permission": _permission(facts) if rights_class == PERMISSION else "none",
        "purpose": "noncommercial" if facts.noncommercial else "any",
        "transformation": facts.transformation if facts.transformation in {"verbatim", "annotated"} else "cleaned",
        "review": "pending" if facts.suspected_derived and not facts.reviewed_by.strip() else "none",
        "legal_basis": facts.legal_basis if facts.legal_basis in {"features", "excerpt", "research-access"} else "none",
        "jurisdiction": "fits" if inside else "outside",
    }


def _permission(facts: RightsFacts) -> str:
    """What the permission on record is worth in this build: a release, or why it grants nothing."""
    if facts.permission_expires is not None:
        if facts.created is None:
            return "undated"
        if facts.created > facts.permission_expires:
            return "expired"
    scope = set(facts.permission_scope)
    bars = {
        "restricted": facts.audience != "restricted",
        "noncommercial": not facts.noncommercial,
        "verbatim": facts.transformation != "verbatim",
    }
    if any(bars[word] for word in scope & bars.keys()):
        return "outside"
    return next((word for word in ("full", "excerpt", "features") if word in scope), "outside")


def _release(rule: Rule, facts: RightsFacts, policy: Policy) -> tuple[str, tuple[str, ...]]:
    """The fullest release that the row grants and the build asks for."""
    if facts.wanted in rule.on_request and not (facts.opt_outs and facts.wanted in policy.opt_out_drops):
        return facts.wanted, ()
    wanted = policy.ranks.get(facts.wanted, policy.ranks["metadata"])
    # What lies below metadata (a tombstone, nothing) is not asked for; it is what a row leaves.
    ceiling = max(wanted, policy.ranks["metadata"])
    granted = [release for release in rule.grants if policy.ranks[release] <= ceiling]
    kept = [release for release in granted if not (facts.opt_outs and release in policy.opt_out_drops)]
    reasons = (policy.opt_out_reason,) if facts.opt_outs else ()
    release = max(kept, key=policy.ranks.__getitem__, default="metadata")
    return release, reasons


def _family(rule: Rule, release: str, facts: RightsFacts, policy: Policy) -> str | None:
    """The shard folder; text that only a private audience gets stands apart from what could be published."""
    if release not in {"full", "excerpt", "features"}:
        return None
    if rule.family != OWN_OR_PRIVATE:
        return rule.family
    public = decide(replace(facts, audience="public"), policy)
    return public.family if public.release == release else PRIVATE_FAMILY


def inherit(own: RightsFacts, others: tuple[RightsFacts, ...]) -> RightsFacts:
    """The facts of one member of a cluster of copies: the strictest terms of all members hold.

    Status, review and text stay the member's own: a withdrawal names one article, and a review reads one text.
    """
    members = (own, *others)
    held = strictest(shown_class(fact) for fact in members)
    limits = {fact.jurisdiction for fact in members if fact.jurisdiction}
    if not limits <= set(own.published_in) and (held != PUBLIC_DOMAIN or len(limits) > 1):
        held = UNDETERMINED  # free in another country only, and no licence of the other members makes up for it
    permitted = [fact for fact in members if fact.rights_class == PERMISSION]
    if held == PERMISSION and len({(fact.permission_scope, fact.permission_expires) for fact in permitted}) > 1:
        held = IN_COPYRIGHT  # two records with different terms: neither covers the other's text
    granting = [fact for fact in members if fact.rights_class != IN_COPYRIGHT]
    return replace(
        own,
        rights_class=held,
        scope=max((fact.scope for fact in granting), key=_scope_rank, default=own.scope),
        evidence=NO_EVIDENCE if any(fact.evidence == NO_EVIDENCE for fact in granting) else own.evidence,
        opt_outs=tuple(sorted({signal for fact in members for signal in fact.opt_outs})),
        permission_scope=permitted[0].permission_scope if held == PERMISSION else (),
        permission_expires=permitted[0].permission_expires if held == PERMISSION else None,
        jurisdiction=min(limits, default=""),
    )


def shown_class(facts: RightsFacts) -> str:
    """The class as far as it is shown for the text: a grant without evidence or of unknown cover is none."""
    if facts.rights_class == IN_COPYRIGHT:
        return IN_COPYRIGHT
    covers_text = facts.rights_class == PERMISSION or facts.scope in {"text", "page"}
    return facts.rights_class if covers_text and facts.evidence not in {"", NO_EVIDENCE} else UNDETERMINED


def _scope_rank(scope: str) -> int:
    return scopes().index(scope if scope in scopes() else "unknown")
