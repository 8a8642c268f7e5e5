"""The fields that dataset.yaml demands of every article."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from dataset_builder.issues import Issue
from dataset_builder.records import FINDING, finding_row
from dataset_builder.stages.contract import append_columns


@dataclass(frozen=True)
class Required:
    """Stage: a finding for each of ``fields`` that is null. A digest-only record owes no body."""

    fields: tuple[str, ...]
    name: str = "required"
    version: str = "1"
    rules: tuple[str, ...] = ()

    @property
    def reads(self) -> tuple[str, ...]:
        """The demanded columns."""
        return self.fields

    @property
    def adds(self) -> pa.Schema:
        """The findings."""
        return pa.schema([pa.field("required_findings", pa.list_(FINDING))])

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Append the findings of each row."""
        columns = {name: batch.column(name).is_null().to_pylist() for name in self.fields}
        rows = [
            [finding_row(_missing(name)) for name, absent in columns.items() if absent[row]]
            for row in range(batch.num_rows)
        ]
        return append_columns(batch, self.adds, {"required_findings": rows})


def _missing(field: str) -> Issue:
    return Issue(
        field=field, code="missing-field", found=f"no {field}", expected="dataset.yaml demands it of every article"
    )
