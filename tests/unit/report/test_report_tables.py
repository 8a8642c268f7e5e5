"""Tables of snapshots that are older or forged."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataset_builder.errors import SnapshotError
from dataset_builder.report.tables import fitted, open_snapshot
from dataset_builder.report.write import write_report
from large_snapshot import write_large_snapshot

ARTICLES = "articles/permissive/train-2015-01-00000.parquet"


def test_members_that_are_absent_are_null() -> None:
    array = pa.array([[{"a": 1}, {"a": 2}], None, [{"a": 3}]])[1:]
    target = pa.list_(pa.struct([("b", pa.string()), ("a", pa.int64())]))
    assert fitted(array, target).to_pylist() == [None, [{"b": None, "a": 3}]]


def test_values_of_another_kind_are_refused() -> None:
    with pytest.raises(pa.ArrowException):
        fitted(pa.array([{"a": 1}]), pa.string())


def test_only_shards_inside_the_snapshot_are_opened(tmp_path: Path) -> None:
    folder = write_large_snapshot(tmp_path / "made", 3)
    manifest = (folder / "manifest.json").read_text(encoding="utf-8")
    (folder / "manifest.json").write_text(manifest.replace(ARTICLES, "articles/../../x.parquet"), encoding="utf-8")
    assert open_snapshot(folder).shards["articles"] == ()


@pytest.mark.parametrize("content", [b"", b"PAR1 and no more"])
def test_a_broken_shard_is_an_error_with_its_name(tmp_path: Path, content: bytes) -> None:
    folder = write_large_snapshot(tmp_path / "made", 3)
    (folder / ARTICLES).write_bytes(content)
    with pytest.raises(SnapshotError, match="train-2015-01"):
        list(open_snapshot(folder).batches("articles", ("id",)))


def test_a_column_of_another_type_is_an_error_with_the_shard(tmp_path: Path) -> None:
    folder = write_large_snapshot(tmp_path / "made", 3)
    pq.write_table(pa.table({"id": [{"no": "text"}]}), folder / ARTICLES)
    with pytest.raises(SnapshotError, match="train-2015-01"):
        list(open_snapshot(folder).batches("articles", ("id", "body")))


def test_a_table_that_would_fill_the_memory_is_not_read(tmp_path: Path) -> None:
    folder = write_large_snapshot(tmp_path / "made", 3)
    long = pa.array(["x" * 2_000_000])
    rows = pa.DictionaryArray.from_arrays(pa.array([0] * 200_000, pa.int32()), long)
    pq.write_table(pa.table({"body": rows}), folder / ARTICLES, compression="zstd")
    with pytest.raises(SnapshotError, match="decoded bytes"):
        write_report(folder, tmp_path / "a.html")
    assert not (tmp_path / "a.html").exists()


def test_a_link_out_of_the_snapshot_is_refused(tmp_path: Path) -> None:
    folder = write_large_snapshot(tmp_path / "made", 3)
    (folder / "README.md").unlink()
    (folder / "README.md").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SnapshotError, match=r"README\.md"):
        write_report(folder, tmp_path / "a.html")
