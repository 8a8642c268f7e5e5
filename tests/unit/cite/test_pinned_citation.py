"""The line that loads a published snapshot stands in every style, at the revision that is cited."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import yaml

from dataset_builder.describe.cite import STYLES, CitationFacts, pinned, render_citation
from dataset_builder.errors import UsageError

FACTS = CitationFacts("briefs", "Harbour Briefs", "1.2.0", date(2024, 11, 5), "sha256:" + "5" * 64)


@pytest.mark.parametrize("repository", ["harbour/briefs", "hf://datasets/harbour/briefs"])
def test_the_line_names_repository_and_tag(repository: str) -> None:
    assert pinned(FACTS, repository).load == 'load_dataset("harbour/briefs", revision="v1.2.0")'


@pytest.mark.parametrize("style", STYLES)
def test_every_style_has_it(style: str) -> None:
    text = render_citation(pinned(FACTS, "harbour/briefs", "0a1b2c3"), style)
    plain = json.dumps(json.loads(text)) if text.startswith(("{", "[")) else text
    for word in ("load", "harbour/briefs", "0a1b2c3"):
        assert word in plain
    part = render_citation(pinned(replace(FACTS, article="ab" * 16, part_of=FACTS), "harbour/briefs", "0a1b2c3"), style)
    assert "0a1b2c3" in part


def test_cff_and_datacite_hold_their_schemas(repository: Path) -> None:
    schemas = repository / "tests" / "conformance" / "schemas"
    cited = pinned(FACTS, "harbour/briefs")
    cff = yaml.load(render_citation(cited, "cff"), Loader=yaml.BaseLoader)
    jsonschema.validate(
        cff, json.loads((schemas / "cff-1.2.0.schema.json").read_text()), cls=jsonschema.Draft7Validator
    )
    record = json.loads(render_citation(cited, "datacite"))
    held = json.loads((schemas / "datacite-4.5.schema.json").read_text())
    assert "TechnicalInfo" in json.dumps(record)
    kinds = held["definitions"]["descriptionType"]["enum"]
    assert {entry["descriptionType"] for entry in record["descriptions"]} <= set(kinds)


@pytest.mark.parametrize(
    ("repository", "revision"),
    [("briefs", ""), ("a/b/c", ""), ('a/b", x="', ""), ("a/b", 'v1")'), ("a/b", "v 1"), ("../b", ""), ("a/b", "-x")],
)
def test_what_is_no_name_is_refused(repository: str, revision: str) -> None:
    with pytest.raises(UsageError):
        pinned(FACTS, repository, revision)
