"""Which formats there are besides text and JSON, whose shape is the command's own."""

from __future__ import annotations

from collections.abc import Callable

from dataset_builder.findings.github import render_github
from dataset_builder.findings.gitlab import render_gitlab
from dataset_builder.findings.junit import render_junit
from dataset_builder.findings.report import Findings
from dataset_builder.findings.sarif import render_sarif

#: Name on the command line -> what writes the whole document, line feed at the end included.
FORMATS: dict[str, Callable[[Findings], str]] = {
    "github": render_github,
    "gitlab": render_gitlab,
    "junit": render_junit,
    "sarif": render_sarif,
}
