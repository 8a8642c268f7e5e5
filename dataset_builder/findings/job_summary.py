"""The summary of a GitHub job: Markdown that is added to the file that ``GITHUB_STEP_SUMMARY`` names.

Source: "Adding a job summary", in "Workflow commands for GitHub Actions", GitHub Docs; a step may write 1 MiB. Values
stand in code spans, where they are no markup, notify nobody and link nothing.
"""

from __future__ import annotations

from itertools import groupby

from dataset_builder.describe.escape import Markdown, code, escape_markdown, fenced, table
from dataset_builder.findings.report import Findings, count_by_severity, error_said, said

#: Findings of one kind that are listed; the annotations have more.
SHOWN = 3
#: Kinds that are listed; with three findings of 900 characters each a table of them stays below 1 MiB.
KINDS = 100


def render_job_summary(findings: Findings, summary: str) -> str:
    """Verdict and accounts as the command tells them, and a table of the findings by kind, worst first."""
    counts = count_by_severity(findings.issues)
    told = ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for name, count in counts.items())
    parts = [f"## {escape_markdown(findings.command)}: {told}"]
    if findings.error is not None:
        parts.append(f"It could not go on: {code(error_said(findings.error))}")
    if summary:
        parts.append(fenced(summary, "text"))
    if findings.issues:
        parts.append(table(("", "Finding", "How many", "Where", "To mend it"), _rows(findings)))
    return "\n\n".join(parts) + "\n\n"


def _rows(findings: Findings) -> list[tuple[object, ...]]:
    rank = {"error": 0, "warning": 1, "note": 2}
    ordered = sorted(findings.issues, key=lambda issue: (rank[issue.severity], issue.code, issue))
    rows: list[tuple[object, ...]] = []
    for name, group in groupby(ordered, key=lambda issue: issue.code):
        issues = list(group)
        kind = issues[0].kind
        places = [f"{findings.place(issue)} {said(issue)}".strip() for issue in issues[:SHOWN]]
        where = "; ".join(code(place) for place in places if place)
        more = f" and {len(issues) - SHOWN} more" if len(issues) > SHOWN else ""
        rows.append((str(kind.severity), code(name), len(issues), Markdown(where + more), kind.mend))
    return rows[:KINDS]
