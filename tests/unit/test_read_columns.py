"""What the names of a table's columns say, and what is proposed for those that say nothing sure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dataset_builder.read.columns import named_columns, plain, proposal
from dataset_builder.read.fields import DECLARABLE
from dataset_builder.resources import read_yaml, schema_file
from dataset_builder.rights.reading import read_license
from reading import read_file, records

TEXT = "The ferry sails again."


def fields_of(*columns: str, mapped: tuple[tuple[str, str], ...] = (), body: str = "") -> dict[str, str]:
    return dict(named_columns(columns, mapped, frozenset(), body).fields)


def test_capitals_blanks_and_dashes_make_no_other_name() -> None:
    found = named_columns(("Title", "Rights-Holder", "BODY", "date"), (), frozenset(), "")
    assert found.body == "BODY"
    assert dict(found.fields) == {"date": "date", "title": "Title", "rights_holder": "Rights-Holder"}
    assert found.taken == (("title", "Title"), ("rights_holder", "Rights-Holder"))


def test_the_exact_name_goes_before_its_likes() -> None:
    assert fields_of("Title", "title", "Body", "body")["title"] == "title"
    assert named_columns(("Text", "body"), (), frozenset(), "").body == "body"


@pytest.mark.parametrize("column", sorted(read_yaml(schema_file("read", "columns.yaml"))["rights"]))
def test_every_column_of_rights_is_read_even_where_its_field_is_taken(column: str) -> None:
    (field,) = (field for field, name in fields_of(column).items() if name == column)
    assert field in DECLARABLE
    assert column in fields_of(column, mapped=((field, "another"),)).values()


def test_what_the_field_map_says_holds() -> None:
    assert fields_of("License", "other", mapped=(("license", "other"),)) == {
        "license": "other",
        "rights_statement": "License",
    }


@pytest.mark.parametrize("column", ["License", "licence", "dc:rights", "usage terms", "Copyright"])
def test_no_table_releases_what_its_own_column_forbids(column: str, tmp_path: Path) -> None:
    row: dict[str, Any] = {"title": "Ferry", "body": TEXT, column: "All rights reserved"}
    (tmp_path / "wire.jsonl").write_text(json.dumps(row), encoding="utf-8")
    (record,) = records(read_file(tmp_path / "wire.jsonl"))
    (claim,) = (claim for claim in record.claims if claim.field != "title")
    assert claim.value == "All rights reserved"
    assert read_license(claim.value).expression == "LicenseRef-all-rights-reserved"
    assert [issue.code for issue in record.issues] == ["column-taken"]


def test_other_names_are_proposed_and_not_read() -> None:
    assert fields_of("headline", "published", "link") == {}
    assert proposal(("headline", "published", "link"), ()) == "fields: {title: headline, date: published, url: link}"
    assert proposal(("Pub Date", "colour"), ()) == 'fields: {date: "Pub Date"}'
    assert proposal(("headline", "colour"), ("title",)) == ""


def test_names_in_the_data_are_plain_and_their_fields_exist() -> None:
    names = read_yaml(schema_file("read", "columns.yaml"))
    for column, fields in names["rights"].items():
        assert plain(column) == column
        assert set(fields) <= set(DECLARABLE)
    for field, columns in names["proposed"].items():
        assert field in (*DECLARABLE, "body")
        assert all(plain(column) == column for column in columns)
