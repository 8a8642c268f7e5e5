"""Shards stay as they are where nothing changed in them."""

from __future__ import annotations

import hashlib
import random
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataset_builder.snapshot import shards
from dataset_builder.snapshot.row_keys import RowKeys
from dataset_builder.snapshot.shards import row_groups, shards_of, write_shard

FIRST = date(2024, 10, 1)


def rows(count: int) -> pa.Table:
    """Articles of a few words, in the order of (date, id)."""
    made = []
    for number in range(count):
        name = hashlib.sha256(str(number).encode()).hexdigest()
        body = " ".join(random.Random(number).choices(name, k=40))
        made.append({"id": name[:32], "date": FIRST + timedelta(days=number % 92), "body": body, "sha256": name})
    return pa.Table.from_pylist(made).sort_by([("date", "ascending"), ("id", "ascending")])


def group_digests(path: Path) -> list[str]:
    """A digest of the bytes of every row group."""
    metadata = pq.read_metadata(path)
    content = path.read_bytes()
    found = []
    for index in range(metadata.num_row_groups):
        columns = [metadata.row_group(index).column(column) for column in range(metadata.num_columns)]
        start = min(column.dictionary_page_offset or column.data_page_offset for column in columns)
        end = max(
            (column.dictionary_page_offset or column.data_page_offset) + column.total_compressed_size
            for column in columns
        )
        found.append(hashlib.sha256(content[start:end]).hexdigest())
    return found


@pytest.fixture(scope="module")
def table() -> pa.Table:
    return rows(12_000)


def test_a_row_that_goes_changes_its_own_group_and_no_other(table: pa.Table, tmp_path: Path):
    write_shard(tmp_path, "all.parquet", table)
    before = group_digests(tmp_path / "all.parquet")
    assert len(before) >= 8
    for row in (0, 5_000, 11_999):
        write_shard(tmp_path, "less.parquet", pa.concat_tables([table.slice(0, row), table.slice(row + 1)]))
        after = group_digests(tmp_path / "less.parquet")
        assert len(set(before) - set(after)) <= 2


def test_newest_rows_change_the_last_group_at_most(table: pa.Table, tmp_path: Path):
    write_shard(tmp_path, "all.parquet", table)
    write_shard(tmp_path, "before.parquet", table.slice(0, 11_800))
    before = group_digests(tmp_path / "before.parquet")
    assert set(before[:-1]) <= set(group_digests(tmp_path / "all.parquet"))


def test_groups_are_neither_tiny_nor_endless_and_hold_every_row_once(table: pa.Table):
    groups = list(row_groups(table))
    assert [start for start, _ in groups] == np.cumsum([0, *(size for _, size in groups)])[:-1].tolist()
    assert sum(size for _, size in groups) == table.num_rows
    assert all(shards._LEAST_GROUP <= size <= shards._MOST_GROUP for _, size in groups[:-1])
    assert list(row_groups(table.slice(0, 0))) == []
    assert list(row_groups(table.slice(0, 1))) == [(0, 1)]


def test_the_mentions_of_an_article_stay_in_one_group():
    names = [f"{number:032x}" for number in range(3_000) for _ in range(number % 5)]
    mentions = pa.table({"article_id": names, "start": list(range(len(names)))})
    groups = list(row_groups(mentions))
    assert len(groups) > 2
    for start, size in groups[:-1]:
        assert names[start + size - 1] != names[start + size]


def test_what_is_written_reads_back(table: pa.Table, tmp_path: Path):
    facts = write_shard(tmp_path, "all.parquet", table)
    assert facts.file.rows == table.num_rows
    assert pq.read_table(tmp_path / "all.parquet").equals(table)
    column = pq.read_metadata(tmp_path / "all.parquet").row_group(0).column(1)
    assert column.statistics.min == FIRST


def keys(count: int, *, size: int = 1) -> RowKeys:
    table = rows(count)
    batch = table.append_column("withheld_text", table.column("body")).combine_chunks().to_batches()[0]
    parts = RowKeys.joined([RowKeys.of(batch, 0)])
    return RowKeys(parts.days, parts.ids, parts.rows, np.full(len(parts), size, np.int32))


def cut(found: RowKeys) -> dict[str, list[int]]:
    return {name: part.rows.tolist() for name, part in shards_of(found)}


def test_a_month_that_is_too_large_is_cut_at_places_that_do_not_move(monkeypatch: pytest.MonkeyPatch):
    everything = keys(3_000)
    monkeypatch.setattr(shards, "SHARD_ROWS", 200)
    whole = cut(everything)
    assert sum(len(part) for part in whole.values()) == 3_000
    assert max(len(part) for part in whole.values()) <= 200
    assert [row for part in whole.values() for row in part] == everything.rows.tolist()
    gone = everything.chosen(np.arange(3_000) != 1_234)
    less = {tuple(part) for part in cut(gone).values()}
    assert len({tuple(part) for part in whole.values()} - less) == 1


def test_bytes_count_as_well_as_rows(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shards, "SHARD_BYTES", 1_000)
    parts = cut(keys(600, size=100))
    assert max(len(part) for part in parts.values()) <= 10


def test_months_follow_each_other_and_the_undated_come_last():
    found = keys(300)
    days = found.days.copy()
    days[-1] = 2**31 - 1
    names = list(cut(RowKeys(days, found.ids, found.rows, found.sizes)))
    assert names == [f"train-{month}-00000.parquet" for month in ("2024-10", "2024-11", "2024-12", "undated")]


@pytest.mark.parametrize("sizes", [[shards.SHARD_BYTES + 1], [1, shards.SHARD_BYTES + 1, 1], [shards.SHARD_BYTES] * 3])
@pytest.mark.parametrize("alike", [False, True])
def test_a_row_that_is_larger_than_a_shard(sizes: list[int], alike: bool):
    """Alone it is in a shard of its own; ids that differ in their last bytes only cannot be parted."""
    found = keys(len(sizes))
    ids = np.array([b"same" * 3 + bytes([n] * 4) for n in range(len(sizes))], "S16") if alike else found.ids
    days = np.full(len(sizes), found.days[0])
    parts = list(cut(RowKeys(days, ids, found.rows, np.array(sizes, np.int32))).values())
    assert sorted(row for part in parts for row in part) == list(range(len(sizes)))
    assert len(parts) == 1 if alike or len(sizes) == 1 else len(parts) > 1
