"""Frictionless at the build's two doors: what an article must bring, and what a released table must be."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import pyarrow as pa

from dataset_builder.errors import CorpusError
from dataset_builder.issues import Issue
from dataset_builder.records import FINDING, finding_row, split_locator
from dataset_builder.resources import read_json
from dataset_builder.schema import TableSchema
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


#: Cells of a faulty shard that a message shows.
SHOWN_CELLS = 20


@dataclass(frozen=True)
class SeenShard:
    """What the gate saw in a shard.

    Attributes:
        issues: what breaks its table's schema, each where it was read.
        unique: unique field -> its values, each with the place that it came from. Only fields that a corpus declares
            unique are told: the keys of our own tables are unique by how they are made.
    """

    issues: tuple[Issue, ...] = ()
    unique: Mapping[str, tuple[tuple[Any, dict[str, Any]], ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class ReleaseGate:
    """Looks at a shard that is about to be written, by itself, in whatever process writes it.

    Attributes:
        limit: tell the first so many cells that are wrong; 0 means all.
    """

    limit: int = 0

    def __call__(self, schema: TableSchema, shard: pa.Table) -> SeenShard:
        """What is to be said about it."""
        descriptor = {key: value for key, value in schema.descriptor.items() if key != "foreignKeys"}
        report = _release_validator(json.dumps(descriptor))(shard, limit_errors=self.limit)
        issues = tuple(
            _release_issue(schema, _read_at(shard, (error.row_number or 2) - 2), error.field_name or "", error.type)
            for error in report.errors
        )
        return SeenShard(issues, {name: _values(shard, name) for name in _unique_fields(schema)})


@cache
def _release_validator(descriptor: str) -> BatchValidator:
    """Of each schema one; to prepare it takes as long as to look at some thousand rows."""
    return BatchValidator(json.loads(descriptor), nested=True)


def _unique_fields(schema: TableSchema) -> list[str]:
    key = schema.descriptor.get("primaryKey", ())
    unique = [entry["name"] for entry in schema.descriptor["fields"] if entry.get("constraints", {}).get("unique")]
    return [name for name in unique if name not in key]


def _values(shard: pa.Table, name: str) -> tuple[tuple[Any, dict[str, Any]], ...]:
    values = enumerate(shard.column(name).to_pylist())
    return tuple((value, _read_at(shard, row)) for row, value in values if value is not None)


@dataclass(frozen=True)
class ReleasedTables:
    """Takes in what the gate saw, shard by shard: what is unique is so over all shards of a table.

    Attributes:
        seen: table and unique field -> its values so far, each with the place that it came from.
    """

    seen: dict[tuple[str, str], dict[Any, str]] = field(default_factory=dict)

    def issues(self, schema: TableSchema, shard: SeenShard) -> tuple[Issue, ...]:
        """Everything that is wrong with a shard, what it repeats of earlier shards included."""
        return (*shard.issues, *self._repeated(schema, shard))

    def check(self, schema: TableSchema, shard: SeenShard) -> None:
        """Refuse a shard that breaks its table's schema: a fault that must not leave the build.

        Raises:
            CorpusError: names the first cells; the article's text is not repeated.
        """
        issues = self.issues(schema, shard)
        if not issues:
            return
        raise CorpusError(
            f"the table {schema.name} breaks its schema: {issues[0].found} in {issues[0].field}",
            expected=f"rows that follow schema/{schema.descriptor['name']}.schema.json",
            hint="check the constraints under fields in dataset.yaml; otherwise report a fault of build-dataset",
            issues=issues,
        )

    def _repeated(self, schema: TableSchema, shard: SeenShard) -> Iterator[Issue]:
        """Values of unique fields that an earlier shard has; repeats within a shard are frictionless's to find."""
        for name, values in shard.unique.items():
            earlier = self.seen.setdefault((schema.name, name), {})
            for value, place in values:
                if value in earlier:
                    yield _release_issue(schema, place, name, f"unique-error, the same as in {earlier[value]}")
            earlier.update((value, _told(place)) for value, place in values)


def _release_issue(schema: TableSchema, place: dict[str, Any], name: str, found: str) -> Issue:
    return Issue(
        **place,
        field=name,
        code="release-invalid",
        found=found,
        expected=f"a row of the table {schema.name} that follows its schema",
    )


def _read_at(table: pa.Table, row: int) -> dict[str, Any]:
    """The place of the article that a row was made of; the row itself, in a table that does not say."""
    if "provenance" not in table.column_names:
        return {"row": row + 1}
    path, line, number = split_locator(table.column("provenance")[row]["locator"].as_py())
    return {"path": path, "line": line, "row": number}


def _told(place: dict[str, Any]) -> str:
    """A place in words: the file, and the line or row where it holds more than one article."""
    numbers = (f"{name} {place[name]}" for name in ("line", "row") if place.get(name))
    return ", ".join(filter(None, (place.get("path", ""), *numbers)))
