"""Bad schemas and bad files: one clear error each, in bounded time and memory."""

from __future__ import annotations

import json
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataset_builder.errors import ConfigError, CorpusError, UsageError
from dataset_builder.validate import validate_table
from dataset_builder.validate.schema_files import load_schema
from dataset_builder.validate.sources import text

FIELD = {"fields": [{"name": "a", "type": "string"}]}
TABLE = pa.table({"a": ["x"]})


def constrained(kind, **constraints):
    return {"fields": [{"name": "a", "type": kind, "constraints": constraints}]}


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("{", "no JSON: .* line 1"),
        ("[]", "holds a list"),
        ("\ufeff3", "holds a int"),
        ("[" * 100_000, "nested too deeply|no JSON"),
    ],
)
def test_schema_file_that_is_no_schema(tmp_path, content, found):
    path = tmp_path / "schema.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=found):
        load_schema(path)


def test_schema_file_in_another_encoding(tmp_path):
    path = tmp_path / "schema.json"
    path.write_bytes('{"title": "Café"}'.encode("utf-16"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_schema(path)


def test_schema_file_that_is_not_there(tmp_path):
    with pytest.raises(UsageError, match="there is no file"):
        load_schema(tmp_path / "schema.json")


@pytest.mark.parametrize(
    ("schema", "found"),
    [
        ({}, "'fields' is a required property"),
        ({"fields": 3}, "."),
        ({"fields": [3]}, "."),
        ({"fields": [{"name": "a", "type": "text"}]}, 'field type "text" is not supported'),
        (constrained("string", pattern="("), "the pattern '\\(' is not valid"),
        (constrained("string", pattern="a{99999999999}"), "is not valid"),
        (constrained("integer", minimum="many"), "which is no integer"),
        (constrained("integer", pattern="a"), "not supported by type"),
        ({**FIELD, "primaryKey": ["b"]}, "primary key"),
        ([], "a list is no schema"),
    ],
)
def test_what_is_no_table_schema(schema, found):
    with pytest.raises(ConfigError, match=found):
        validate_table(TABLE, schema)


@pytest.mark.parametrize(
    "fields",
    [
        ["{}"],
        [{"name": "a"}, "{}"],
        [{"name": "a", "type": "object", "fields": ["{}"]}],
        [{"name": "a", "type": "array", "arrayItem": {"type": "object", "fields": ["{}"]}}],
        [{"name": "a", "type": "array", "arrayItem": "{}"}],
        "{}",
    ],
)
def test_a_schema_opens_no_other_file_and_no_address(tmp_path, fields):
    (tmp_path / "field.json").write_text('{"name": "a", "type": "any"}')
    asked = []
    server = HTTPServer(("127.0.0.1", 0), partial(_Recorder, asked))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        for address in (str(tmp_path / "field.json"), f"http://127.0.0.1:{server.server_port}/field.json"):
            named = json.loads(json.dumps(fields).replace("{}", address))
            with pytest.raises(ConfigError, match=r"the schema is not valid: .*(which is no object|is not of type)"):
                validate_table(pa.table({"a": ["x"]}), {"fields": named})
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []


class _Recorder(BaseHTTPRequestHandler):
    def __init__(self, asked, *given):
        self.asked = asked
        super().__init__(*given)

    def do_GET(self):
        self.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *_):
        pass


@pytest.mark.parametrize("bound", ["NaN", "-NaN", "sNaN"])
def test_a_bound_that_nothing_compares_with(bound):
    schema = {"fields": [{"name": "a", "type": "number", "constraints": {"minimum": bound}}]}
    with pytest.raises(ConfigError, match=f"minimum.*{bound}"):
        validate_table(pa.table({"a": [1.0]}), schema)


def test_contradictory_constraints_make_every_cell_wrong():
    report = validate_table(pa.table({"a": [1, 5]}), constrained("integer", minimum=4, maximum=2))
    assert [(error.row_number, error.note) for error in report.errors] == [
        (2, 'constraint "minimum" is "4"'),
        (3, 'constraint "maximum" is "2"'),
    ]


def test_bounds_that_cannot_be_compared_name_the_row():
    table = pa.table({"a": ["2024-01-01T00:00:00", "2024-01-01T00:00:00Z"]})
    with pytest.raises(ConfigError, match="frictionless fails on row 3: TypeError"):
        validate_table(table, constrained("datetime", minimum="2023-01-01T00:00:00"))


def test_catastrophic_pattern_on_a_long_cell_gets_its_verdict():
    report = validate_table(pa.table({"a": ["a" * 100_000 + "!"]}), constrained("string", pattern="(a+)+$"))
    assert [error.type for error in report.errors] == ["constraint-error"]


@pytest.mark.parametrize("keep", [0, 3, 40, -20])
def test_truncated_parquet(tmp_path, keep):
    path = tmp_path / "articles.parquet"
    pq.write_table(TABLE, path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(CorpusError, match="the Parquet file cannot be read"):
        validate_table(path, FIELD)


def test_parquet_with_a_broken_page_is_an_error(tmp_path):
    path = tmp_path / "articles.parquet"
    pq.write_table(pa.table({"a": [f"{number:0100}" for number in range(20_000)]}), path, compression="zstd")
    content = bytearray(path.read_bytes())
    content[1000:3000] = bytes(2000)
    path.write_bytes(bytes(content))
    with pytest.raises(CorpusError, match="cannot be read"):
        validate_table(path, FIELD)


def test_csv_whose_encoding_lies(tmp_path):
    path = tmp_path / "articles.csv"
    path.write_bytes(b"a\n" + b"plain\n" * 40_000 + "Café\n".encode("latin-1"))
    report = validate_table(path, FIELD)
    assert [error.type for error in report.errors] == ["encoding-error"]


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("{", "line 2 is no JSON"),
        ("3", "line 2 is unsupported inline data"),
        ("[" * 100_000, "nested too deeply|no JSON"),
        ('{"a": ' + "9" * 5000 + "}", "line 2 has a number of thousands of digits"),
        ("x" * 3000, "line 2 is longer than"),
        (b"\xff", "invalid start byte"),
    ],
)
def test_json_lines_that_are_none(tmp_path, monkeypatch, line, note):
    if line[:1] == "x":
        monkeypatch.setattr(text, "MAX_LINE_BYTES", 2000)
    path = tmp_path / "articles.jsonl"
    path.write_bytes(b'{"a": "x"}\n' + (line if isinstance(line, bytes) else line.encode()) + b"\n")
    report = validate_table(path, FIELD)
    assert len(report.errors) == 1
    assert any(part in report.errors[0].note for part in note.split("|"))


