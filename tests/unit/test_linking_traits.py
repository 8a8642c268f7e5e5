"""What is compared between articles, read back from its spool."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from dataset_builder.copies.signature import BANDS, BITMAP_BITS
from dataset_builder.engines.spool import Spool
from dataset_builder.linking import traits
from dataset_builder.linking.traits import TRAITS_SCHEMA, SpooledSignatures

ROWS = 23


def batch(draw: np.random.Generator, first: int, rows: int) -> pa.RecordBatch:
    columns = {
        "id": [f"{first + n:032x}" for n in range(rows)],
        "date": [None] * rows,
        "page": [None] * rows,
        "fetched_at": [None] * rows,
        "bands": [draw.bytes(4 * BANDS) for _ in range(rows)],
        "bitmap": [draw.bytes(BITMAP_BITS // 8) for _ in range(rows)],
        "anchors": [[1, 2]] * rows,
        "empty": [False] * rows,
    }
    return pa.RecordBatch.from_pydict(columns, TRAITS_SCHEMA)


def test_bitmaps_are_the_same_whether_held_or_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(5)
    parts = [[batch(draw, 0, 7), batch(draw, 7, 5)], [batch(draw, 12, ROWS - 12)]]
    spool = Spool.joined(Spool.write(tmp_path / f"{n}.arrow", TRAITS_SCHEMA, part) for n, part in enumerate(parts))
    signatures = SpooledSignatures(spool)
    held = signatures.bitmaps
    monkeypatch.setattr(traits, "_HELD_BYTES", 0)
    fetched = signatures.bitmaps
    assert isinstance(held, np.ndarray)
    assert not isinstance(fetched, np.ndarray)
    assert len(held) == len(fetched) == ROWS
    for rows in (np.arange(ROWS), np.array([22, 0, 11, 12, 0]), draw.permutation(ROWS)):
        assert np.array_equal(held[rows], fetched[rows])
