"""Many tables against one schema: prepared once, and frictionless is asked only where something is suspect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from dataset_builder.validate.choosers import FIRST_ROW
from dataset_builder.validate.nested import NestedCheck
from dataset_builder.validate.report import Report, Stats
from dataset_builder.validate.run import validate_table
from dataset_builder.validate.sources.arrow import CHUNK_ROWS
from dataset_builder.validate.suspects import SuspectFinder
from dataset_builder.validate.table_schema import read_schema


class BatchValidator:
    """Validates tables one by one, each by itself: keys are compared within a table only.

    Args:
        schema: a Table Schema without foreign keys.
        nested: also check the members that a schema of ours names in ``fields``.

    Raises:
        ConfigError: the schema is no Table Schema.
        ValueError: the schema has foreign keys.
    """

    def __init__(self, schema: Mapping[str, Any], *, nested: bool = False) -> None:
        known = read_schema(schema)
        if known.foreign_keys:
            raise ValueError("foreign keys reach beyond the table; validate it with its references")
        self._schema = schema
        self._names = known.field_names
        self._finder = SuspectFinder(known.fields, primary_key=known.primary_key)
        self._nested = nested
        self._members = NestedCheck(schema if nested else {}, self._names)

    def __call__(self, table: pa.RecordBatch | pa.Table, *, limit_errors: int = 0) -> Report:
        """What :func:`validate_table` says of ``table`` alone."""
        if self._names and table.schema.names == self._names and self._is_proven(table):
            return Report(True, (), Stats(rows=table.num_rows, fields=len(self._names), errors=0))
        return validate_table(table, self._schema, limit_errors=limit_errors, nested=self._nested)

    def _is_proven(self, table: pa.RecordBatch | pa.Table) -> bool:
        self._finder.forget()
        first = FIRST_ROW
        batches = [table] if isinstance(table, pa.RecordBatch) else table.to_batches(max_chunksize=CHUNK_ROWS)
        for batch in batches:
            numbers = np.arange(batch.num_rows) + first
            if self._finder.find(batch.columns, numbers).rows.any():
                return False
            if next(self._members.errors(batch.columns, numbers), None) is not None:
                return False
            first += batch.num_rows
        return True
