"""The schema files are the one source of every column list."""

from __future__ import annotations

import pyarrow as pa

from dataset_builder.schema import card_feature, conform, hub_feature, released_tables


def test_the_catalog_has_no_text_and_no_edits() -> None:
    catalog = released_tables()["catalog"].arrow
    assert not {"body", "summary", "entities"} & set(catalog.names)
    members = {member.name for member in catalog.field("provenance").type}
    assert "edits" not in members
    assert "payload_sha256" in members
    origins = catalog.field("provenance").type.field("origins").type.value_type
    assert "evidence" not in {member.name for member in origins}


def test_a_declared_field_is_released_with_full_text_only() -> None:
    tables = released_tables(('{"name": "desk", "type": "string"}',))
    assert "desk" in tables["articles"].arrow.names
    assert "desk" not in tables["catalog"].arrow.names


def test_the_hub_reads_the_same_features_from_card_and_parquet() -> None:
    from datasets import Features

    for table in released_tables().values():
        from_parquet = Features.from_arrow_schema(table.arrow)
        from_types = Features.from_arrow_schema(table.arrow.remove_metadata())
        from_card = Features._from_yaml_list([card_feature(field) for field in table.fields])
        assert from_parquet == from_types == from_card
        assert from_parquet.to_dict() == {field["name"]: hub_feature(field) for field in table.fields}


def test_conform_selects_nested_members_by_name() -> None:
    wide = pa.array([{"a": 1, "b": [{"c": 2, "d": "x"}]}, None, {"a": 3, "b": None}])
    target = pa.struct([("b", pa.list_(pa.struct([("d", pa.string())])))])
    assert conform(wide, target).to_pylist() == [{"b": [{"d": "x"}]}, None, {"b": None}]
    assert conform(wide.slice(1), target).to_pylist() == [None, {"b": None}]
