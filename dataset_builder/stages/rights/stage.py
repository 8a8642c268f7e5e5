"""The stage: claims in, decisions out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from dataset_builder.rights.decision import Decision, RightsFacts, decide
from dataset_builder.rights.holding import Holding, evidence_kind
from dataset_builder.rights.known import table
from dataset_builder.rights.opt_outs import OptOuts, read_opt_outs
from dataset_builder.rights.permissions import read_scope
from dataset_builder.rights.policy import Policy, load_policy
from dataset_builder.rights.resolve import resolve
from dataset_builder.rights.spun import looks_spun, tell_tales
from dataset_builder.rights.terms import SourceTerms
from dataset_builder.stages.contract import append_columns
from dataset_builder.stages.rights.claims import best, opt_out_line, values_of
from dataset_builder.stages.rights.columns import ADDS, row_of
from dataset_builder.stages.rights.findings import findings_of


@dataclass(frozen=True, slots=True)
class _Review:
    """Whether a person must read the article before it is released, and who did."""

    needed: bool
    by: str


class _Decisions(dict[RightsFacts, Decision]):
    """The decisions of a batch, each taken once: articles of one source mostly have the same facts."""

    def __init__(self, policy: Policy) -> None:
        super().__init__()
        self.policy = policy

    def __missing__(self, facts: RightsFacts) -> Decision:
        return self.setdefault(facts, decide(facts, self.policy))


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
        return ADDS

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Decide every row by itself."""
        columns: dict[str, list[Any]] = {field.name: [] for field in ADDS}
        decisions = _Decisions(load_policy(self.policy))
        terms = {entry.name: entry for entry in self.sources}
        withdrawn = frozenset(self.withdrawn)
        for row in batch.select(list(self.reads)).to_pylist():
            for name, value in self._row(row, decisions, terms, withdrawn).items():
                columns[name].append(value)
        return append_columns(batch, ADDS, columns)

    def _row(
        self, row: Mapping[str, Any], decisions: _Decisions, terms: Mapping[str, SourceTerms], withdrawn: frozenset[str]
    ) -> dict[str, Any]:
        claims = [*(row["claims"] or ()), *(row["text_claims"] or ())]
        sightings = row["sightings"] or ()
        names = dict.fromkeys([row["source"], *(entry["source"] for entry in sightings)])
        sources = [terms.get(name) or SourceTerms(name) for name in names]
        path = sightings[0]["locator"] if sightings else ""
        found = tell_tales(row["body"] or "")
        reviewer = best(claims, "reviewed_by", declared_only=True) or ""
        awaited = reviewer.casefold() in table("statement-fields")["review_awaited"]
        flagged = any(flag.startswith("suspected-") for flag in row["clean_flags"] or ())
        review = _Review(awaited or flagged or looks_spun(found), "" if awaited else reviewer)
        opt_outs = read_opt_outs(values_of(claims, "tdm_reservation"), values_of(claims, "content_usage"))
        holdings = resolve(claims, sources, path, max(1, len(sightings)))
        judged = [self._judge(held, row, opt_outs, review, withdrawn, decisions) for held in holdings]
        held, facts, decision = max(
            judged, key=lambda entry: (decisions.policy.ranks[entry[2].release], entry[0].permission is not None)
        )
        findings = findings_of(held, facts, decision, opt_outs, found, opt_out_line(claims))
        return row_of(held, facts, decision, claims, findings)

    def _judge(
        self,
        held: Holding,
        row: Mapping[str, Any],
        opt_outs: OptOuts,
        review: _Review,
        withdrawn: frozenset[str],
        decisions: _Decisions,
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
        return held, facts, decisions[facts]
