"""Find the near copies and the revisions among all articles, and decide for clusters what their terms lead to."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from dataset_builder.copies.near import cluster, cluster_name, order_of
from dataset_builder.copies.revisions import chains
from dataset_builder.engines.spool import Rows, Spool
from dataset_builder.linking.link import Link
from dataset_builder.linking.terms import with_terms
from dataset_builder.linking.traits import SpooledSignatures
from dataset_builder.progress import OnProgress, silent
from dataset_builder.rights.decision import RightsFacts
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
    clusters = cluster(SpooledSignatures(traits), order, threshold, on_progress)
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
    return with_terms(found, facts, licenses, policy or load_policy(), drop=drop)


def _facts_of(assembled: Spool, rows: Rows) -> tuple[dict[str, RightsFacts], dict[str, str]]:
    """The rights facts and the licences of the given rows, by id."""
    told = assembled.take(rows, ["id", "rights_facts", "license"]).to_pylist()
    facts = {row["id"]: facts_from_text(row["rights_facts"]) for row in told}
    return facts, {row["id"]: row["license"] or "" for row in told}
