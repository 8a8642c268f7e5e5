"""What articles have to do with each other: near copies share a cluster and its strictest terms, revisions a chain.

Stages see one article at a time; this is the fan-in after them. ``narrow`` reduces a batch to what has to be known of
it, ``add`` takes that in, ``links`` decides once, ``apply_links`` writes the decisions into the batches on their second
way past.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.copies import NearCopies, SignedArticles, link_revisions, sign
from dataset_builder.issues import Issue
from dataset_builder.records import split_locator
from dataset_builder.rights.decision import Decision, RightsFacts, decide, inherit
from dataset_builder.rights.facts_text import facts_from_text
from dataset_builder.rights.policy import Policy, load_policy

#: A near copy that is not its cluster's first is not released where dataset.yaml says ``duplicates: {action: drop}``.
DROPPED_RULE = "near-copy-dropped"
NEAR_COPY_FLAG = "near-copy"
#: Columns that a link may change.
_TOUCHED = (
    "duplicate_cluster", "derived_from", "revision_of", "release", "decision_rule", "family", "quality_flags",
)  # fmt: skip


@dataclass(frozen=True)
class Link:
    """What is known of one article.

    Attributes:
        cluster: the near copies that it is one of.
        first: id of the first of them.
        revision_of: id of the text that it revises.
        decision: what the terms of all its cluster lead to.
        stricter: id of the member whose terms alone lead to that, where they are stricter than the article's own.
        stricter_rule: the row of the policy that decides for this member by itself.
    """

    cluster: str | None = None
    first: str | None = None
    revision_of: str | None = None
    decision: Decision | None = None
    stricter: str | None = None
    stricter_rule: str = ""


@dataclass(frozen=True)
class Narrow:
    """What linking needs to know of a batch, some 900 bytes an article; free to travel between processes.

    Attributes:
        articles: the signatures of its active articles.
        pages: columns id, canonical_url, fetched_at and date of those that have an address.
    """

    articles: SignedArticles
    pages: pa.Table


def narrow(batch: pa.RecordBatch) -> Narrow:
    """What linking needs to know of an assembled batch: a pure function, for whichever process has the batch.

    Withdrawn articles have no links.
    """
    active = batch.filter(pc.equal(batch.column("status"), "active"))
    ids, dates = active.column("id"), active.column("date")
    bodies = pa.RecordBatch.from_arrays([ids, active.column("withheld_text"), dates], names=["id", "body", "date"])
    page = pc.coalesce(active.column("canonical_url"), active.column("url"))
    fetched = pc.struct_field(active.column("provenance"), "fetched_at")
    pages = pa.table({"id": ids, "canonical_url": page, "fetched_at": fetched, "date": dates})
    return Narrow(sign(bodies), pages.filter(pc.is_valid(page)))


@dataclass
class Linker:
    """Fan-in over assembled batches.

    Attributes:
        threshold: similarity or containment from which on two articles are copies; 0 to 1.
        drop: whether copies other than the first are withheld.
    """

    threshold: float = 0.8
    drop: bool = False
    _copies: NearCopies = field(init=False)
    _pages: list[pa.Table] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._copies = NearCopies(self.threshold)

    def add(self, batch: pa.RecordBatch | Narrow) -> None:
        """Take in an assembled batch, made narrow already or to be made so here."""
        known = batch if isinstance(batch, Narrow) else narrow(batch)
        self._copies.add(known.articles)
        self._pages.append(known.pages)

    def links(self, batches: Iterable[pa.RecordBatch]) -> dict[str, Link]:
        """The articles that have to do with others, by id; ``batches`` are those that were added."""
        found: dict[str, Link] = {}
        clusters = self._copies.finish()
        for row in clusters.filter(pc.is_valid(clusters.column("duplicate_cluster"))).to_pylist():
            found[row["id"]] = Link(row["duplicate_cluster"], row["cluster_representative"])
        if self._pages:
            for row in link_revisions(pa.concat_tables(self._pages)).to_pylist():
                found[row["id"]] = replace(found.get(row["id"], Link()), revision_of=row["revision_of"])
        return self._with_terms(found, batches) if any(link.cluster for link in found.values()) else found

    def _with_terms(self, found: dict[str, Link], batches: Iterable[pa.RecordBatch]) -> dict[str, Link]:
        """Every member of a cluster with the decision that the whole cluster's terms lead to."""
        facts = _facts_of_members(found, batches)
        members: dict[str, list[str]] = {}
        for article, link in sorted(found.items()):
            if link.cluster is not None:
                members.setdefault(link.cluster, []).append(article)
        policy = load_policy(None)
        for cluster in members.values():
            for article in cluster:
                others = {other: facts[other] for other in cluster if other != article and facts[other].has_text}
                decision = decide(inherit(facts[article], tuple(others.values())), policy)
                link = _with_stricter(found[article], facts[article], others, decision, policy)
                if self.drop and article != link.first and decision.release == "full":
                    decision = replace(decision, release="metadata", rule=DROPPED_RULE, family=None)
                found[article] = replace(link, decision=decision)
        return found


