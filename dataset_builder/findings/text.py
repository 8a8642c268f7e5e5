"""Findings for people: grouped by kind, errors first; within a kind in the order of the files."""

from __future__ import annotations

from itertools import groupby

from dataset_builder.findings.inert import inert
from dataset_builder.findings.report import Findings, said
from dataset_builder.issues import Issue, Severity

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
#: Findings of one kind that are shown where not all are asked for: what is wrong must fit a screen to be read.
SHOWN = {Severity.ERROR: 20, Severity.WARNING: 5, Severity.NOTE: 5}
#: Findings that are shown of all kinds together; where there are many kinds, each shows fewer, and at least one.
MOST_SHOWN = 60
#: Where the rest of many errors is found.
_ASK = "; --json lists every one"


def render_text(findings: Findings, *, every: bool = False) -> str:
    """The findings as lines; what concerns a whole kind is said once."""
    ordered = sorted(findings.issues, key=lambda issue: (_RANK[issue.severity], issue.code, issue))
    groups = [list(group) for _, group in groupby(ordered, key=lambda issue: issue.code)]
    most = len(ordered) if every else _most(groups)
    lines = (_kind(findings, group[: _shown(group, most, every)], group) for group in groups)
    return "".join(f"{line}\n" for kind in lines for line in kind)


def _most(groups: list[list[Issue]]) -> int:
    """How many of each kind may be shown, so that all of it can be read."""
    most = max(SHOWN.values())
    while most > 1 and sum(_shown(group, most, False) for group in groups) > MOST_SHOWN:
        most -= 1
    return most


def _shown(group: list[Issue], most: int, every: bool) -> int:
    return len(group) if every else min(len(group), most, SHOWN[group[0].severity])


def _kind(findings: Findings, shown: list[Issue], issues: list[Issue]) -> list[str]:
    kind = issues[0].kind
    count = f" ({len(issues)})" if len(issues) > 1 else ""
    rest = _ASK if kind.severity is Severity.ERROR else ""
    more = [f"  … and {len(issues) - len(shown)} more{rest}"] if len(issues) > len(shown) else []
    return [
        f"{kind.severity} {kind.code}{count}: {kind.summary}",
        *(f"  - {_one(findings, issue)}" for issue in shown),
        *more,
        f"  to mend it: {kind.mend}",
    ]


def _one(findings: Findings, issue: Issue) -> str:
    return inert("; ".join(part for part in (findings.place(issue), said(issue)) if part))
