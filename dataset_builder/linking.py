"""What articles have to do with each other: near copies share a cluster and its strictest terms, revisions a chain.

Stages see one article at a time; this is the fan-in after them. ``traits_of`` reduces every batch to what linking needs
to know of it, in whatever process has the batch; ``find_links`` decides once, over all of them; ``LinkedArticles`` are
the rows with the decisions in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.copies.near import anchors_of_part, cluster, cluster_name, order_of, sign
from dataset_builder.copies.revisions import PAGE_BYTES, chains, page_digests
from dataset_builder.copies.shingles import Indices
from dataset_builder.copies.signature import BANDS, BITMAP_BITS, Keys
from dataset_builder.engines.spool import Rows, Spool
from dataset_builder.issues import Issue
from dataset_builder.progress import OnProgress, silent
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


#: What is compared between articles, one row an assembled row; a withdrawn article has an id and nothing to compare.
TRAITS_SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("date", pa.date32()),
        pa.field("page", pa.binary(PAGE_BYTES)),
        pa.field("fetched_at", pa.timestamp("us", tz="UTC")),
        pa.field("bands", pa.binary(4 * BANDS), nullable=False),
        pa.field("bitmap", pa.binary(BITMAP_BITS // 8), nullable=False),
        pa.field("anchors", pa.list_(pa.uint32()), nullable=False),
        pa.field("empty", pa.bool_(), nullable=False),
    ]
)


def traits_of(batch: pa.RecordBatch) -> pa.RecordBatch:
    """What linking needs to know of an assembled batch."""
    active = pc.equal(batch.column("status"), "active")
    bodies = pc.if_else(active, batch.column("withheld_text"), None)
    page = pc.if_else(active, pc.coalesce(batch.column("canonical_url"), batch.column("url")), None)
    signed = sign(pa.table({"id": batch.column("id"), "body": bodies, "date": batch.column("date")})).signatures
    offsets = np.concatenate(([0], np.cumsum(signed.anchor_counts))).astype(np.int32)
    columns = {
        "id": batch.column("id"),
        "date": batch.column("date"),
        "page": page_digests(page),
        "fetched_at": pc.struct_field(batch.column("provenance"), "fetched_at"),
        "bands": _fixed(signed.bands),
        "bitmap": _fixed(signed.bitmaps),
        "anchors": pa.ListArray.from_arrays(pa.array(offsets), pa.array(signed.anchors, pa.uint32())),
        "empty": pa.array(signed.empty),
    }
    return pa.RecordBatch.from_arrays([columns[name] for name in TRAITS_SCHEMA.names], schema=TRAITS_SCHEMA)


def _fixed(rows: npt.NDArray[Any]) -> pa.Array:
    """The rows of a matrix as one binary value each."""
    width = rows.shape[1] * rows.itemsize
    return pa.Array.from_buffers(pa.binary(width), len(rows), [None, pa.py_buffer(np.ascontiguousarray(rows))])


def _matrix(column: pa.Array, kind: Any) -> npt.NDArray[Any]:
    """The opposite of ``_fixed``."""
    width = column.type.byte_width
    data = np.frombuffer(column.buffers()[1], np.uint8)[column.offset * width : (column.offset + len(column)) * width]
    matrix: npt.NDArray[Any] = data.view(kind).reshape(len(column), -1)
    return matrix


@dataclass(frozen=True)
class _Bitmaps:
    """The bitmaps in a spool of traits, fetched when they are asked for."""

    traits: Spool

    def __len__(self) -> int:
        return self.traits.rows

    def __getitem__(self, rows: Indices) -> npt.NDArray[np.uint8]:
        column = self.traits.take(rows, ["bitmap"]).column("bitmap")
        return _matrix(column.combine_chunks(), np.uint8)


@dataclass(frozen=True)
class _SpooledSignatures:
    """The signatures in a spool of traits; what is asked for is read, and no more is kept."""

    traits: Spool

    @property
    def empty(self) -> npt.NDArray[np.bool_]:
        empty: npt.NDArray[np.bool_] = self.traits.column("empty").to_numpy()
        return empty

    def bands(self, band: int) -> Keys:
        # Copied, for a view would keep the whole batch in memory.
        columns = [_matrix(batch.column("bands"), np.uint32)[:, band].copy() for batch in self.traits.read()]
        return np.concatenate(columns)

    def anchors(self, part: int, parts: int) -> tuple[Keys, Indices]:
        keys, rows = [np.empty(0, np.uint32)], [np.empty(0, np.int64)]
        for start, batch in zip(self.traits.batch_starts.tolist(), self.traits.read(), strict=False):
            anchors = batch.column("anchors")
            owners = pc.list_parent_indices(anchors).to_numpy().astype(np.int64) + start
            found = anchors_of_part(anchors.flatten().to_numpy(), owners, part, parts)
            keys.append(found[0])
            rows.append(found[1])
        return np.concatenate(keys), np.concatenate(rows)

    @property
    def bitmaps(self) -> _Bitmaps:
        return _Bitmaps(self.traits)


@dataclass(frozen=True, slots=True)
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


def find_links(
    assembled: Spool,
    traits: Spool,
    *,
    threshold: float = 0.8,
    drop: bool = False,
    policy: Policy | None = None,
    on_progress: OnProgress = silent,
) -> dict[str, Link]:
    """The articles that have to do with others, by id.

    Args:
        traits: row by row those of ``assembled``.
        threshold: similarity or containment from which on two articles are copies; 0 to 1.
        drop: whether copies other than the first are withheld.
        policy: decides for the terms of a cluster; the shipped one where None.
        on_progress: is told how much has been compared.
    """
    if not traits.rows:
        return {}
    found: dict[str, Link] = {}
    ids = traits.column("id")
    order = order_of(ids, traits.column("date"))
    clusters = cluster(_SpooledSignatures(traits), order, threshold, on_progress)
    members = ids.take(pa.array(clusters.rows)).to_pylist()
    for article, first in zip(members, ids.take(pa.array(clusters.representatives)).to_pylist(), strict=True):
        found[article] = Link(cluster_name(first), first)
    pages = {name: traits.column(name) for name in ("page", "fetched_at", "date", "id")}
    later, earlier = chains(pa.table(pages))
    revisions = (ids.take(pa.array(rows)).to_pylist() for rows in (later, earlier))
    for article, revised in zip(*revisions, strict=True):
        found[article] = replace(found.get(article, Link()), revision_of=revised)
    if not members:
        return found
    facts, licenses = _facts_of(assembled, clusters.rows)
    return _with_terms(found, facts, licenses, policy or load_policy(), drop=drop)


def _with_terms(
    found: dict[str, Link],
    facts: Mapping[str, RightsFacts],
    licenses: Mapping[str, str],
    policy: Policy,
    *,
    drop: bool,
) -> dict[str, Link]:
    """Every member of a cluster with the decision that the whole cluster's terms lead to."""
    members: dict[str, list[str]] = {}
    for article, link in sorted(found.items(), key=lambda entry: entry[0]):
        if link.cluster is not None:
            members.setdefault(link.cluster, []).append(article)
    for cluster_members in members.values():
        terms = _ClusterTerms.of(cluster_members, facts, licenses, policy)
        for article in cluster_members:
            link = terms.of_member(found[article], facts[article], licenses[article])
            if drop and article != link.first and link.decision is not None and link.decision.release in RELEASED:
                dropped = replace(link.decision, release="metadata", rule=DROPPED_RULE, family=None)
                link = replace(link, decision=dropped)
            found[article] = link
    return found


