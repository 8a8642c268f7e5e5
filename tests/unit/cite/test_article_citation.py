"""One article of a snapshot is cited from the catalog, with its place in the data; nothing outside is read."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

from dataset_builder.describe.cite import STYLES, read_article_citation, render_citation
from dataset_builder.errors import SnapshotError, UsageError
from made_snapshots import harbour_facts, write_descriptions


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    folder = tmp_path / "snapshot"
    return write_descriptions(folder, harbour_facts(folder))


def catalog(snapshot: Path) -> list[dict]:
    rows: list[dict] = pq.read_table(snapshot / "catalog/train-00000.parquet").to_pylist()
    return rows


@pytest.mark.parametrize("digits", [12, 32])
def test_an_article_is_found_by_its_identifier_or_its_beginning(snapshot: Path, digits: int) -> None:
    row = catalog(snapshot)[0]
    cited = read_article_citation(snapshot, row["id"][:digits])
    assert (cited.article, cited.title, cited.created) == (row["id"], row["title"], row["date"])
    assert cited.part_of is not None
    assert cited.part_of.title == "Harbour Briefs"


def test_every_style_ties_the_article_to_the_data(snapshot: Path) -> None:
    row = catalog(snapshot)[0]
    cited = read_article_citation(snapshot, row["id"])
    for style in STYLES:
        text = render_citation(cited, style)
        assert row["id"] in text
        assert cited.identity in text
    reference = yaml.safe_load(render_citation(cited, "cff"))["preferred-citation"]
    assert (reference["type"], reference["title"]) == ("newspaper-article", row["title"])
    assert json.loads(render_citation(cited, "csl-json"))[0]["type"] == "article-newspaper"


def test_an_article_without_a_title_is_cited_as_untitled(snapshot: Path) -> None:
    row = next(row for row in catalog(snapshot) if row["title"] is None)
    assert read_article_citation(snapshot, row["id"]).title == f"Untitled article {row['id'][:12]}"


@pytest.mark.parametrize("reference", ["", "abc", "../x", "0" * 33, "\x1b[2J", "f" * 32])
def test_what_is_no_identifier_or_of_no_article_is_refused(snapshot: Path, reference: str) -> None:
    with pytest.raises(UsageError):
        read_article_citation(snapshot, reference)


@pytest.mark.parametrize("path", ["../outside.parquet", "/etc/passwd", "link.parquet", "catalog/../../outside.parquet"])
def test_no_file_outside_the_snapshot_is_read(snapshot: Path, path: str) -> None:
    outside = snapshot.parent / "outside.parquet"
    outside.write_bytes((snapshot / "catalog/train-00000.parquet").read_bytes())
    (snapshot / "link.parquet").symlink_to(outside)
    package = json.loads((snapshot / "datapackage.json").read_bytes())
    next(entry for entry in package["resources"] if entry["name"] == "catalog")["path"] = path
    (snapshot / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    with pytest.raises(SnapshotError, match="leads out of the snapshot"):
        read_article_citation(snapshot, "0123")


def test_a_broken_catalog_is_one_clear_error(snapshot: Path) -> None:
    (snapshot / "catalog/train-00000.parquet").write_bytes(b"PAR1 and nothing else")
    with pytest.raises(SnapshotError, match=r"catalog.train-00000\.parquet: the shard cannot be read"):
        read_article_citation(snapshot, "0123")
