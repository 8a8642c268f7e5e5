"""Errors of a validation as findings: the cell and its place on one line, never the row around it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import yaml

from dataset_builder.issues import Issue
from dataset_builder.resources import schema_file
from dataset_builder.validate.report import Report, RowError
from dataset_builder.visible import one_line

#: How much of a cell a finding shows.
CELL_WIDTH = 80
#: Errors whose note says what was expected of a cell; the notes of others say what was found.
_OF_EXPECTATIONS = frozenset({"type-error", "constraint-error", "nested-error"})

#: The file and the line, 0 where unknown, that a row of the table comes from; rows count as frictionless counts them.
Places = Callable[[int], tuple[str, int]]


def to_issues(report: Report, *, path: str = "", places: Places | None = None, show_cells: bool = True) -> list[Issue]:
    """The errors of ``report`` in their order.

    Args:
        report: a validation's report.
        path: the table's file, as findings name it.
        places: where the rows come from, for tables made of articles: findings then name the article's file and line.
        show_cells: whether findings quote the cell, cut to a line; False for reports that are published.
    """
    return [_issue(error, path, places, show_cells) for error in report.errors]


def _issue(error: RowError, path: str, places: Places | None, show_cells: bool) -> Issue:
    row, line = error.row_number or 0, 0
    if places is not None and row:
        path, line = places(row)
    return Issue(
        path=path,
        line=line,
        row=row,
        field=one_line(error.field_name or _column(error), CELL_WIDTH),
        code=_codes().get(error.type, "table-error"),
        found=_found(error) if show_cells or not row else "",
        expected=one_line(error.note, 2 * CELL_WIDTH) if error.type in _OF_EXPECTATIONS else "",
    )


def _found(error: RowError) -> str:
    """The cell, the key or the label that is wrong, and what frictionless says is wrong with it."""
    descriptor = error.descriptor
    shown = next((str(descriptor[member]) for member in ("cell", "label") if member in descriptor), None)
    if shown is None:
        shown = ", ".join(map(str, descriptor.get("fieldCells", ())))
    shown = one_line(shown, CELL_WIDTH)
    said = "" if error.type in _OF_EXPECTATIONS else one_line(error.note, 2 * CELL_WIDTH)
    return ", ".join(filter(None, (shown, said)))


def _column(error: RowError) -> str:
    """The fields of a key, or the position where a cell has no field."""
    if names := error.descriptor.get("fieldNames"):
        return ", ".join(names)
    return f"column {error.field_number}" if error.field_number else ""


@cache
def _codes() -> dict[str, str]:
    """frictionless's error type -> our code."""
    codes: dict[str, str] = yaml.safe_load(schema_file("validate", "error-codes.yaml").read_text(encoding="utf-8"))
    return codes
