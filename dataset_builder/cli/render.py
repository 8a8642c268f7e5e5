"""The options ``--output-format`` and ``--json``, and what a command's outcome looks like in each format.

The chosen format is all there is on standard output, so that it can be sent to a file; whatever else is to be said goes
to standard error. An error takes the same way as findings do.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from dataset_builder.errors import DatasetBuilderError
    from dataset_builder.findings.report import Findings
    from dataset_builder.issues import Issue


#: What a terminal obeys or does not show, and JSON allows in a string: control and format characters (C0 has escapes
#: anyhow), line separators, lone surrogates; and the second of ``##``, with which a command of a build server begins.
#: Their escapes are JSON as well.
_HIDDEN = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0001-\U000e007f]|(?<=#)#"
)


class OutputFormat(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    GITLAB = "gitlab"
    JUNIT = "junit"
    SARIF = "sarif"


FormatOption = Annotated[
    OutputFormat | None, typer.Option("--output-format", help="How findings are written; default text.")
]
EveryOption = Annotated[bool, typer.Option("--all", help="Show every warning and note, not the first of each kind.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document; short for --output-format json.")]


@dataclass(frozen=True)
class Output:
    """Where a command's outcome goes.

    Attributes:
        format: as chosen.
        command: what was run, as ``build-dataset NAME``.
        folder: the corpus or the snapshot; paths of findings lie below it.
        anchor: the file that stands for the whole of it.
        every: whether text shows every finding, not the first of each kind.
    """

    format: OutputFormat
    command: str
    folder: Path
    anchor: str = "dataset.yaml"
    every: bool = False

    @classmethod
    def chosen(cls, format_: OutputFormat | None, as_json: bool, command: str, folder: Path, **rest: Any) -> Output:
        """What the two options say together.

        Raises:
            UsageError: they contradict each other.
        """
        if as_json and format_ not in (None, OutputFormat.JSON):
            from dataset_builder.errors import UsageError

            raise UsageError(f"--json and --output-format {format_}", expected="one of the two")
        return cls(OutputFormat.JSON if as_json else format_ or OutputFormat.TEXT, command, folder, **rest)

    def show(self, issues: tuple[Issue, ...], document: dict[str, Any], summary: str, *, aloud: bool = False) -> None:
        """A command's outcome.

        Args:
            document: the command's own JSON members; the findings are added as ``issues``.
            summary: for people; on standard error where something else has standard output.
            aloud: whether text findings are the outcome itself and go to standard output.
        """
        findings = self._findings(issues)
        if self.format is OutputFormat.TEXT:
            self._text(findings, err=not aloud)
            say(summary)
        elif self.format is OutputFormat.JSON:
            # What validate prints is frictionless's own report, whose errors say it all.
            print_json(document if "errors" in document else {**document, "issues": [i.as_dict() for i in issues]})
        else:
            self._foreign(findings)
            self._job_summary(findings, summary)
            say(summary, err=True)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Show an error that ends the command in the chosen format, and leave with its exit code."""
        from dataset_builder.errors import DatasetBuilderError

        try:
            yield
        except DatasetBuilderError as error:
            self._fail(error)
            raise typer.Exit(error.exit_code) from error

    def _fail(self, error: DatasetBuilderError) -> None:
        if self.format is OutputFormat.JSON:
            print_error(error, as_json=True)
            return
        findings = replace(self._findings(error.issues), error=error)
        if self.format is OutputFormat.TEXT:
            self._text(findings, err=True)
            if [issue.found for issue in error.issues] == [error.found]:
                return  # the finding has said all of it
        else:
            self._foreign(findings)
            self._job_summary(findings, "")
        print_error(error, as_json=False)

    def _findings(self, issues: tuple[Issue, ...]) -> Findings:
        from dataset_builder.findings.report import Findings, base_of

        return Findings(issues, self.command, base_of(self.folder), self.anchor)

    def _text(self, findings: Findings, *, err: bool) -> None:
        from dataset_builder.findings.text import render_text

        typer.echo(render_text(findings, every=self.every), nl=False, err=err)

    def _job_summary(self, findings: Findings, summary: str) -> None:
        """What GitHub shows on the job's own page; the runner names the file."""
        place = os.environ.get("GITHUB_STEP_SUMMARY") if self.format is OutputFormat.GITHUB else None
        if not place:
            return
        from dataset_builder.findings.job_summary import render_job_summary

        try:
            with Path(place).open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(render_job_summary(findings, summary))
        except OSError as error:  # the annotations are there all the same
            say(f"GITHUB_STEP_SUMMARY cannot be written: {error.strerror or error}", err=True)

    def _foreign(self, findings: Findings) -> None:
        from dataset_builder.findings.formats import FORMATS

        typer.echo(FORMATS[self.format](findings), nl=False)


def print_json(value: Any) -> None:
    """One JSON document on standard output, in characters that it can take."""
    ascii_only = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    text = json.dumps(value, indent=2, ensure_ascii=ascii_only, default=str)
    typer.echo(_HIDDEN.sub(_escaped, text))


def say(text: str, *, err: bool = False, color: bool | None = None) -> None:
    """Lines for people; a build server that keeps them as its log finds no command in them, and a terminal neither."""
    from dataset_builder.findings.inert import inert, visible_lines

    typer.echo(inert(text if color else visible_lines(text)), err=err, color=color)


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}" if match[0] in "\x7f#" else json.dumps(match[0])[1:-1]


def error_document(error: DatasetBuilderError) -> dict[str, Any]:
    """An error as one JSON object."""
    members = {name: getattr(error, name) for name in ("place", "found", "expected", "hint")}
    return {
        "error": {"type": type(error).__name__, **members},
        "issues": [issue.as_dict() for issue in error.issues],
    }


def print_error(error: DatasetBuilderError, *, as_json: bool) -> None:
    """An error's own words for people on standard error, or all of it as JSON on standard output."""
    if as_json:
        print_json(error_document(error))
        return
    from dataset_builder.visible import one_line

    place = f"{one_line(error.place, 300)}: " if error.place else ""
    say(f"error: {place}{one_line(error.found, 400)}", err=True)
    for label, text in (("expected", error.expected), ("to mend it", error.hint)):
        if text:
            say(f"  {label}: {one_line(text, 400)}", err=True)