def _with_stricter(
    link: Link, own: RightsFacts, others: dict[str, RightsFacts], decision: Decision, policy: Policy
) -> Link:
    """``link`` with the first member whose terms alone make the article's decision the cluster's."""
    if decide(own, policy).release == decision.release:
        return link
    for other, facts in others.items():
        if decide(inherit(own, (facts,)), policy).rule == decision.rule:
            return replace(link, stricter=other, stricter_rule=decide(facts, policy).rule)
    return link


def _facts_of_members(found: dict[str, Link], batches: Iterable[pa.RecordBatch]) -> dict[str, RightsFacts]:
    wanted = pa.array([article for article, link in found.items() if link.cluster], pa.string())
    facts: dict[str, RightsFacts] = {}
    for batch in batches:
        rows = batch.select(["id", "rights_facts"]).filter(pc.is_in(batch.column("id"), value_set=wanted))
        for row in rows.to_pylist():
            facts[row["id"]] = facts_from_text(row["rights_facts"])
    return facts


def apply_links(batch: pa.RecordBatch, links: dict[str, Link]) -> tuple[pa.RecordBatch, list[Issue]]:
    """``batch`` with the columns that its articles' links change, and a finding for each release that they narrow."""
    ids = batch.column("id").to_pylist()
    if not any(article in links for article in ids):
        return batch, []
    columns = {name: batch.column(name).to_pylist() for name in _TOUCHED}
    locators = pc.struct_field(batch.column("provenance"), "locator").to_pylist()
    issues: list[Issue] = []
    for row, article in enumerate(ids):
        if (link := links.get(article)) is not None:
            issues += _apply(link, article, row, columns, locators[row])
    arrays = [
        pa.array(columns[entry.name], entry.type) if entry.name in columns else batch.column(entry.name)
        for entry in batch.schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=batch.schema), issues


def _apply(link: Link, article: str, row: int, columns: dict[str, list[Any]], locator: str) -> list[Issue]:
    columns["revision_of"][row] = link.revision_of
    if link.cluster is None:
        return []
    columns["duplicate_cluster"][row] = link.cluster
    columns["quality_flags"][row] = sorted({*(columns["quality_flags"][row] or ()), NEAR_COPY_FLAG})
    if link.first != article:
        columns["derived_from"][row] = link.first
    decision, release = link.decision, columns["release"][row]
    if decision is None or decision.release == release:
        return []
    columns["release"][row] = decision.release
    columns["decision_rule"][row] = decision.rule
    columns["family"][row] = decision.family
    path, line, record = split_locator(locator)
    found = f"released as {decision.release} by {decision.rule}; alone it would be {release}"
    expected = f"as {link.cluster} allows"
    return [Issue(path, line, record, "release", "near-copy-terms", found, expected)]
