"""Our own suite of nested Parquet files: what frictionless finds in them, and what the check of nested members adds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataset_builder.issues import Issue
from dataset_builder.validate import validate_table
from dataset_builder.validate.findings import to_issues

ENTITY = pa.struct([("text", pa.string()), ("start", pa.int64()), ("labels", pa.list_(pa.string()))])
ENTITIES = {
    "name": "entities",
    "type": "array",
    "arrayItem": {
        "type": "object",
        "constraints": {"required": True},
        "fields": [
            {"name": "text", "type": "string", "constraints": {"required": True}},
            {"name": "start", "type": "integer", "constraints": {"minimum": 0}},
            {
                "name": "labels",
                "type": "array",
                "arrayItem": {"type": "string", "constraints": {"enum": ["PER", "ORG"]}},
            },
        ],
    },
}
PROVENANCE = {
    "name": "provenance",
    "type": "object",
    "fields": [
        {"name": "sha256", "type": "string", "constraints": {"required": True, "pattern": "[0-9a-f]{4}"}},
        {"name": "origin", "type": "object", "fields": [{"name": "line", "type": "integer"}]},
    ],
}


def entity(text="Ann", start=0, labels=("PER",)):
    return {"text": text, "start": start, "labels": list(labels)}


#: A row without any value is one error, whatever its fields require.
BLANK_3, BLANK_4 = (3, None, None), (4, None, None)

#: name: (Arrow type, cells, field, errors of frictionless, errors of nested members)
CASES = {
    "lists of structs": (
        pa.list_(ENTITY),
        [[entity()], [entity(), None], None, []],
        ENTITIES,
        [(3, "entities", 'array item constraint "required" is "True"'), BLANK_4],
        [],
    ),
    "members of structs in lists": (
        pa.list_(ENTITY),
        [[entity(), entity(start=-1)], [entity(text=None)], [entity(labels=["PER", "LOC"])]],
        ENTITIES,
        [],
        [
            (2, "entities[1].start", 'constraint "minimum" is "0"'),
            (3, "entities[0].text", 'constraint "required" is "True"'),
            (4, "entities[0].labels[1]", "constraint \"enum\" is \"['PER', 'ORG']\""),
        ],
    ),
    "structs in structs": (
        pa.struct([("sha256", pa.string()), ("origin", pa.struct([("line", pa.string())]))]),
        [{"sha256": "00ff", "origin": {"line": "1"}}, {"sha256": "x", "origin": {"line": "one"}}, None],
        PROVENANCE,
        [BLANK_4],
        [
            (3, "provenance.sha256", 'constraint "pattern" is "[0-9a-f]{4}"'),
            (3, "provenance.origin.line", 'type is "integer/default"'),
        ],
    ),
    "members that the file does not have": (
        pa.struct([("origin", pa.struct([("line", pa.int64())]))]),
        [{"origin": None}],
        PROVENANCE,
        [],
        [(2, "provenance.sha256", 'constraint "required" is "True"')],
    ),
    "maps are objects": (
        pa.map_(pa.string(), pa.int64()),
        [[("a", 1)], [("a", 1), ("b", 2)]],
        {"name": "counts", "type": "object", "constraints": {"maxLength": 1}},
        [(3, "counts", 'constraint "maxLength" is "1"')],
        [],
    ),
    "lengths of lists": (
        pa.list_(pa.int64()),
        [[1], [], [1, 2, 3]],
        {"name": "pages", "type": "array", "constraints": {"minLength": 1, "maxLength": 2}},
        [(3, "pages", 'constraint "minLength" is "1"'), (4, "pages", 'constraint "maxLength" is "2"')],
        [],
    ),
    "integers with nulls stay integers": (
        pa.int64(),
        [2**53 + 1, None, 2**53 + 2],
        {"name": "n", "type": "integer", "constraints": {"maximum": 2**53 + 1}},
        [BLANK_3, (4, "n", f'constraint "maximum" is "{2**53 + 1}"')],
        [],
    ),
    "null timestamps break required": (
        pa.timestamp("ns", "Asia/Kolkata"),
        [dt.datetime(2024, 1, 1, tzinfo=dt.UTC), None],
        {"name": "at", "type": "datetime", "constraints": {"required": True}},
        [BLANK_3],
        [],
    ),
    "decimals": (
        pa.decimal128(5, 2),
        [Decimal("1.50"), Decimal("2.50")],
        {"name": "price", "type": "number", "constraints": {"maximum": 2}},
        [(3, "price", 'constraint "maximum" is "2"')],
        [],
    ),
}


def found(report):
    return [(error.row_number, error.field_name, error.note or None) for error in report.errors]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("group_rows", [1, 100])
def test_nested_parquet(tmp_path, name, group_rows):
    kind, cells, field, stock, nested = CASES[name]
    path = tmp_path / "nested.parquet"
    pq.write_table(pa.table({field["name"]: pa.array(cells, kind)}), path, row_group_size=group_rows)
    schema = {"fields": [field]}
    assert found(validate_table(path, schema)) == stock
    assert found(validate_table(path, schema, nested=True)) == sorted([*stock, *nested], key=lambda error: error[0])


def test_nested_check_reads_json_text_too(tmp_path):
    path = tmp_path / "articles.jsonl"
    path.write_text('{"provenance": {"sha256": "XX"}}\n{"provenance": {"sha256": "00ff"}}\n', encoding="utf-8")
    report = validate_table(path, {"fields": [PROVENANCE]}, nested=True)
    assert found(report) == [(2, "provenance.sha256", 'constraint "pattern" is "[0-9a-f]{4}"')]


def test_nested_errors_keep_to_the_limit():
    table = pa.table({"entities": pa.array([[entity(start=-1)]] * 10, pa.list_(ENTITY))})
    assert len(validate_table(table, {"fields": [ENTITIES]}, nested=True, limit_errors=3).errors) == 3


def test_a_key_that_repeats_in_another_row_group(tmp_path):
    path = tmp_path / "keys.parquet"
    pq.write_table(pa.table({"a": ["x", "y", "z", "y"], "id": [7, 8, 9, 7]}), path, row_group_size=1)
    schema = {
        "fields": [{"name": "a", "type": "string", "constraints": {"unique": True}}, {"name": "id", "type": "integer"}],
        "primaryKey": "id",
    }
    assert [(error.type, error.row_number, error.note) for error in validate_table(path, schema).errors] == [
        ("unique-error", 5, "the same as in the row at position 3"),
        ("primary-key", 5, "the same as in the row at position 2"),
    ]


def test_findings_show_the_cell_on_one_line_and_not_the_row():
    table = pa.table({"body": ["a secret\nbody " * 100], "day": ["x\n" * 200]})
    schema = {"fields": [{"name": "body", "type": "string"}, {"name": "day", "type": "date"}]}
    report = validate_table(table, schema)
    (issue,) = to_issues(report, path="articles.csv")
    assert issue.code == "cell-type"
    assert (issue.path, issue.row, issue.field) == ("articles.csv", 2, "day")
    assert len(issue.found) <= 80
    assert "\n" not in issue.found
    assert "secret" not in str(issue)
    (hidden,) = to_issues(report, show_cells=False)
    assert hidden.found == ""


def test_findings_name_the_article_and_its_line():
    report = validate_table(pa.table({"day": ["soon"]}), {"fields": [{"name": "day", "type": "date"}]})
    (issue,) = to_issues(report, places=lambda row: (f"ledger/{row}.txt", 4))
    assert issue == Issue("ledger/2.txt", 4, 2, "day", "cell-type", "soon", 'type is "date/default"')


def test_every_error_type_of_frictionless_becomes_a_known_finding():
    from dataset_builder.issues import issue_kinds
    from dataset_builder.validate.findings import _codes

    assert set(_codes().values()) | {"table-error"} <= issue_kinds().keys()
