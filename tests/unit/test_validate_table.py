"""The verdict on a table: frictionless's own errors with their places."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataset_builder.errors import ConfigError, UsageError
from dataset_builder.validate import validate_table

SCHEMA = {
    "fields": [
        {"name": "id", "type": "integer", "constraints": {"required": True, "unique": True}},
        {"name": "day", "type": "date"},
        {"name": "tags", "type": "array", "arrayItem": {"type": "string"}},
    ]
}
TABLE = pa.table(
    {
        "id": pa.array([1, 2, None, 1]),
        "day": ["2024-01-05", "not a day", "2024-01-07", "2024-01-08"],
        "tags": [["a"], [], None, ["b", "c"]],
    }
)
ERRORS = [("type-error", 3, "day"), ("constraint-error", 4, "id"), ("unique-error", 5, "id")]


def verdict(report):
    return [(error.type, error.row_number, error.field_name) for error in report.errors]


def test_valid_table_has_no_errors():
    report = validate_table(TABLE.slice(0, 1), SCHEMA)
    assert report.valid
    assert report.errors == ()
    assert report.stats.rows == 1


@pytest.mark.parametrize("form", ["table", "reader", "parquet"])
def test_errors_carry_place_and_words(form, tmp_path):
    table = TABLE
    if form == "reader":
        table = pa.RecordBatchReader.from_batches(TABLE.schema, TABLE.to_batches(max_chunksize=2))
    elif form == "parquet":
        table = tmp_path / "articles.parquet"
        pq.write_table(TABLE, table)
    report = validate_table(table, SCHEMA)
    assert not report.valid
    assert verdict(report) == ERRORS
    assert report.errors[0].as_descriptor() == {
        "type": "type-error",
        "rowNumber": 3,
        "fieldNumber": 2,
        "fieldName": "day",
        "note": 'type is "date/default"',
        "message": (
            'Type error in the cell "not a day" in row "3" and field "day" at position "2": type is "date/default"'
        ),
    }


def test_limit_stops_reading():
    report = validate_table(TABLE, SCHEMA, limit_errors=1)
    assert verdict(report) == ERRORS[:1]
    assert not report.stats.complete


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_text_tables(tmp_path, suffix):
    path = tmp_path / f"articles{suffix}"
    if suffix == ".csv":
        path.write_text('id,day,tags\n1,2024-01-05,"[""a""]"\n2,not a day,[]\n', encoding="utf-8")
    else:
        rows = [{"id": 1, "day": "2024-01-05", "tags": ["a"]}, {"id": 2, "day": "not a day", "tags": []}]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert verdict(validate_table(path, SCHEMA)) == ERRORS[:1]


def test_foreign_key_to_another_table():
    schema = {
        "fields": [{"name": "source", "type": "string"}],
        "foreignKeys": [{"fields": "source", "reference": {"resource": "sources", "fields": "name"}}],
    }
    report = validate_table(
        pa.table({"source": ["ledger", "nobody"]}), schema, references={"sources": pa.table({"name": ["ledger"]})}
    )
    assert verdict(report) == [("foreign-key", 3, None)]


def test_a_referenced_key_of_the_wrong_type_is_no_key():
    schema = {
        "fields": [{"name": "cites", "type": "string"}, {"name": "page", "type": "string", "format": "uri"}],
        "foreignKeys": [{"fields": "cites", "reference": {"resource": "", "fields": "page"}}],
    }
    report = validate_table(pa.table({"cites": [" "], "page": [" "]}), schema)
    assert verdict(report) == [("type-error", 2, "page"), ("foreign-key", 2, None)]


def test_what_is_no_schema_is_refused():
    with pytest.raises(ConfigError, match="the schema is not valid"):
        validate_table(TABLE, {"fields": [{"name": "id", "type": "nonsense"}]})


def test_missing_file_is_refused():
    with pytest.raises(UsageError, match="there is no file"):
        validate_table(Path("nowhere.parquet"), SCHEMA)
