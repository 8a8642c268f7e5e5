"""croissant.json is read back by mlcroissant: every table, with its rows and its values."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dataset_builder.describe.croissant import render_croissant
from made_snapshots import bare_facts, harbour_facts, with_config, write_descriptions

pytestmark = pytest.mark.filterwarnings("ignore")  # of mlcroissant's libraries; its own findings are read below


def read_records(folder: Path, table: str) -> list[dict]:
    """A fresh Dataset for each pass, as mlcroissant keeps state."""
    import mlcroissant

    return list(mlcroissant.Dataset(str(folder / "croissant.json")).records(table))


@pytest.mark.parametrize("make", [harbour_facts, bare_facts])
def test_mlcroissant_finds_nothing_wrong(tmp_path: Path, make) -> None:
    import mlcroissant

    facts = make(tmp_path)
    write_descriptions(tmp_path, facts)
    context = mlcroissant.Dataset(str(tmp_path / "croissant.json")).metadata.ctx
    assert not context.issues.errors
    assert context.is_v1_1()


@pytest.mark.parametrize("make", [harbour_facts, bare_facts])
def test_every_table_loads_with_as_many_records_as_rows(tmp_path: Path, make) -> None:
    facts = make(tmp_path)
    write_descriptions(tmp_path, facts)
    filled = [table for table in facts.tables if table.rows]
    assert filled
    for table in filled:
        assert len(read_records(tmp_path, table.schema.name)) == table.rows


def test_values_come_back_from_columns_and_from_inside_nested_ones(tmp_path: Path) -> None:
    write_descriptions(tmp_path, harbour_facts(tmp_path))
    rows = pq.read_table(tmp_path / "articles/permissive/train-2024-10-00000.parquet").to_pylist()
    by_id = {record["articles/id"].decode(): record for record in read_records(tmp_path, "articles")}
    for row in rows:
        record = by_id[row["id"]]
        assert record["articles/title"].decode() == row["title"]
        assert record["articles/date"].date() == row["date"]
        assert (
            record["articles/license_evidence"]["articles/license_evidence/kind"].decode()
            == (row["license_evidence"]["kind"])
        )
        mentions = record.get("articles/entities", [])
        assert [mention["articles/entities/start"] for mention in mentions] == [e["start"] for e in row["entities"]]


def test_every_shard_is_listed_with_its_digest(tmp_path: Path) -> None:
    document = render_croissant(harbour_facts(tmp_path))
    listed = {
        entry["contentUrl"]: entry["sha256"] for entry in document["distribution"] if entry["@type"] == "cr:FileObject"
    }
    written = {
        path.relative_to(tmp_path).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in tmp_path.rglob("*.parquet")
    }
    assert listed == written


def test_a_script_in_a_title_stays_a_json_string(tmp_path: Path) -> None:
    document = render_croissant(with_config(bare_facts(tmp_path), title='</script><script>alert(1)</script>"\n\x1b'))
    assert document["name"] == '</script><script>alert(1)</script>"'
    assert json.loads(json.dumps(document)) == document
