"""Findings that tests render: one of every kind that a format treats differently, and names that attack a reader."""

from __future__ import annotations

from dataclasses import replace

from dataset_builder.errors import ConfigError
from dataset_builder.findings.report import Findings
from dataset_builder.issues import Issue

#: What a stranger could name a file, or write into a title, to be taken for something else.
HOSTILE = (
    "::set-output name=x::y",
    "a,line=9::b%0A::error::forged",
    "two\nlines\r::warning::forged",
    "##[set-env name=PATH]/tmp",
    "</failure><script>alert(1)</script>",
    "]]><!-- \"'&amp;",
    '","fingerprint":"0',
    "\x1b[31mred\x07\x00\x85\u2028",
    "\u202egnp.exe\u200b",
    "\udc80\ufffe\U0001f6a2",
)


def made_findings() -> Findings:
    """An ordinary outcome: three severities, a line, a row, no file at all, two findings alike, a name with spaces."""
    return Findings(
        (
            Issue(code="config-default", field="created", found="created is not declared", expected="assumed: nothing"),
            Issue(
                "dataset.yaml", 7, field="sources.email", code="no-takedown-contact", found="the source has no email"
            ),
            Issue("ledger/2024/a b, c.txt", 3, field="license", code="front-matter-invalid", found="50 % of it: [x"),
            Issue("ledger/2024/a b, c.txt", 4, field="license", code="front-matter-invalid", found="50 % of it: [x"),
            Issue("wire.parquet", row=12, field="title", code="no-title", found="no title"),
            *(Issue(f"quai/{number}.txt", field="date", code="date-missing", found="no date") for number in range(7)),
        ),
        "build-dataset check",
        base="corpora/harbour",
    )


def hostile_findings() -> Findings:
    """Every hostile name as path, field and words of a finding, and as what ended the command."""
    issues = tuple(
        Issue(name, number, field=name, code="unknown-field", found=name, expected=name, hint=name)
        for number, name in enumerate(HOSTILE)
    )
    error = ConfigError(HOSTILE[2], expected=HOSTILE[1], hint=HOSTILE[0], place=HOSTILE[7])
    return replace(made_findings(), issues=issues, error=error)
