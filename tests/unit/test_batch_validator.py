"""Batches against a prepared schema: as if each were validated alone."""

from __future__ import annotations

import pyarrow as pa
import pytest

from dataset_builder.validate import validate_table
from dataset_builder.validate.batches import BatchValidator

SCHEMA = {"fields": [{"name": "a", "type": "string", "constraints": {"required": True}}, {"name": "n", "type": "year"}]}


def batch(**columns):
    return pa.RecordBatch.from_pydict(columns)


@pytest.mark.parametrize(
    "columns",
    [
        {"a": ["x", "y"], "n": ["2024", None]},
        {"a": ["x", None], "n": ["2024", "soon"]},
        {"a": pa.array([], pa.string()), "n": pa.array([], pa.string())},
        {"n": ["2024"], "a": ["x"]},
        {"a": ["x"]},
    ],
)
def test_the_report_is_that_of_the_batch_alone(columns):
    validator = BatchValidator(SCHEMA)
    assert validator(batch(**columns)) == validate_table(batch(**columns), SCHEMA, limit_errors=0)
    assert validator(batch(**columns)) == validate_table(batch(**columns), SCHEMA, limit_errors=0)


def test_keys_are_refused():
    with pytest.raises(ValueError, match="keys reach across batches"):
        BatchValidator({**SCHEMA, "primaryKey": ["a"]})
