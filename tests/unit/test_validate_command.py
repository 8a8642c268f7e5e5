"""``build-dataset validate`` as a command."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

from dataset_builder.cli.validate import validate_command
from dataset_builder.errors import UsageError

app = typer.Typer()
app.command()(validate_command)


@pytest.fixture
def files(tmp_path):
    pq.write_table(pa.table({"id": [1, 2], "source": ["ledger", "nobody"]}), tmp_path / "articles.parquet")
    pq.write_table(pa.table({"name": ["ledger"]}), tmp_path / "sources.parquet")
    schema = {
        "fields": [
            {"name": "id", "type": "integer", "constraints": {"maximum": 1}},
            {"name": "source", "type": "string"},
        ]
    }
    (tmp_path / "schema.json").write_text(json.dumps(schema), encoding="utf-8")
    schema["foreignKeys"] = [{"fields": "source", "reference": {"resource": "sources", "fields": "name"}}]
    (tmp_path / "keyed.yaml").write_text(json.dumps(schema), encoding="utf-8")
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_json_is_one_document_with_frictionless_descriptors(files):
    result = run(files / "articles.parquet", "--schema", files / "schema.json", "--json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert document["valid"] is False
    assert document["stats"]["rows"] == 2
    (error,) = document["errors"]
    assert list(error) == ["type", "rowNumber", "fieldNumber", "fieldName", "note", "message"]


def test_findings_for_people(files):
    result = run(files / "articles.parquet", "--schema", files / "schema.json")
    assert result.exit_code == 1
    assert "error cell-constraint" in result.stderr
    assert "articles.parquet, row 3; id: 2; expected constraint" in result.stderr
    assert "NOT valid: 1 errors, 2 rows" in result.stdout


def test_references_and_limit(files):
    reference = f"sources={files / 'sources.parquet'}"
    keyed = run(files / "articles.parquet", "--schema", files / "keyed.yaml", "--reference", reference, "--json")
    assert [error["type"] for error in json.loads(keyed.stdout)["errors"]] == ["constraint-error", "foreign-key"]
    limited = run(files / "articles.parquet", "--schema", files / "schema.json", "--limit-errors", 1)
    assert "stopped at --limit-errors 1" in limited.stdout


def test_valid_table_exits_with_zero(files):
    pq.write_table(pa.table({"id": [1], "source": ["ledger"]}), files / "articles.parquet")
    result = run(files / "articles.parquet", "--schema", files / "schema.json")
    assert result.exit_code == 0
    assert "valid, 1 rows" in result.stdout


def test_a_reference_without_a_name_is_refused(files):
    result = run(files / "articles.parquet", "--schema", files / "schema.json", "--reference", "sources.parquet")
    assert result.exit_code == UsageError.exit_code
    assert "expected: NAME=FILE" in result.stderr


@pytest.mark.parametrize("form", ["github", "gitlab", "junit", "sarif"])
def test_findings_for_forges(files, form):
    result = run(files / "articles.parquet", "--schema", files / "schema.json", "--output-format", form)
    assert result.exit_code == 1
    assert "cell-constraint" in result.stdout


def test_a_table_that_a_foreign_key_names_and_nobody_gives(files):
    result = run(files / "articles.parquet", "--schema", files / "keyed.yaml")
    assert isinstance(result.exception, SystemExit) or result.exit_code == 2
    assert '"sources", which is not given' in result.output
    assert "--reference sources=FILE" in result.output


def test_a_key_to_the_table_itself_needs_no_other(files):
    (files / "My Tree.csv").write_text("id,parent\n1,1\n2,1\n")
    schema = {"fields": [{"name": "id", "type": "integer"}, {"name": "parent", "type": "integer"}]}
    for own in ("", "my-tree"):
        key = {"fields": "parent", "reference": {"resource": own, "fields": "id"}}
        (files / "tree.json").write_text(json.dumps({**schema, "foreignKeys": [key]}))
        result = run(files / "My Tree.csv", "--schema", files / "tree.json")
        assert result.exit_code == 0, result.output
