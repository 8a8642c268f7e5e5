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


def test_keys_hold_within_a_batch():
    schema = {**SCHEMA, "primaryKey": ["a"]}
    validator = BatchValidator(schema)
    for columns in ({"a": ["x"], "n": [None]}, {"a": ["x"], "n": [None]}, {"a": ["x", "x"], "n": [None, None]}):
        assert validator(batch(**columns)) == validate_table(batch(**columns), schema, limit_errors=0)
    assert not validator(batch(a=["x", "x"], n=[None, None])).valid


def test_foreign_keys_are_refused():
    keys = [{"fields": "a", "reference": {"resource": "", "fields": "n"}}]
    with pytest.raises(ValueError, match="foreign keys reach beyond"):
        BatchValidator({**SCHEMA, "foreignKeys": keys})


def test_a_table_of_many_batches_is_one_table():
    schema = {**SCHEMA, "primaryKey": ["a"]}
    parts = [batch(a=["x"], n=["1999"]), batch(a=["y"], n=["2024"]), batch(a=["x"], n=["1999"])]
    validator = BatchValidator(schema)
    for rows in (parts[:2], parts, parts[1:]):
        table = pa.Table.from_batches(rows)
        assert validator(table) == validate_table(table, schema, limit_errors=0)
    assert not validator(pa.Table.from_batches(parts)).valid


@pytest.mark.parametrize("label", ["PER", None, "XYZ"])
def test_nested_members_are_looked_at_where_asked(label):
    member = {"name": "label", "type": "string", "constraints": {"required": True, "enum": ["PER", "ORG"]}}
    schema = {"fields": [{"name": "e", "type": "array", "arrayItem": {"type": "object", "fields": [member]}}]}
    rows = pa.table({"e": [[{"label": "PER"}], [{"label": label}]]})
    validator = BatchValidator(schema, nested=True)
    assert validator(rows) == validate_table(rows, schema, limit_errors=0, nested=True)
    assert validator(rows).valid == (label == "PER")
    assert BatchValidator(schema)(rows).valid
