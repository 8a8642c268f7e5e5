"""One statement about rights in somebody's dataset, read as a statement about an article is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dataset_builder.issues import Issue
from dataset_builder.lint.folder import names
from dataset_builder.rights.reading import UNKNOWN, LicenseReading, read_license
from dataset_builder.visible import one_line

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
#: SPDX 2.3, 10.1: a licence that only this dataset knows.
_OWN = re.compile(r"LicenseRef-[A-Za-z0-9.-]{1,200}")
_OPERATORS = frozenset({"AND", "OR", "WITH"})


@dataclass(frozen=True, slots=True)
class Stated:
    """Words and where they stand.

    Attributes:
        path: the file, below the folder.
        line, row: 1-based, 0 where unknown.
        field: the member, the column or the heading.
        words: the statement, as it stands.
        rows: how many rows say so; 0 for a statement about the whole dataset.
    """

    path: str
    field: str
    words: str
    line: int = 0
    row: int = 0
    rows: int = 0

    @property
    def reading(self) -> LicenseReading:
        """What it says."""
        return read_license(self.words, field=self.field, line=self.line)

    @property
    def is_empty(self) -> bool:
        """Whether it says that nothing is said."""
        return self.words.strip().casefold().strip(" .") in {"", *names("no_license")}

    @property
    def licenses(self) -> frozenset[str]:
        """The identifiers of its expression; none where it is not understood."""
        found = _IDENTIFIER.findall(self.reading.expression or "")
        return frozenset(found) - _OPERATORS

    @property
    def counted(self) -> str:
        """How many rows say so, for people."""
        return f"{self.rows:,} row{'' if self.rows == 1 else 's'}"

    def findings(self) -> Iterator[Issue]:
        """What is wrong with the statement alone."""
        reading = self.reading
        code = "lint-rows-invalid" if self.rows else "lint-license-invalid"
        counted = f" ({self.counted}, the first is named)" if self.rows > 1 else ""
        if _OWN.fullmatch(self.words.strip()):
            hint = "say where the terms of this name stand, by license_link or by a licence's path"
            yield self.issue("lint-license-unclear", f"{self.words.strip()}{counted}", "a licence that is known", hint)
            return
        if reading.kind == UNKNOWN and reading.expression is None:
            hint = next((issue.hint for issue in reading.findings if issue.hint), "")
            yield self.issue(code, f"{one_line(self.words, 200)}{counted}", "a licence that is known", hint)
            return
        for issue in reading.findings:
            yield self.issue("lint-license-unclear", f"{issue.found}{counted}", issue.expected, issue.hint)

    def issue(self, code: str, found: str, expected: str = "", hint: str = "") -> Issue:
        """A finding at its place."""
        return Issue(self.path, self.line, self.row, self.field, code, one_line(found, 300), expected, hint)
