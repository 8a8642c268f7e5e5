"""The last step of every tabular reader: a row of plain values to a record, by the field map or a tool's preset."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dataset_builder.issues import Issue
from dataset_builder.read.context import InputFile
from dataset_builder.read.presets import Preset, adapt, recognise
from dataset_builder.read.record import RawRecord, Rejection
from dataset_builder.read.table_row import TableRow, record_of_row
from dataset_builder.visible import one_line

#: No table of articles has more; each is looked at for every row.
MAX_COLUMNS = 10_000


@dataclass
class RowReader:
    """Rows of one file to records; remembers what has been said about the file, so that it is said once."""

    file: InputFile
    _unread: set[str] = field(default_factory=set)
    _named: set[str] = field(default_factory=set)

    def record(self, values: Mapping[str, Any], *, line: int = 0, row: int = 0) -> RawRecord | Rejection:
        """The article of one row.

        Args:
            line: 1-based line of the file that the row begins on, 0 where the form has no lines.
            row: 1-based row, 0 where the line says it.
        """
        preset = recognise(self.file, values)
        file, flat = adapt(self.file, values, preset)
        place = f"#R{row}" if row else f"#L{line}"
        found = record_of_row(file, TableRow(flat, f"{file.locator}{place}", line=line, row=row), self._unread)
        if preset is not None and isinstance(found, RawRecord):
            found = replace(found, issues=(*found.issues, *self._name(preset, line, row)))
        return found

    def broken(self, found: str, expected: str, *, line: int = 0, row: int = 0) -> Rejection:
        """The rejection of a row that could not be parsed."""
        return Rejection(Issue(self.file.locator, line, row, code="broken-line", found=found, expected=expected))

    def no_header(self, problem: str, line: int = 0) -> Rejection:
        """The rejection of a table whose columns cannot be told apart."""
        expected = "column names, each once"
        return Rejection(Issue(self.file.locator, line, code="table-header", found=problem, expected=expected))

    def _name(self, preset: Preset, line: int, row: int) -> tuple[Issue, ...]:
        if preset.name in (self.file.preset, *self._named):
            return ()
        self._named.add(preset.name)
        return (Issue(self.file.locator, line, row, code="preset-used", found=f"columns as {preset.name} writes them"),)


def columns_problem(names: Sequence[str]) -> str:
    """What is wrong with the names of a table's columns; empty for nothing."""
    if len(names) > MAX_COLUMNS:
        return f"{len(names)} columns"
    doubled = sorted(name for name, count in Counter(names).items() if count > 1)
    return f"the column {one_line(doubled[0])!r} twice" if doubled else ""
