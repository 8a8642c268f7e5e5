"""Frictionless at the build's two doors: what an article must bring, and what a released table must be."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa

from dataset_builder.errors import CorpusError
from dataset_builder.issues import Issue
from dataset_builder.records import FINDING, finding_row, split_locator
from dataset_builder.resources import read_json
from dataset_builder.schema import TableSchema
from dataset_builder.validate import validate_table
from dataset_builder.validate.batches import BatchValidator
from dataset_builder.validate.report import RowError


@dataclass(frozen=True)
class IntakeGate:
    """Checks raw records against ``schema/intake.schema.json``; adds a column ``intake_findings``.

    Keys across batches are not its matter: exact copies were merged before, and unknown sources rejected.
    """

    _schema: dict[str, Any] = field(default_factory=lambda: _without_keys(read_json("intake.schema.json")))

    @cached_property
    def _columns(self) -> list[str]:
        return [entry["name"] for entry in self._schema["fields"]]

    @cached_property
    def _validator(self) -> BatchValidator:
        return BatchValidator(self._schema)

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """``batch`` with the findings of each row."""
        report = self._validator(batch.select(self._columns))
        findings: list[list[dict[str, Any]]] = [[] for _ in range(batch.num_rows)]
        for error in report.errors:
            # The header is row 1, as in frictionless.
            findings[(error.row_number or 2) - 2].append(finding_row(_intake_issue(error)))
        column = pa.array(findings, type=pa.list_(FINDING))
        return batch.append_column(pa.field("intake_findings", pa.list_(FINDING)), column)


def _without_keys(descriptor: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in descriptor.items() if key not in ("primaryKey", "foreignKeys")}


def _intake_issue(error: RowError) -> Issue:
    return Issue(
        field=error.field_name or "", code="intake-invalid", found=error.note, expected="schema/intake.schema.json"
    )


def first_released_issues(schema: TableSchema, table: pa.Table) -> tuple[Issue, ...]:
    """As many of ``released_issues`` as a message shows."""
    return released_issues(schema, table, limit=20)


def refuse_released(schema: TableSchema, issues: tuple[Issue, ...]) -> None:
    """Refuse a table that breaks its own schema: a fault of the build that must not leave it.

    Raises:
        CorpusError: names the first cells; the article's text is not repeated.
    """
    raise CorpusError(
        f"the table {schema.name} breaks its schema: {issues[0].found} in {issues[0].field}",
        expected=f"rows that follow schema/{schema.descriptor['name']}.schema.json",
        hint="check the constraints under fields in dataset.yaml; otherwise report a fault of build-dataset",
        issues=issues,
    )


def released_issues(schema: TableSchema, table: pa.Table, *, limit: int = 0) -> tuple[Issue, ...]:
    """What in a released table breaks its own schema: the first ``limit`` cells, or all; each where it was read."""
    descriptor = {key: value for key, value in schema.descriptor.items() if key != "foreignKeys"}
    report = validate_table(table, descriptor, limit_errors=limit, nested=True)
    return tuple(
        Issue(
            **_read_at(table, (error.row_number or 2) - 2),
            field=error.field_name or "",
            code="release-invalid",
            found=error.type,
            expected=f"a row of the table {schema.name} that follows its schema",
        )
        for error in report.errors
    )


def _read_at(table: pa.Table, row: int) -> dict[str, Any]:
    """The place of the article that a row was made of; the row itself, in a table that does not say."""
    if "provenance" not in table.column_names:
        return {"row": row + 1}
    path, line, number = split_locator(table.column("provenance")[row]["locator"].as_py())
    return {"path": path, "line": line, "row": number}
