"""The last step before packing: from the stages' columns to the columns of ``schema/article.schema.json``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.schema import TableSchema, conform

#: Routing columns that travel beside the released ones and are written nowhere.
ROUTING = pa.schema(
    [pa.field("family", pa.string()), pa.field("withheld_text", pa.string()), pa.field("rights_facts", pa.string())]
)


#: A flag that begins so accuses a named publisher; it stays in the findings, which are private.
SUSPICION = "suspected-"


@dataclass(frozen=True)
class Assemble:
    """Turns a batch that has been through all stages into released columns.

    Attributes:
        schema: the articles' schema.
        normalization: name and version of the cleaning rules, for the provenance.
    """

    schema: TableSchema
    normalization: str

    @property
    def output(self) -> pa.Schema:
        """The released columns and the routing columns after them."""
        arrow = self.schema.arrow
        return pa.schema([*arrow, *ROUTING], metadata=arrow.metadata)

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The article columns of each row, and the routing columns after them."""
        columns = [self._column(batch, field) for field in self.schema.arrow]
        columns += [batch.column("family"), batch.column("body"), batch.column("rights_facts")]
        return pa.RecordBatch.from_arrays(columns, schema=self.output)

    def _column(self, batch: pa.RecordBatch, field: pa.Field) -> pa.Array:
        made: dict[str, Callable[[pa.RecordBatch], pa.Array]] = {
            "body_sha256": _body_digests,
            "provenance": lambda rows: self._provenance(rows, field.type),
            "transformations": _transformations,
            "quality_flags": _quality_flags,
        }
        if field.name in made:
            return conform(made[field.name](batch), field.type)
        if field.name in batch.schema.names:
            return conform(batch.column(field.name), field.type)
        return pa.nulls(batch.num_rows, field.type)

    def _provenance(self, batch: pa.RecordBatch, target: pa.DataType) -> pa.Array:
        gathered = {
            **{name: batch.column(name) for name in batch.schema.names},
            "locator": _first_locators(batch),
            "origins": _gather(batch, "_origins", target.field("origins").type),
            "normalization": pa.array([self.normalization] * batch.num_rows),
        }
        members = [conform(gathered[member.name], member.type) for member in target]
        return pa.StructArray.from_arrays(members, fields=list(target))


def _body_digests(batch: pa.RecordBatch) -> pa.Array:
    bodies = batch.column("body").to_pylist()
    return pa.array(
        [None if body is None else hashlib.sha256(body.encode()).hexdigest() for body in bodies], pa.string()
    )


def _first_locators(batch: pa.RecordBatch) -> pa.Array:
    return pc.struct_field(pc.list_element(batch.column("sightings"), 0), "locator")


def _gather(batch: pa.RecordBatch, suffix: str, target: pa.DataType) -> pa.Array:
    """One list a row of what all columns with this suffix hold."""
    names = [name for name in batch.schema.names if name.endswith(suffix)]
    columns = [batch.column(name).to_pylist() for name in names]
    return pa.array(
        [[item for cell in row for item in (cell or ())] for row in zip(*columns, strict=True)], type=target
    )


def _quality_flags(batch: pa.RecordBatch) -> pa.Array:
    gathered = _gather(batch, "_flags", pa.list_(pa.string())).to_pylist()
    public = [sorted({flag for flag in flags if not flag.startswith(SUSPICION)}) for flags in gathered]
    return pa.array(public, type=pa.list_(pa.string()))


def _transformations(batch: pa.RecordBatch) -> pa.Array:
    """What was done to the text, in order."""
    extracted = batch.column("extraction").to_pylist()
    cleaned = [bool(edits) for edits in batch.column("edits").to_pylist()]
    annotated = [entities is not None for entities in batch.column("entities").to_pylist()]
    rows: list[list[str]] = []
    for extraction, edits, entities in zip(extracted, cleaned, annotated, strict=True):
        steps = [("extracted", extraction is not None), ("cleaned", edits), ("annotated", entities)]
        rows.append([step for step, done in steps if done])
    return pa.array(rows, type=pa.list_(pa.string()))


def findings_of(batch: pa.RecordBatch) -> list[list[dict[str, Any]]]:
    """The findings of each row, of all stages, in the order of the stages."""
    names = [name for name in batch.schema.names if name.endswith("_findings")]
    columns = [batch.column(name).to_pylist() for name in names]
    return [[finding for cell in row for finding in (cell or ())] for row in zip(*columns, strict=True)]
