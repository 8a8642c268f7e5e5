"""Differential tests: the same errors, in the same order, with the same words, as stock frictionless."""

from __future__ import annotations

import csv
import io
import json
import os
from unittest import mock

import pyarrow as pa
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from validation_cases import TEXT, cases, field_of
from validation_oracle import native, oracle, oracle_of_file

from dataset_builder.errors import ConfigError
from dataset_builder.validate import validate_table

#: Examples of each test; `VALIDATION_EXAMPLES=2000` before a release.
EXAMPLES = int(os.environ.get("VALIDATION_EXAMPLES", "150"))
MANY = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


def ours(table, schema, **options):
    try:
        return [dict(error.descriptor) for error in validate_table(table, schema, **options).errors]
    except ConfigError:
        return "refused"


def in_batches(table, rows):
    """The table as a stream of small batches, so that keys repeat across chunks."""
    return pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=rows))


@MANY
@given(cases())
def test_arrow_tables_get_frictionless_verdicts(case):
    table, schema, cut = case
    assert ours(in_batches(table, cut), schema) == oracle(native(table), schema)


@MANY
@given(cases(), st.integers(1, 4))
def test_the_limit_cuts_where_frictionless_cuts(case, limit):
    table, schema, cut = case
    assert ours(in_batches(table, cut), schema, limit_errors=limit) == oracle(native(table), schema, limit_errors=limit)


@MANY
@given(cases(), st.data())
def test_foreign_keys_get_frictionless_verdicts(case, data):
    table, schema, cut = case
    # A key of arrays or objects has no verdict: whether frictionless fails on it hangs on what it has read before.
    names = [field["name"] for field in schema["fields"] if field["type"] not in ("array", "object", "list", "geojson")]
    assume(names)
    keys = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    to_itself = data.draw(st.booleans())
    target = data.draw(st.permutations(names))[: len(keys)]
    reference = {"resource": "" if to_itself else "others", "fields": target}
    schema = {**schema, "foreignKeys": [{"fields": keys[: len(target)], "reference": reference}]}
    picked = data.draw(st.lists(st.integers(0, max(0, table.num_rows - 1)), max_size=min(4, table.num_rows)))
    others = table.take(pa.array(picked, pa.int64()))
    known = {key: value for key, value in schema.items() if key != "foreignKeys"}
    got = ours(in_batches(table, cut), schema, references={"others": (others, known)})
    assert got == oracle(native(table), schema, references={"others": (native(others), known)})


@MANY
@given(data=st.data())
def test_ragged_csv_files_get_frictionless_verdicts(data, tmp_path_factory):
    schema = {"fields": [data.draw(field_of(name)) for name in "abc"]}
    if data.draw(st.booleans()):
        schema["primaryKey"] = (
            ["a"] if schema["fields"][0]["type"] not in ("array", "object", "list", "geojson") else []
        )
    rows = data.draw(st.lists(st.lists(TEXT, max_size=4), max_size=8))
    rows = [rows[data.draw(st.integers(0, len(rows) - 1))] for _ in rows]
    text = io.StringIO()
    csv.writer(text).writerows([["a", "b", "c"], *rows])
    path = tmp_path_factory.mktemp("csv") / "table.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    with mock.patch("dataset_builder.validate.chunks.CHUNK_ROWS", data.draw(st.integers(1, 4))):
        got = ours(path, schema)
    assert got == oracle_of_file(path, schema)


@MANY
@given(data=st.data())
def test_json_lines_get_frictionless_verdicts(data, tmp_path_factory):
    schema = {"fields": [data.draw(field_of(name)) for name in "ab"]}
    values = st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.integers(-2, 9), st.floats(), TEXT),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("ab"), inner, max_size=2)),
        max_leaves=4,
    )
    rows = data.draw(st.lists(st.fixed_dictionaries({}, optional={"a": values, "b": values}), max_size=6))
    rows = [{"a": None, "b": None}, *rows]
    path = tmp_path_factory.mktemp("jsonl") / "table.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    cells = [["a", "b"], *[[row.get("a"), row.get("b")] for row in map(json.loads, path.read_text().splitlines())]]
    with mock.patch("dataset_builder.validate.chunks.CHUNK_ROWS", data.draw(st.integers(1, 4))):
        got = ours(path, schema)
    assert got == oracle(cells, schema, name="table")
