"""Workflow commands of GitHub Actions, which the runner shows as annotations beside the files.

Source: "Workflow commands for GitHub Actions", GitHub Docs, and the escaping of ``@actions/core`` (``command.ts``):
data escapes ``%``, CR and LF; a property escapes ``:`` and ``,`` besides. What is escaped so stays on its line, so that
no title can start a command of its own; the older form of commands, ``##[``, is taken apart as in every log.
"""

from __future__ import annotations

from dataset_builder.findings.inert import inert
from dataset_builder.findings.report import Findings, error_said, told
from dataset_builder.issues import Issue, Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render_github(findings: Findings) -> str:
    """One command a finding; an error that ended the command comes first."""
    lines = [_command(findings, issue) for issue in findings.issues]
    if findings.error is not None:
        title = _property(f"{findings.command} could not go on")
        lines.insert(0, f"::error title={title}::{_data(error_said(findings.error))}")
    return "".join(f"{line}\n" for line in lines)


def _command(findings: Findings, issue: Issue) -> str:
    properties = {"file": findings.path(issue), "line": str(issue.line or ""), "title": issue.code}
    given = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
    return f"::{_COMMANDS[issue.severity]} {given}::{_data(told(issue))}"


def _data(text: str) -> str:
    return inert(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
