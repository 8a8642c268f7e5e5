"""GitLab's Code Quality report, which a merge request shows.

Source: "Code Quality", GitLab Docs, section "Code Quality report format": an array of objects with ``description``,
``check_name``, ``fingerprint``, ``severity``, ``location.path`` and ``location.lines.begin``, all of them required;
paths are relative to the repository and do not begin with ``./``.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter

from dataset_builder.findings.inert import inert_json
from dataset_builder.findings.report import Findings, told
from dataset_builder.issues import Issue, Severity

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render_gitlab(findings: Findings) -> str:
    """The report; an error without findings leaves it empty, as the job's own failure says the rest."""
    seen: Counter[str] = Counter()
    return inert_json(json.dumps([_entry(findings, issue, seen) for issue in findings.issues], indent=2)) + "\n"


def _entry(findings: Findings, issue: Issue, seen: Counter[str]) -> dict[str, object]:
    path = findings.some_path(issue)
    return {
        "description": told(issue),
        "check_name": issue.code,
        "fingerprint": fingerprint(path, issue, seen),
        "severity": _SEVERITIES[issue.severity],
        "location": {"path": path, "lines": {"begin": issue.line or 1}},
    }


def fingerprint(path: str, issue: Issue, seen: Counter[str]) -> str:
    """64 hexadecimal digits that stay when lines are moved; ``seen`` tells equal findings in one file apart."""
    key = json.dumps([path, issue.code, issue.field, issue.found, issue.expected])
    seen[key] += 1
    return hashlib.sha256(f"{key}{seen[key]}".encode()).hexdigest()