@dataclass
class _ClusterTerms:
    """The terms of one cluster's members. Members with the same facts have the same terms, which are settled once.

    Attributes:
        distinct: facts of the members that have a text -> the first of them.
        license: the licences of these members together.
    """

    distinct: dict[RightsFacts, str]
    license: str
    policy: Policy
    settled: dict[RightsFacts, Link] = field(default_factory=dict)

    @classmethod
    def of(
        cls, members: Sequence[str], facts: Mapping[str, RightsFacts], licenses: Mapping[str, str], policy: Policy
    ) -> _ClusterTerms:
        """The terms of ``members``, which are sorted by id."""
        distinct: dict[RightsFacts, str] = {}
        for article in members:
            if facts[article].has_text:
                distinct.setdefault(facts[article], article)
        license_ = conjunction(licenses[article] for article in members if facts[article].has_text)
        return cls(distinct, license_, policy)

    def of_member(self, link: Link, own: RightsFacts, license: str) -> Link:
        """``link`` with the decision that the whole cluster's terms lead to for a member with these facts."""
        if own not in self.settled:
            held = inherit(own, tuple(self.distinct))
            decision = decide(held, self.policy)
            stricter, rule = self._stricter(own, decision)
            other = held.rights_class if held.rights_class != own.rights_class else ""
            self.settled[own] = Link(decision=decision, rights_class=other, stricter=stricter, stricter_rule=rule)
        terms = self.settled[own]
        return replace(
            terms,
            cluster=link.cluster,
            first=link.first,
            revision_of=link.revision_of,
            license=conjunction([license, self.license]) or None if terms.rights_class else None,
        )

    def _stricter(self, own: RightsFacts, decision: Decision) -> tuple[str | None, str]:
        """The first member whose terms alone make the decision the cluster's, and its rule; none where it is no news.

        A cluster takes in its own member too: what it inherits from itself changes nothing.
        """
        alone = decide(own, self.policy)
        if not differs(decision, alone.release, alone.rule):
            return None, ""
        for facts, article in self.distinct.items():
            if decide(inherit(own, (facts,)), self.policy).rule == decision.rule:
                return article, decide(facts, self.policy).rule
        return None, ""


def differs(decision: Decision, release: str, rule: str) -> bool:
    """Whether a decision changes what leaves of an article, or under whose terms; why nothing leaves is no change."""
    return decision.release != release or (release in RELEASED and decision.rule != rule)


