"""The packed rows of the list."""

from __future__ import annotations

import gzip
import json
from base64 import b64decode
from typing import Any

import pyarrow as pa
import pytest

from dataset_builder.report import listing
from dataset_builder.report.listing import Listing
from large_snapshot import catalog_batch

PATHS = ("author", "provenance.locator", "usage_terms")


def unpacked(text: str) -> Any:
    return json.loads(gzip.decompress(b64decode(text)))


def listed(rows: int, cut: int, skip: int = 0) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    made = Listing(skip, PATHS)
    batch = catalog_batch(rows)
    for start in range(0, rows, cut):
        made.add(batch.slice(start, cut))
    ids = batch.column("id").slice(1, 1)
    index = made.index([ids], [pa.array([7], pa.int32())])
    return unpacked(index), [unpacked(piece) for piece in made.pieces]


@pytest.mark.parametrize("cut", [1, 3, 7, 100])
def test_the_rows_come_back_however_they_are_cut(cut: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PIECE_ROWS", 3)
    index, pieces = listed(8, cut)
    rows = catalog_batch(8).to_pylist()
    assert index["id"] == [row["id"] for row in rows]
    assert index["date"][0] == "2015-01-01"
    assert index["words"] == [None, 7, *[None] * 6]
    source = index["coded"]["source"]
    assert [source["values"][code] for code in source["codes"]] == [row["source"] for row in rows]
    assert [len(piece["author"]) for piece in pieces] == [3, 3, 2]
    assert [name for piece in pieces for name in piece["provenance.locator"]] == [
        row["provenance"]["locator"] for row in rows
    ]
    assert "usage_terms" not in pieces[0], "a column without a value is left out"


def test_only_the_last_rows_are_listed() -> None:
    index, pieces = listed(9, 4, skip=5)
    assert index["rows"] == 4
    assert index["id"] == catalog_batch(9).column("id").to_pylist()[5:]
    assert len(pieces[0]["author"]) == 4


def test_nothing_is_a_list_as_well() -> None:
    index = unpacked(Listing(0, PATHS).index([], []))
    assert (index["rows"], index["id"]) == (0, [])


def test_a_long_text_is_cut() -> None:
    assert listing.cell("x" * 5000) == "x" * (listing.CELL_LIMIT - 1) + "…"
