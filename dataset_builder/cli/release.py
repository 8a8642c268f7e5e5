"""What is released and what is withheld, as lines for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataset_builder.describe.facts import Accounts, LicenseRow

#: Lines of sources and licences that are shown: what is released must fit a screen to be read.
_SHOWN = 20
_PARTS = ("released", "withheld", "rejected", "merged", "withdrawn")


def accounts_line(accounts: Accounts) -> str:
    """``read 3 = released 1 + withheld 2 + …``."""
    return f"read {accounts.read} = " + " + ".join(f"{name} {getattr(accounts, name)}" for name in _PARTS)


def withheld_by_rule(licenses: Sequence[LicenseRow]) -> list[tuple[str, int]]:
    """(rule, articles) of what is not released, most first."""
    counts: dict[str, int] = {}
    for row in licenses:
        if not row.released:
            counts[row.decision_rule] = counts.get(row.decision_rule, 0) + row.articles
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def release_lines(licenses: Sequence[LicenseRow], *, reasons: bool = False, policy: str | None = None) -> list[str]:
    """One line for each source and licence that is released (of many, the largest), and for each rule that withholds.

    Args:
        reasons: whether a rule is followed by its reason, in the words of the policy.
        policy: path of the corpus's own policy; None for the shipped one.
    """
    rows = [row for row in licenses if row.released]
    large = rows if len(rows) <= _SHOWN else sorted(rows, key=lambda row: -row.articles)[:_SHOWN]
    released = [
        f"  released {row.articles}: {row.source}, {row.license or 'no license'}{_as(row.release)}" for row in large
    ]
    if others := len(rows) - len(large):
        rest = sum(row.articles for row in rows) - sum(row.articles for row in large)
        released.append(f"  released {rest}: {others} more sources and licenses; build-dataset check --json lists all")
    withheld = [
        f"  withheld {count}: {rule}" + (f", {reason}" if reasons and (reason := reason_of(rule, policy)) else "")
        for rule, count in withheld_by_rule(licenses)
    ]
    return [*released, *withheld]


def _as(release: str) -> str:
    return "" if release == "full" else f", as {release}"


def reason_of(rule: str, policy: str | None = None) -> str:
    """The policy's own words for a rule; empty for one that is not the policy's, such as a dropped copy."""
    from dataset_builder.rights.policy import load_policy

    known = load_policy(policy).by_id.get(rule)
    return known.reason if known else ""