def _facts_of(assembled: Spool, rows: Rows) -> tuple[dict[str, RightsFacts], dict[str, str]]:
    """The rights facts and the licences of the given rows, by id."""
    told = assembled.take(rows, ["id", "rights_facts", "license"]).to_pylist()
    facts = {row["id"]: facts_from_text(row["rights_facts"]) for row in told}
    return facts, {row["id"]: row["license"] or "" for row in told}


@dataclass(frozen=True)
class LinkedArticles:
    """Assembled rows with what their links change, numbered as in the spool. It may travel to a worker."""

    spool: Spool
    links: Mapping[str, Link]

    @property
    def rows(self) -> int:
        """How many there are."""
        return self.spool.rows

    @property
    def batch_starts(self) -> Rows:
        """The number of the first row of every batch, and of the row after the last."""
        return self.spool.batch_starts

    def read(self, first: int = 0, last: int | None = None) -> Iterator[pa.RecordBatch]:
        """The batches from number ``first`` to before ``last``."""
        return (apply_links(batch, self.links) for batch in self.spool.read(first, last))

    def take(self, rows: Rows, columns: Sequence[str] | None = None) -> pa.Table:
        """The given rows, in that order, each column in one piece; all columns where none are named."""
        whole = columns is None or not self.links
        wanted = columns if whole else list(dict.fromkeys([*(columns or ()), "id", *_TOUCHED]))
        table = self.spool.take(rows, wanted)
        if not self.links or not table.num_rows:
            return table
        (batch,) = table.to_batches()
        linked = pa.Table.from_batches([apply_links(batch, self.links)])
        return linked if columns is None else linked.select(list(columns))

    def issues(self) -> Iterator[Issue]:
        """A finding for each release that a link narrows."""
        if not self.links:
            return
        linked = pa.array(sorted(self.links), pa.string())
        for batch in self.spool.read():
            rows = np.flatnonzero(pc.is_in(batch.column("id"), value_set=linked).to_numpy(zero_copy_only=False))
            if len(rows):
                yield from narrowed_releases(batch.take(pa.array(rows)), self.links)


def apply_links(batch: pa.RecordBatch, links: Mapping[str, Link]) -> pa.RecordBatch:
    """``batch`` with the columns that its articles' links change."""
    ids = batch.column("id").to_pylist()
    if not any(article in links for article in ids):
        return batch
    columns = {name: batch.column(name).to_pylist() for name in _TOUCHED}
    bare = [False] * batch.num_rows
    for row, article in enumerate(ids):
        if (link := links.get(article)) is not None:
            bare[row] = _apply(link, article, row, columns) and not (link.decision and link.decision.annotate)
    return pa.RecordBatch.from_arrays(list(_changed(batch, columns, bare)), schema=batch.schema)


def _changed(batch: pa.RecordBatch, columns: dict[str, list[Any]], bare: list[bool]) -> Iterator[pa.Array]:
    """The columns of ``batch``, changed as ``columns`` say; without annotations where ``bare`` is true."""
    for row, without in enumerate(bare):
        if without:
            steps = columns["transformations"][row] or ()
            columns["transformations"][row] = [step for step in steps if step != "annotated"]
    for entry in batch.schema:
        if entry.name in columns:
            yield pa.array(columns[entry.name], entry.type)
        elif entry.name == "entities" and any(bare):
            yield pc.if_else(pa.array(bare), pa.nulls(batch.num_rows, entry.type), batch.column(entry.name))
        else:
            yield batch.column(entry.name)


def _apply(link: Link, article: str, row: int, columns: dict[str, list[Any]]) -> bool:
    """Write a link into its row; whether other terms hold by it."""
    columns["revision_of"][row] = link.revision_of
    if link.cluster is None:
        return False
    columns["duplicate_cluster"][row] = link.cluster
    columns["quality_flags"][row] = sorted({*(columns["quality_flags"][row] or ()), NEAR_COPY_FLAG})
    if link.first != article:
        columns["derived_from"][row] = link.first
    decision = link.decision
    if decision is None or not differs(decision, columns["release"][row], columns["decision_rule"][row]):
        return False
    columns["release"][row] = decision.release
    columns["decision_rule"][row] = decision.rule
    columns["family"][row] = decision.family
    if link.rights_class and decision.release in RELEASED:
        columns["rights_class"][row], columns["license"][row] = link.rights_class, link.license
    return True


def narrowed_releases(batch: pa.RecordBatch, links: Mapping[str, Link]) -> Iterator[Issue]:
    """A finding for each article of an assembled batch whose release its link narrows."""
    locators = pc.struct_field(batch.column("provenance"), "locator").to_pylist()
    told = (batch.column(name).to_pylist() for name in ("id", "release", "decision_rule"))
    for article, release, rule, locator in zip(*told, locators, strict=True):
        link = links.get(article, Link())
        if link.cluster is not None and link.decision is not None and differs(link.decision, release, rule):
            path, line, record = split_locator(locator)
            held = f"released as {link.decision.release} by {link.decision.rule}"
            found = f"{held}; alone it would be {release} by {rule}"
            expected = f"as {link.cluster} allows"
            yield Issue(path, line, record, "release", "near-copy-terms", found, expected)
