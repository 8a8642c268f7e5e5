"""What articles have to do with each other: near copies share a cluster and its strictest terms, revisions a chain.

Stages see one article at a time; this is the fan-in after them. ``narrow`` reduces a batch to what has to be known of
it, ``add`` takes that in, ``links`` decides once, ``apply_links`` writes the decisions into the batches on their second
way past.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.copies import NearCopies, SignedArticles, link_revisions, sign
from dataset_builder.issues import Issue
from dataset_builder.records import split_locator
from dataset_builder.rights.collection import conjunction
from dataset_builder.rights.decision import Decision, RightsFacts, decide, inherit
from dataset_builder.rights.facts_text import facts_from_text
from dataset_builder.rights.policy import Policy, load_policy
from dataset_builder.schema import RELEASED

#: A near copy that is not its cluster's first is not released where dataset.yaml says ``duplicates: {action: drop}``.
DROPPED_RULE = "near-copy-dropped"
NEAR_COPY_FLAG = "near-copy"
#: Columns that a link may change.
_TOUCHED = (
    "duplicate_cluster", "derived_from", "revision_of", "release", "decision_rule", "family", "quality_flags",
    "license", "rights_class", "transformations",
)  # fmt: skip


@dataclass(frozen=True)
class Link:
    """What is known of one article.

    Attributes:
        cluster: the near copies that it is one of.
        first: id of the first of them.
        revision_of: id of the text that it revises.
        decision: what the terms of all its cluster lead to.
        rights_class: the class of these terms, where it is another than the article's own; empty elsewhere.
        license: SPDX expression of these terms, where the class is another; None elsewhere.
        stricter: id of the member whose terms alone lead to that, where they are stricter than the article's own.
        stricter_rule: the row of the policy that decides for this member by itself.
    """

    cluster: str | None = None
    first: str | None = None
    revision_of: str | None = None
    decision: Decision | None = None
    rights_class: str = ""
    license: str | None = None
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
        policy: decides for the terms of a cluster.
    """

    threshold: float = 0.8
    drop: bool = False
    policy: Policy = field(default_factory=load_policy)
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
        facts, licenses = _facts_of_members(found, batches)
        members: dict[str, list[str]] = {}
        for article, link in sorted(found.items()):
            if link.cluster is not None:
                members.setdefault(link.cluster, []).append(article)
        for cluster in members.values():
            for article in cluster:
                others = {other: facts[other] for other in cluster if other != article and facts[other].has_text}
                held = inherit(facts[article], tuple(others.values()))
                decision = decide(held, self.policy)
                link = _with_stricter(found[article], facts[article], others, decision, self.policy)
                if held.rights_class != facts[article].rights_class:
                    terms = (licenses[member] for member in (article, *others))
                    link = replace(link, rights_class=held.rights_class, license=conjunction(terms) or None)
                if self.drop and article != link.first and decision.release in RELEASED:
                    decision = replace(decision, release="metadata", rule=DROPPED_RULE, family=None)
                found[article] = replace(link, decision=decision)
        return found


def differs(decision: Decision, release: str, rule: str) -> bool:
    """Whether a decision changes what leaves of an article, or under whose terms; why nothing leaves is no change."""
    return decision.release != release or (release in RELEASED and decision.rule != rule)


def _with_stricter(
    link: Link, own: RightsFacts, others: dict[str, RightsFacts], decision: Decision, policy: Policy
) -> Link:
    """``link`` with the first member whose terms alone make the article's decision the cluster's."""
    alone = decide(own, policy)
    if not differs(decision, alone.release, alone.rule):
        return link
    for other, facts in others.items():
        if decide(inherit(own, (facts,)), policy).rule == decision.rule:
            return replace(link, stricter=other, stricter_rule=decide(facts, policy).rule)
    return link


def _facts_of_members(
    found: dict[str, Link], batches: Iterable[pa.RecordBatch]
) -> tuple[dict[str, RightsFacts], dict[str, str]]:
    """The facts and the licences of all members of clusters, by id."""
    wanted = pa.array([article for article, link in found.items() if link.cluster], pa.string())
    facts: dict[str, RightsFacts] = {}
    licenses: dict[str, str] = {}
    for batch in batches:
        rows = batch.select(["id", "rights_facts", "license"]).filter(pc.is_in(batch.column("id"), value_set=wanted))
        for row in rows.to_pylist():
            facts[row["id"]] = facts_from_text(row["rights_facts"])
            licenses[row["id"]] = row["license"] or ""
    return facts, licenses


def apply_links(batch: pa.RecordBatch, links: dict[str, Link]) -> tuple[pa.RecordBatch, list[Issue]]:
    """``batch`` with the columns that its articles' links change, and a finding for each release that they narrow."""
    ids = batch.column("id").to_pylist()
    if not any(article in links for article in ids):
        return batch, []
    columns = {name: batch.column(name).to_pylist() for name in _TOUCHED}
    locators = pc.struct_field(batch.column("provenance"), "locator").to_pylist()
    bare = [False] * batch.num_rows
    issues: list[Issue] = []
    for row, article in enumerate(ids):
        if (link := links.get(article)) is not None:
            narrowed = _apply(link, article, row, columns, locators[row])
            bare[row] = bool(narrowed) and link.decision is not None and not link.decision.annotate
            issues += narrowed
    return pa.RecordBatch.from_arrays(list(_changed(batch, columns, bare)), schema=batch.schema), issues


def _changed(batch: pa.RecordBatch, columns: dict[str, list[Any]], bare: list[bool]) -> Iterator[pa.Array]:
    """The columns of ``batch``, changed as ``columns`` say; without annotations where ``bare`` is true."""
    for row, without in enumerate(bare):
        if without:
            columns["transformations"][row] = [step for step in columns["transformations"][row] if step != "annotated"]
    for entry in batch.schema:
        if entry.name in columns:
            yield pa.array(columns[entry.name], entry.type)
        elif entry.name == "entities" and any(bare):
            yield pc.if_else(pa.array(bare), pa.nulls(batch.num_rows, entry.type), batch.column(entry.name))
        else:
            yield batch.column(entry.name)


def _apply(link: Link, article: str, row: int, columns: dict[str, list[Any]], locator: str) -> list[Issue]:
    columns["revision_of"][row] = link.revision_of
    if link.cluster is None:
        return []
    columns["duplicate_cluster"][row] = link.cluster
    columns["quality_flags"][row] = sorted({*(columns["quality_flags"][row] or ()), NEAR_COPY_FLAG})
    if link.first != article:
        columns["derived_from"][row] = link.first
    decision, release, rule = link.decision, columns["release"][row], columns["decision_rule"][row]
    if decision is None or not differs(decision, release, rule):
        return []
    columns["release"][row] = decision.release
    columns["decision_rule"][row] = decision.rule
    columns["family"][row] = decision.family
    if link.rights_class and decision.release in RELEASED:
        columns["rights_class"][row], columns["license"][row] = link.rights_class, link.license
    path, line, record = split_locator(locator)
    found = f"released as {decision.release} by {decision.rule}; alone it would be {release} by {rule}"
    expected = f"as {link.cluster} allows"
    return [Issue(path, line, record, "release", "near-copy-terms", found, expected)]
