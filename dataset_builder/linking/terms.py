"""What the members of a cluster owe each other: each is released as the strictest terms among them allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dataset_builder.linking.link import Link, differs
from dataset_builder.rights.collection import conjunction
from dataset_builder.rights.decision import Decision, RightsFacts, decide, inherit
from dataset_builder.rights.policy import Policy
from dataset_builder.schema import RELEASED

#: A near copy that is not its cluster's first is not released where dataset.yaml says ``duplicates: {action: drop}``.
DROPPED_RULE = "near-copy-dropped"


def with_terms(
    found: dict[str, Link],
    facts: Mapping[str, RightsFacts],
    licenses: Mapping[str, str],
    policy: Policy,
    *,
    drop: bool,
) -> dict[str, Link]:
    """Every member of a cluster with the decision that the whole cluster's terms lead to.

    Args:
        found: all links, by the article's id.
        facts: what the decision depends on, by id, of all members of clusters.
        licenses: SPDX expressions, by id, of the same.
        drop: whether members other than the first are withheld.
    """
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
            withdrawn=link.withdrawn,
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
