"""A finding: a value that says what is the matter with the data, where, and how to mend it.

The codes and their severities stand in ``schema/issues/*.yaml``, one file an area; ``docs/reference/issues.md`` is made
from them. Only errors change an exit code.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from dataset_builder.resources import read_yaml, schema_files


class Severity(StrEnum):
    """How much a finding weighs; only errors change the exit code."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class IssueKind:
    """One entry of the catalogue of findings.

    Attributes:
        code: kebab-case identifier, stable across versions.
        severity: what the finding does to the exit code.
        summary: one line, true of every finding with this code.
        explanation: why it matters.
        example: an input that causes it.
        mend: what the reader does about it.
    """

    code: str
    severity: Severity
    summary: str
    explanation: str
    example: str
    mend: str


@dataclass(frozen=True, slots=True, order=True)
class Issue:
    """One finding.

    Attributes:
        path: the file it was found in, relative to the corpus, in POSIX form; ``""`` where no file is concerned.
        line: 1-based line in that file, or 0.
        row: 1-based row of the table for tabular input, or 0.
        field: the field concerned, or ``""``.
        code: key into the catalogue.
        found: what was there, already cut to a line.
        expected: what should have been there.
        hint: how to mend this one; the catalogue's ``mend`` holds where it is empty.
    """

    path: str = ""
    line: int = 0
    row: int = 0
    field: str = ""
    code: str = ""
    found: str = ""
    expected: str = ""
    hint: str = ""

    @property
    def severity(self) -> Severity:
        """The severity that the catalogue gives to this code."""
        return issue_kinds()[self.code].severity

    @property
    def kind(self) -> IssueKind:
        """The catalogue's entry for this code."""
        return issue_kinds()[self.code]

    def as_dict(self) -> dict[str, Any]:
        """The finding as one JSON object; empty members are left out."""
        members: dict[str, Any] = {"code": self.code, "severity": str(self.severity), "summary": self.kind.summary}
        for name in ("path", "line", "row", "field", "found", "expected"):
            if value := getattr(self, name):
                members[name] = value
        members["hint"] = self.hint or self.kind.mend
        return members


@cache
def issue_kinds() -> dict[str, IssueKind]:
    """The catalogue of findings, by code."""
    kinds: dict[str, IssueKind] = {}
    for resource in schema_files("issues", ".yaml"):
        for code, entry in read_yaml(resource).items():
            if code in kinds:
                raise ValueError(f"issue code {code} is defined twice, the second time in {resource.name}")
            kinds[code] = IssueKind(code=code, **{**entry, "severity": Severity(entry["severity"])})
    return kinds
