"""The store of results: what is put comes back, and what was tampered with does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from dataset_builder.cache.keys import row_keys
from dataset_builder.cache.store import Shelf, forget_shelves, opened
from dataset_builder.errors import OutsideError

SCHEMA = pa.schema([("word", pa.string()), ("tags", pa.list_(pa.int32()))])
ROWS = pa.table({"word": ["quay", "rope", "tide"], "tags": [[1], [], [2, 3]]}, schema=SCHEMA)


def keys(*words: str) -> np.ndarray[tuple[int], np.dtype[np.bytes_]]:
    return row_keys(pa.table({"word": list(words)}), ["word"])


def shelf(root: Path) -> Shelf:
    return Shelf(root, "step", "0123", SCHEMA)


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    first = shelf(tmp_path)
    first.put(keys("quay", "rope"), ROWS.slice(0, 2))
    first.flush()
    first.put(keys("tide"), ROWS.slice(2))
    first.flush()
    assert len(packs(tmp_path)) == 2
    return tmp_path


def packs(root: Path) -> list[Path]:
    return sorted(root.rglob("*.pack"), key=lambda path: -path.stat().st_size)


def test_rows_come_back_in_the_order_of_the_keys(filled: Path):
    known, rows = shelf(filled).fetch(keys("tide", "moon", "quay", "rope", "quay"))
    assert known.tolist() == [True, False, True, True, True]
    assert rows.column("word").to_pylist() == ["tide", "quay", "rope", "quay"]
    assert rows.column("tags").to_pylist() == [[2, 3], [1], [], [1]]
    assert rows.schema == SCHEMA


def test_nothing_is_known_at_first(tmp_path: Path):
    known, rows = shelf(tmp_path).fetch(keys("quay"))
    assert not known.any()
    assert rows.num_rows == 0
    assert shelf(tmp_path).fetch(keys("quay")[:0])[0].tolist() == []


def test_the_same_rows_make_the_same_pack(filled: Path):
    again = shelf(filled)
    again.put(keys("tide"), ROWS.slice(2))
    again.flush()
    assert len(packs(filled)) == 2


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    place = content.rindex(b"quay")
    content[place : place + 4] = b"gold"
    path.write_bytes(content)


def swapped(path: Path) -> None:
    path.write_bytes(packs(path.parent)[1].read_bytes())


@pytest.mark.parametrize("damage", [cut, emptied, flipped, swapped])
def test_a_damaged_pack_is_not_used_and_goes(filled: Path, damage):
    damaged, whole = packs(filled)
    damage(damaged)
    known, rows = shelf(filled).fetch(keys("quay", "tide"))
    assert known.tolist() == [False, damage is not swapped]  # what claims another pack's keys may hide them
    assert rows.column("word").to_pylist() == ["tide"] * int(known[1])
    assert whole.exists()
    assert not damaged.exists()
    repaired = shelf(filled)
    repaired.put(keys("quay", "rope"), ROWS.slice(0, 2))
    repaired.flush()
    assert shelf(filled).fetch(keys("quay", "tide"))[0].all()


def test_a_pack_of_other_columns_is_not_used(filled: Path):
    other = Shelf(filled, "step", "0123", pa.schema([("word", pa.string())]))
    assert not other.fetch(keys("quay"))[0].any()


def test_a_pack_that_goes_meanwhile_is_a_miss(filled: Path):
    reader = shelf(filled)
    assert reader.fetch(keys("moon"))[0].tolist() == [False]
    for path in packs(filled):
        path.unlink()
    assert reader.fetch(keys("rope"))[0].tolist() == [False]


def test_a_process_opens_a_shelf_once_until_it_is_told_to_look_again(filled: Path):
    first = opened(filled, "step", "0123", SCHEMA)
    assert opened(filled, "step", "0123", SCHEMA) is first
    forget_shelves()
    assert opened(filled, "step", "0123", SCHEMA) is not first


def test_a_store_that_cannot_be_written_says_what_to_do(tmp_path: Path):
    (tmp_path / "step").write_text("in the way")
    blocked = shelf(tmp_path)
    blocked.put(keys("tide"), ROWS.slice(2))
    with pytest.raises(OutsideError, match="cannot be written") as caught:
        blocked.flush()
    assert "--no-cache" in caught.value.hint


def test_keys_depend_on_values_and_not_on_batches():
    table = pa.table({"a": ["x", "x", None], "b": [[{"c": 1.5}], [], None]})
    whole = row_keys(table, ["a", "b"])
    parts = [row_keys(table.slice(row, 1), ["a", "b"]) for row in range(3)]
    assert whole.tolist() == np.concatenate(parts).tolist()
    assert len(set(whole.tolist())) == 3
    assert row_keys(pa.table({"a": ["1"]}), ["a"]) != row_keys(pa.table({"a": [1]}), ["a"])
    with pytest.raises(ValueError, match="no columns"):
        row_keys(table, [])


def test_days_have_keys_and_so_has_the_same_text_however_it_was_made():
    days = pa.table({"day": [date(2024, 1, 5), date(2024, 1, 6), None]})
    assert len(set(row_keys(days, ["day"]).tolist())) == 3
    words = [[{"field": "title", "value": "title"}], [{"field": "".join(["ti", "tle"]), "value": "title"}]]
    one, other = row_keys(pa.table({"claims": words}), ["claims"]).tolist()
    assert one == other
