"""How findings, errors and summaries look in a terminal and as JSON. Data is shown on one line, controls escaped."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby
from typing import Any

import typer

from dataset_builder.errors import DatasetBuilderError
from dataset_builder.issues import Issue, Severity
from dataset_builder.visible import one_line

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
_SHOWN_PER_KIND = 5


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def print_error(error: DatasetBuilderError, *, as_json: bool) -> None:
    """An error for people on standard error, or as JSON on standard output."""
    if as_json:
        document = {
            "error": {
                "type": type(error).__name__,
                "place": error.place,
                "found": error.found,
                "expected": error.expected,
                "hint": error.hint,
            },
            "issues": [issue.as_dict() for issue in error.issues],
        }
        print_json(document)
        return
    if error.issues:
        print_issues(error.issues)
    place = f"{one_line(error.place, 300)}: " if error.place else ""
    typer.echo(f"error: {place}{one_line(error.found, 400)}", err=True)
    for label, text in (("expected", error.expected), ("to mend it", error.hint)):
        if text:
            typer.echo(f"  {label}: {one_line(text, 400)}", err=True)


def print_issues(issues: Iterable[Issue]) -> None:
    """Findings on standard error, grouped by kind, errors first; of each kind the first few."""
    ordered = sorted(issues, key=lambda issue: (_RANK[issue.severity], issue.code, issue))
    for code, group in groupby(ordered, key=lambda issue: issue.code):
        found = list(group)
        kind = found[0].kind
        count = f" ({len(found)})" if len(found) > 1 else ""
        typer.echo(f"{kind.severity} {code}{count}: {kind.summary}", err=True)
        for issue in found[:_SHOWN_PER_KIND]:
            typer.echo(f"  {describe(issue)}", err=True)
        if len(found) > _SHOWN_PER_KIND:
            typer.echo(f"  … and {len(found) - _SHOWN_PER_KIND} more", err=True)
        typer.echo(f"  to mend it: {kind.mend}", err=True)


def describe(issue: Issue) -> str:
    """A finding on one line: place, what was found, what was expected, a hint of its own."""
    parts = [place_of(issue)]
    text = ": ".join(part for part in (issue.field and one_line(issue.field, 60), one_line(issue.found, 160)) if part)
    parts.append(text)
    if issue.expected:
        parts.append(f"expected {one_line(issue.expected, 160)}")
    if issue.hint:
        parts.append(one_line(issue.hint, 160))
    return "; ".join(part for part in parts if part)


def place_of(issue: Issue) -> str:
    """``path:line`` or ``path, row N``, as far as it is known."""
    if issue.line:
        return f"{one_line(issue.path, 200)}:{issue.line}"
    return one_line(issue.path, 200) + (f", row {issue.row}" if issue.row else "")
