"""Frictionless as the judge: its own validation, over the rows that are not proven good.

A dialect is what cuts the rows of a table out of its cells. Ours leaves out the rows that Arrow has proven good and
keeps the numbers of the others, so that frictionless itself drives, stops at its limit of errors, and speaks its own
words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from frictionless import Checklist, Dialect, FrictionlessException, Report
from frictionless.resources import TableResource

#: A row as frictionless numbers it, and its cells.
NumberedRow = tuple[int, list[Any]]
#: Chooses the rows to judge out of those that the dialect found.
Choose = Callable[[Iterator[NumberedRow]], Iterator[NumberedRow]]


class SuspectDialect(Dialect):
    """A dialect that gives frictionless only the rows that are chosen for it."""

    _choose: Choose | None = None

    def choose(self, choose: Choose) -> None:
        """Set what chooses the rows; it starts when frictionless asks for the first row."""
        self._choose = choose

    def __bool__(self) -> bool:
        # Frictionless replaces a dialect that it takes for empty.
        return True

    def read_fragment(self, sample: list[list[Any]]) -> list[list[Any]]:
        """The rows of the sample, all of them: they are there to detect the header and the schema."""
        return [cells for _, cells in Dialect.read_enumerated_content_stream(self, sample)]

    def read_enumerated_content_stream(self, cell_stream: Iterable[list[Any]]) -> Iterator[NumberedRow]:
        """The chosen rows with their original numbers."""
        rows = Dialect.read_enumerated_content_stream(self, cell_stream)
        return rows if self._choose is None else self._choose(rows)


class SeedBlindChecklist(Checklist):
    """Frictionless's checks, deaf to errors of rows that were given only for their keys."""

    seeds: set[int]

    def match(self, error: Any) -> bool:
        """Whether the error counts."""
        return getattr(error, "row_number", None) not in self.seeds and bool(super().match(error))


def judge(
    resource: TableResource,
    *,
    limit_errors: int,
    seeds: set[int],
    before: Callable[[], None],
    checklist: Checklist | None = None,
) -> Report:
    """Validate ``resource`` as frictionless does.

    Args:
        resource: a table whose dialect is a :class:`SuspectDialect`.
        limit_errors: stop after so many errors; 0 means never.
        seeds: row numbers whose errors do not count; may grow while the rows are read.
        before: called once the header and the schema are known, before the first row.
        checklist: which errors are wanted; all of the baseline by default.
    """
    wanted = checklist or Checklist()
    deaf = SeedBlindChecklist(pick_errors=wanted.pick_errors, skip_errors=wanted.skip_errors)
    deaf.seeds = seeds
    try:
        resource.open()  # type: ignore[no-untyped-call]
    except FrictionlessException:
        # The same happens again inside, and becomes part of the report.
        return resource.validate(deaf, limit_errors=limit_errors)
    before()
    return resource.validate(deaf, limit_errors=limit_errors)
