"""Plain frictionless with our plugin: Parquet read as what it is."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from frictionless import Package, Resource, Schema, system

MOMENT = dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC)
TABLE = pa.table(
    {
        "id": pa.array([2**60 + 1, None], pa.int64()),
        "tags": [["a", "b"], None],
        "place": [{"name": "Harbour", "rank": 1}, None],
        "pairs": pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())),
        "at": pa.array([MOMENT, None], pa.timestamp("us", "UTC")),
    }
)
FIELDS = [
    {"name": "id", "type": "integer"},
    {"name": "tags", "type": "array", "arrayItem": {"type": "string", "constraints": {"pattern": "[a-z]"}}},
    {"name": "place", "type": "object"},
    {"name": "pairs", "type": "object"},
    {"name": "at", "type": "datetime"},
]


@pytest.fixture
def package(tmp_path):
    """Writes a Data Package of the given tables, one resource of several files; gives the errors of its validation."""

    def validate(*tables, **members):
        paths = []
        for number, table in enumerate(tables):
            paths.append(f"part-{number}.parquet")
            pq.write_table(table, tmp_path / paths[-1])
        content = b"".join((tmp_path / path).read_bytes() for path in paths)
        members = {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}", **members}
        path = paths if len(paths) > 1 else paths[0]
        resource = {
            "name": "articles",
            "type": "table",
            "path": path,
            "format": "parquet",
            "schema": {"fields": FIELDS},
        }
        descriptor = {"name": "snapshot", "resources": [{**resource, **members}]}
        (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
        return Package(str(tmp_path / "datapackage.json")).validate()

    return validate


def test_the_loader_finds_the_plugin_first():
    assert next(iter(system.methods["create_parser"])) == "arrow"


def test_cells_are_read_as_they_are(tmp_path):
    pq.write_table(TABLE, tmp_path / "articles.parquet")
    resource = Resource(
        path="articles.parquet", basepath=str(tmp_path), schema=Schema.from_descriptor({"fields": FIELDS})
    )
    assert [list(row.values()) for row in resource.read_rows()] == [
        [2**60 + 1, ["a", "b"], {"name": "Harbour", "rank": 1}, {"k": 1}, MOMENT],
        [None] * 5,
    ]


def test_every_file_counts_once(package):
    good = TABLE.slice(0, 1)
    report = package(good, good, good, rows=3)
    assert report.valid, report.flatten(["type", "note"])
    assert report.tasks[0].stats["rows"] == 3


def test_an_error_in_a_nested_column_is_caught(package):
    bad = TABLE.slice(0, 1).set_column(1, "tags", pa.array([["a", "B!"]]))
    report = package(TABLE.slice(0, 1), bad)
    assert report.flatten(["rowNumber", "fieldName", "type"]) == [[3, "tags", "constraint-error"]]


@pytest.mark.parametrize(
    ("member", "value", "error"), [("bytes", 3, "byte-count"), ("hash", "sha256:00", "hash-count")]
)
def test_size_and_hash_are_honoured(package, member, value, error):
    assert package(TABLE.slice(0, 1), **{member: value}).flatten(["type"]) == [[error]]


def test_files_with_other_columns_are_an_error(package):
    report = package(TABLE.slice(0, 1), TABLE.slice(0, 1).drop_columns(["at"]))
    assert [error.type for error in report.tasks[0].errors] == ["source-error"]


def test_truncated_file_is_an_error(tmp_path):
    (tmp_path / "articles.parquet").write_bytes(b"PAR1")
    report = Resource(path="articles.parquet", basepath=str(tmp_path)).validate()
    assert [error.type for error in report.tasks[0].errors] == ["source-error"]
