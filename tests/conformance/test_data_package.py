"""datapackage.json is read and validated by frictionless, and its rows are there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dataset_builder.config import Contributor, License, Source
from dataset_builder.describe.package import render_package
from made_snapshots import bare_facts, harbour_facts, with_config, write_descriptions


@pytest.mark.parametrize("make", [harbour_facts, bare_facts])
def test_frictionless_accepts_the_descriptor_and_counts_the_rows(tmp_path: Path, make) -> None:
    from frictionless import Package

    facts = make(tmp_path)
    write_descriptions(tmp_path, facts)
    package = Package(str(tmp_path / "datapackage.json"))
    assert package.name == facts.config.name
    filled = [table for table in facts.tables if table.shards]
    assert [resource.name for resource in package.resources] == [table.schema.name for table in filled]
    for table, resource in zip(filled, package.resources, strict=True):
        assert (resource.type, resource.format) == ("table", "parquet")
        assert resource.schema.field_names == table.schema.column_names
        assert len(resource.read_rows()) == table.rows


def test_a_descriptor_of_hostile_values_still_passes(tmp_path: Path) -> None:
    from frictionless import Package

    facts = with_config(
        bare_facts(tmp_path),
        title="Tides\x1b[2J\n\ud800",
        homepage="javascript:alert(1)",
        licenses=(License("All rights reserved"),),
        contributors=(Contributor("A\u202eB", path="file:///etc/passwd", email="not an address"),),
        sources=(Source("undeclared", title="<b>", path="../../etc/passwd", email="a@b\nBcc: c@d"),),
    )
    descriptor = render_package(facts)
    text = json.dumps(descriptor, ensure_ascii=False)
    assert text.encode("utf-8")
    assert "homepage" not in descriptor
    assert descriptor["contributors"] == [{"title": "AB"}]
    assert descriptor["sources"] == [{"name": "undeclared", "title": "<b>", "publisher": "undeclared"}]
    assert Package.from_descriptor(descriptor).title == "Tides [2J"


def test_no_foreign_key_points_at_a_table_that_is_not_there(tmp_path: Path) -> None:
    package = render_package(bare_facts(tmp_path))
    names = {resource["name"] for resource in package["resources"]}
    keys = [key for resource in package["resources"] for key in resource["schema"].get("foreignKeys", [])]
    assert names == {"catalog", "sources"}
    assert {key["reference"]["resource"] for key in keys} == {"sources"}
