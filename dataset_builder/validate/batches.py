"""Many batches against one schema: prepared once, and frictionless is asked only where something is suspect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from dataset_builder.validate.choosers import FIRST_ROW
from dataset_builder.validate.report import Report, Stats
from dataset_builder.validate.run import validate_table
from dataset_builder.validate.suspects import SuspectFinder
from dataset_builder.validate.table_schema import read_schema


class BatchValidator:
    """Validates batches one by one, each a table of its own: keys are compared within a batch only.

    Args:
        schema: a Table Schema without foreign keys.

    Raises:
        ConfigError: the schema is no Table Schema.
        ValueError: the schema has foreign keys.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        known = read_schema(schema)
        if known.foreign_keys:
            raise ValueError("foreign keys reach beyond the batch; validate the whole table")
        self._schema = schema
        self._names = known.field_names
        self._finder = SuspectFinder(known.fields, primary_key=known.primary_key)

    def __call__(self, batch: pa.RecordBatch, *, limit_errors: int = 0) -> Report:
        """What :func:`validate_table` says of ``batch`` alone."""
        if self._names and batch.schema.names == self._names:
            numbers = np.arange(batch.num_rows) + FIRST_ROW
            self._finder.forget()
            if not self._finder.find(batch.columns, numbers).rows.any():
                stats = Stats(rows=batch.num_rows, fields=len(self._names), errors=0)
                return Report(valid=True, errors=(), stats=stats)
        return validate_table(batch, self._schema, limit_errors=limit_errors)
