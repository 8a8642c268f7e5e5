"""SARIF 2.1.0, the format of static analysis results that code scanning and editors read.

Source: OASIS Standard "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", clauses 3.14 (run), 3.20
(invocation), 3.27 (result), 3.49 (reporting descriptor).
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any
from urllib.parse import quote

from dataset_builder import __version__
from dataset_builder.findings.gitlab import fingerprint
from dataset_builder.findings.inert import inert_json
from dataset_builder.findings.report import Findings, error_said, shown
from dataset_builder.issues import Issue, IssueKind

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render_sarif(findings: Findings) -> str:
    """One log with one run."""
    kinds = {issue.code: issue.kind for issue in findings.issues}
    rules = [kinds[code] for code in sorted(kinds)]
    index = {kind.code: position for position, kind in enumerate(rules)}
    seen: Counter[str] = Counter()
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "build-dataset",
                "semanticVersion": __version__,
                "rules": [_rule(kind) for kind in rules],
            }
        },
        "invocations": [_invocation(findings)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(findings, issue, index[issue.code], seen) for issue in findings.issues],
    }
    return inert_json(json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)) + "\n"


def _rule(kind: IssueKind) -> dict[str, Any]:
    return {
        "id": kind.code,
        "shortDescription": {"text": kind.summary},
        "fullDescription": {"text": kind.explanation},
        "help": {"text": f"{kind.mend}\n\nExample: {kind.example}"},
        "defaultConfiguration": {"level": str(kind.severity)},
    }


def _result(findings: Findings, issue: Issue, rule: int, seen: Counter[str]) -> dict[str, Any]:
    path = findings.some_path(issue)
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(path)}}
    if issue.line:
        physical["region"] = {"startLine": issue.line}
    return {
        "ruleId": issue.code,
        "ruleIndex": rule,
        "level": str(issue.severity),
        "message": {"text": shown(issue)},
        "locations": [{"physicalLocation": physical}],
        "partialFingerprints": {"finding/v1": fingerprint(path, issue, seen)},
    }


def _invocation(findings: Findings) -> dict[str, Any]:
    """Whether the command could do its work; a notification says why not (clause 3.20.14)."""
    if findings.error is None:
        return {"executionSuccessful": True}
    notification = {"level": "error", "message": {"text": error_said(findings.error)}}
    return {"executionSuccessful": False, "toolExecutionNotifications": [notification]}


def _uri(path: str) -> str:
    """A relative reference, or a ``file`` address for an absolute path (RFC 3986, RFC 8089)."""
    reference = quote(path, errors="backslashreplace")
    return f"file://{reference}" if path.startswith("/") else reference
