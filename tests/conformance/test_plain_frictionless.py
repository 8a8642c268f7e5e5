"""Plain frictionless, with the plugin that our wheel brings, on a snapshot of ours."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from frictionless import Package

from corpora import write_corpus
from dataset_builder.pipeline import build


@pytest.fixture
def snapshot(tmp_path):
    return build(write_corpus(tmp_path / "corpus"), tmp_path / "out").out


def errors(snapshot: Path):
    report = Package(str(snapshot / "datapackage.json")).validate()
    return report.flatten(["rowNumber", "fieldName", "type"])


def test_a_snapshot_is_valid(snapshot):
    assert errors(snapshot) == []


def test_an_error_in_a_nested_column_is_caught(snapshot):
    shard = next(iter(sorted(snapshot.glob("articles/**/*.parquet"))))
    table = pq.read_table(shard)
    wrong = pa.array([[7]] * table.num_rows, pa.list_(pa.int64()))
    pq.write_table(table.set_column(table.column_names.index("quality_flags"), "quality_flags", wrong), shard)
    found = errors(snapshot)
    assert {tuple(error[1:]) for error in found} == {("quality_flags", "type-error")}
    assert len(found) == table.num_rows
