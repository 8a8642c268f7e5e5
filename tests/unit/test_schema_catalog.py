"""Every file of ``schema/`` can be printed by its name."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dataset_builder.errors import UsageError
from dataset_builder.resources import read_json
from dataset_builder.schema_catalog import DERIVED, schema_names, schema_text, schema_value


def test_every_file_has_a_name_and_the_name_gives_the_file(repository: Path) -> None:
    files = [path for path in (repository / "schema").rglob("*") if path.suffix in (".json", ".yaml")]
    texts = {path.read_text(encoding="utf-8") for path in files}
    names = schema_names()
    assert len(names) == len(files) + len(DERIVED)
    assert {schema_text(name) for name in names if name not in DERIVED} == texts


def test_schemas_by_their_short_names() -> None:
    assert schema_value("article") == read_json("article.schema.json")
    assert schema_value("policy") == read_json("rights", "policy.json")
    assert "body" not in [field["name"] for field in schema_value("catalog")["fields"]]


@pytest.mark.parametrize("name", ["artcle", "../pyproject", "/etc/passwd", "\x1b[31m"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(UsageError, match="no schema is called"):
        schema_text(name)


def test_a_name_that_several_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dataset_builder.schema_catalog._resources", lambda: {"a/rules": None, "b/rules": None})
    with pytest.raises(UsageError, match="several schemas are called"):
        schema_text("rules")


def test_the_command() -> None:
    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "dataset_builder", "schema", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert json.loads(run("article")) == json.loads(run("article", "--json")) == read_json("article.schema.json")
    assert "rights/policy" in [entry["name"] for entry in json.loads(run("--json"))]
    assert any(line.startswith("config ") for line in run().splitlines())
