"""Find the near copies and the revisions among all articles, and decide for clusters what their terms lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.copies.near import cluster, cluster_name, order_of
from dataset_builder.copies.revisions import chains
from dataset_builder.engines.spool import Rows, Spool
from dataset_builder.linking.link import Link
from dataset_builder.linking.terms import with_terms
from dataset_builder.linking.traits import SpooledSignatures
from dataset_builder.linking.withdrawn import set_apart
from dataset_builder.progress import OnProgress, silent
from dataset_builder.rights.decision import RightsFacts, decide
from dataset_builder.rights.facts_text import facts_from_text
from dataset_builder.rights.policy import Policy, load_policy


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
    withdrawn = pc.not_equal(assembled.column("status"), "active").to_numpy()
    clusters, like = set_apart(cluster(SpooledSignatures(traits), order, threshold, on_progress), withdrawn, order)
    members = ids.take(pa.array(clusters.rows)).to_pylist()
    for article, first in zip(members, ids.take(pa.array(clusters.representatives)).to_pylist(), strict=True):
        found[article] = Link(cluster_name(first), first)
    waiting = _named(ids, like)
    for article, gone in waiting.items():
        found[article] = replace(found.get(article, Link()), withdrawn=gone)
    pages = {name: traits.column(name) for name in ("page", "fetched_at", "date", "id")}
    later, earlier = chains(pa.table(pages))
    revisions = (ids.take(pa.array(rows)).to_pylist() for rows in (later, earlier))
    for article, revised in zip(*revisions, strict=True):
        found[article] = replace(found.get(article, Link()), revision_of=revised)
    if not members and not waiting:
        return found
    policy = policy or load_policy()
    facts, licenses = _facts_of(assembled, np.union1d(clusters.rows, np.array(list(like), np.int64)))
    for article in waiting:
        facts[article] = replace(facts[article], suspected_derived=True)
        found[article] = replace(found[article], decision=decide(facts[article], policy))
    return with_terms(found, facts, licenses, policy, drop=drop)


def _named(ids: pa.ChunkedArray, pairs: Mapping[int, int]) -> dict[str, str]:
    """The ids of pairs of rows."""
    left, right = (ids.take(pa.array(rows, pa.int64())).to_pylist() for rows in (list(pairs), list(pairs.values())))
    return dict(zip(left, right, strict=True))


def _facts_of(assembled: Spool, rows: Rows) -> tuple[dict[str, RightsFacts], dict[str, str]]:
    """The rights facts and the licences of the given rows, by id."""
    told = assembled.take(rows, ["id", "rights_facts", "license"]).to_pylist()
    facts = {row["id"]: facts_from_text(row["rights_facts"]) for row in told}
    return facts, {row["id"]: row["license"] or "" for row in told}