def test_csv_with_one_endless_line(tmp_path, monkeypatch):
    monkeypatch.setattr(text, "MAX_LINE_BYTES", 2000)
    path = tmp_path / "articles.csv"
    path.write_text("a\n" + "x" * 5000 + "\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="a line is longer than"):
        validate_table(path, FIELD)


def test_csv_with_a_quote_that_is_never_closed(tmp_path, monkeypatch):
    monkeypatch.setattr(text, "MAX_LINE_BYTES", 2000)
    path = tmp_path / "articles.csv"
    path.write_text("a\n" + "x\n" * 200 + '"' + "y\n" * 5000, encoding="utf-8")
    monkeypatch.setattr(text, "_refuse_long_lines", lambda path: None)
    report = validate_table(path, FIELD)
    assert [error.type for error in report.errors] == ["source-error"]
    assert "field larger than field limit" in report.errors[0].note


def test_values_that_python_cannot_hold_are_judged_not_lost():
    table = pa.table({"a": pa.array([2**60], pa.timestamp("s"))})
    report = validate_table(table, {"fields": [{"name": "a", "type": "datetime"}]})
    assert [error.type for error in report.errors] == ["type-error"]


def test_report_is_one_json_document():
    report = validate_table(pa.table({"a": [float("nan")]}), constrained("number", minimum=0))
    assert json.loads(json.dumps(report.as_dict()))["stats"]["rows"] == 1
