"""What every format renders: findings, and where their files lie as seen from the folder that the command runs in."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dataset_builder.errors import DatasetBuilderError
from dataset_builder.issues import Issue
from dataset_builder.visible import one_line

#: Code points of a value that a message quotes.
QUOTED = 300
#: Longer than any path of an operating system.
_PATH = 100_000


@dataclass(frozen=True)
class Findings:
    """The outcome of one command.

    Attributes:
        issues: in the order in which they are shown.
        command: what was run, as ``build-dataset NAME``.
        base: the folder that paths are relative to, in POSIX form; empty for the current one. Forges want paths from
            the root of the repository, which is where their jobs run.
        anchor: the file below ``base`` that stands for the whole, where a finding concerns no file.
        error: what the command ended with, if it could not go on.
    """

    issues: tuple[Issue, ...]
    command: str
    base: str = ""
    anchor: str = "dataset.yaml"
    error: DatasetBuilderError | None = None

    def path(self, issue: Issue) -> str:
        """The file of a finding, as seen from the current folder; empty where it concerns none."""
        return self._below(issue.path) if issue.path else ""

    def some_path(self, issue: Issue) -> str:
        """As :meth:`path`, with the anchor for a finding that concerns no file."""
        return self._below(issue.path or self.anchor)

    def place(self, issue: Issue) -> str:
        """``path:line`` or ``path, row N``, on one line, as far as it is known."""
        path = one_line(self.path(issue), QUOTED)
        if issue.line:
            return f"{path}:{issue.line}"
        return path + (f", row {issue.row}" if issue.row else "")

    def _below(self, path: str) -> str:
        is_address = "://" in path  # no path of a corpus holds two slashes
        seen = f"{self.base.rstrip('/')}/{path}" if self.base and not is_address else path
        return one_line(seen, _PATH)  # readers refuse names with controls; no format relies on it


def base_of(folder: Path) -> str:
    """``folder`` as seen from the current one, in POSIX form; absolute where it lies elsewhere."""
    absolute = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would leave a linked folder's own name
    try:
        relative = absolute.relative_to(Path.cwd())
    except ValueError:
        return absolute.as_posix()
    return "" if relative == Path() else relative.as_posix()


def said(issue: Issue) -> str:
    """A finding's own words on one line: field, what was found, what was expected, a hint of its own."""
    found = ": ".join(part for part in (one_line(issue.field, 60), one_line(issue.found, QUOTED)) if part)
    expected = f"expected {one_line(issue.expected, QUOTED)}" if issue.expected else ""
    return "; ".join(part for part in (found, expected, one_line(issue.hint, QUOTED)) if part)


def told(issue: Issue) -> str:
    """A finding in full, for a reader who sees nothing else: what its code means, its own words, how to mend it."""
    mend = "" if issue.hint else issue.kind.mend
    return " ".join(part for part in (shown(issue), mend) if part)


def shown(issue: Issue) -> str:
    """What a code means and a finding's own words, with the row where a format knows lines only."""
    row = f"row {issue.row}: " if issue.row and not issue.line else ""
    return f"{issue.kind.summary} {_sentence(row + said(issue))}".strip()


def error_said(error: DatasetBuilderError) -> str:
    """An error on one line: place, what was found, what was expected, what to do."""
    place = f"{one_line(error.place, QUOTED)}: " if error.place else ""
    parts = [f"{place}{one_line(error.found, QUOTED)}"]
    parts += [f"expected {one_line(error.expected, QUOTED)}"] if error.expected else []
    parts += [one_line(error.hint, QUOTED)] if error.hint else []
    return "; ".join(parts)


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "…", "!", "?")) else f"{text}."


def count_by_severity(issues: Iterable[Issue]) -> dict[str, int]:
    """Severity -> number of findings, worst first, zeros included."""
    counts = dict.fromkeys(("error", "warning", "note"), 0)
    for issue in issues:
        counts[issue.severity] += 1
    return counts
