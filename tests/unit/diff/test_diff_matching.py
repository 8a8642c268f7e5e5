"""Articles are found again wherever the other snapshot keeps them, a row group at a time."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataset_builder.comparison.rows import Match, Tally
from dataset_builder.comparison.shards import Side
from dataset_builder.errors import SnapshotError

SCHEMA = pa.schema(
    [("id", pa.string()), ("title", pa.string()), ("license", pa.string()), ("at", pa.struct([("place", pa.string())]))]
)
FIELDS = (("title",), ("license",), ("at", "place"))


def article(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()[:32]


def write(root: Path, name: str, rows: list[dict[str, Any]]) -> Side:
    """Two shards with small row groups."""
    root.mkdir(exist_ok=True)
    middle = len(rows) // 2
    for number, part in enumerate((rows[:middle], rows[middle:])):
        table = pa.Table.from_pylist(part, schema=SCHEMA)
        pq.write_table(table, root / f"{name}-{number}.parquet", row_group_size=7)
    return Side(root, [f"{name}-0.parquet", f"{name}-1.parquet"])


@pytest.mark.parametrize("seed", range(6))
def test_the_tally_is_that_of_a_plain_comparison(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    rows = {
        article(n): {"id": article(n), "title": f"T{n}", "license": draw.choice(["A", "B", None]), "at": {"place": "p"}}
        for n in range(60)
    }
    old = {key: row for key, row in rows.items() if draw.random() < 0.8}
    new = {key: dict(row) for key, row in rows.items() if draw.random() < 0.8}
    for row in new.values():
        if draw.random() < 0.3:
            row["title"] += "!"
        if draw.random() < 0.2:
            row["license"] = draw.choice(["A", "B", None])
        if draw.random() < 0.2:
            row["at"] = draw.choice([None, {"place": None}, {"place": "q"}])
    order = list(new.values())
    if seed % 2:
        draw.shuffle(order)
    sides = write(tmp_path / "old", "a", list(old.values())), write(tmp_path / "new", "b", order)
    match = Match.of(sides[0].ids, sides[1].ids)
    assert len(match.added) == len(new.keys() - old.keys())
    assert len(match.removed) == len(old.keys() - new.keys())
    tally = Tally(np.sort(sides[1].ids[match.new]), limit=0)
    tally.compare(*sides, FIELDS)
    common = old.keys() & new.keys()
    expected = {
        "title": sum(old[key]["title"] != new[key]["title"] for key in common),
        "license": sum(old[key]["license"] != new[key]["license"] for key in common),
        "at.place": sum((old[key]["at"] or {}).get("place") != (new[key]["at"] or {}).get("place") for key in common),
    }
    assert {entry.field: entry.articles for entry in tally.fields()} == {k: n for k, n in expected.items() if n}
    changed = {key for key in common if any(_plain(old[key])[name] != _plain(new[key])[name] for name in expected)}
    assert {entry.id for entry in tally.listed()} == changed
    assert tally.changed == len(changed)
    assert all(entry.title == new[entry.id]["title"] for entry in tally.listed())
    assert sum(move.articles for move in tally.transitions()) == expected["license"]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {"title": row["title"], "license": row["license"], "at.place": (row["at"] or {}).get("place")}


def test_ids_that_end_in_zeros_are_told_apart(tmp_path: Path) -> None:
    ids = ["ab" + "0" * 30, "abc" + "0" * 29, "0" * 32]
    side = write(tmp_path, "a", [{"id": key, "title": key} for key in ids])
    match = Match.of(side.ids, side.ids[::-1].copy())
    assert (len(match.added), len(match.removed), len(match.old)) == (0, 0, 3)


def test_what_is_no_id_is_said(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="32 hexadecimal digits"):
        write(tmp_path, "a", [{"id": "ab"}, {"id": "cd"}])
