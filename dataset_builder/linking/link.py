"""What is known of one article's relation to others."""

from __future__ import annotations

from dataclasses import dataclass

from dataset_builder.rights.decision import Decision
from dataset_builder.schema import RELEASED


@dataclass(frozen=True, slots=True)
class Link:
    """What is known of one article.

    Attributes:
        cluster: the near copies that it is one of.
        first: id of the first of them.
        revision_of: id of the text that it revises.
        withdrawn: id of a withdrawn article whose text is nearly this one's.
        decision: what the terms of all its cluster lead to, or what such a text leads to.
        rights_class: the class of these terms, where it is another than the article's own; empty elsewhere.
        license: SPDX expression of these terms, where the class is another; None elsewhere.
        stricter: id of the member whose terms alone lead to that, where they are stricter than the article's own.
        stricter_rule: the row of the policy that decides for this member by itself.
    """

    cluster: str | None = None
    first: str | None = None
    revision_of: str | None = None
    withdrawn: str | None = None
    decision: Decision | None = None
    rights_class: str = ""
    license: str | None = None
    stricter: str | None = None
    stricter_rule: str = ""


def differs(decision: Decision, release: str, rule: str) -> bool:
    """Whether a decision changes what leaves of an article, or under whose terms; why nothing leaves is no change."""
    return decision.release != release or (release in RELEASED and decision.rule != rule)
