"""What is the matter with the snapshot: the findings of ``verify`` by kind, without the words that they found.

A snapshot that does not verify may have been tampered with, so what stands in it is counted and placed, not quoted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from dataset_builder.describe.escape import one_line
from dataset_builder.issues import Issue, IssueKind, Severity

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
#: Places of one kind that are named.
_MOST_PLACES = 5


@dataclass(frozen=True)
class FindingsOfKind:
    """All findings with one code: how many, and where the first ones are."""

    kind: IssueKind
    count: int
    places: tuple[str, ...]


def by_kind(issues: Iterable[Issue]) -> list[FindingsOfKind]:
    """The findings grouped by code, errors first."""
    ordered = sorted(issues, key=lambda issue: (_RANK[issue.severity], issue.code, issue))
    groups = ((code, list(group)) for code, group in groupby(ordered, key=lambda issue: issue.code))
    return [
        FindingsOfKind(group[0].kind, len(group), tuple(dict.fromkeys(map(_place, group)))[:_MOST_PLACES])
        for _, group in groups
    ]


def _place(issue: Issue) -> str:
    line = f", line {issue.line}" if issue.line else f", row {issue.row}" if issue.row else ""
    return one_line(f"{issue.path}{line}{f', {issue.field}' if issue.field else ''}")
