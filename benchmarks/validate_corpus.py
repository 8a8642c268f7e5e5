"""Made-up articles as nested Parquet, some of them bad, for the benchmark of validation."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

#: The schema that the articles are checked against: keys, patterns, formats, lengths, bounds, an enum and nesting.
SCHEMA: dict[str, Any] = {
    "fields": [
        {"name": "id", "type": "string", "constraints": {"required": True, "unique": True, "pattern": "[0-9a-f]{32}"}},
        {"name": "title", "type": "string", "constraints": {"required": True, "minLength": 1, "maxLength": 500}},
        {"name": "date", "type": "date", "constraints": {"minimum": "1990-01-01"}},
        {"name": "published_at", "type": "datetime"},
        {"name": "source", "type": "string", "constraints": {"required": True}},
        {"name": "url", "type": "string", "format": "uri"},
        {"name": "language", "type": "string", "constraints": {"pattern": "[a-z]{2,3}(-[A-Za-z0-9]+)*"}},
        {"name": "body", "type": "string", "constraints": {"required": True, "minLength": 1}},
        {"name": "body_sha256", "type": "string", "constraints": {"pattern": "[0-9a-f]{64}"}},
        {"name": "license", "type": "string", "constraints": {"enum": ["CC-BY-4.0", "CC0-1.0"]}},
        {"name": "quality", "type": "number", "constraints": {"minimum": 0, "maximum": 1}},
        {"name": "revision", "type": "integer", "constraints": {"minimum": 0}},
        {"name": "entities", "type": "array", "arrayItem": {"type": "object", "constraints": {"required": True}}},
        {"name": "provenance", "type": "object", "constraints": {"required": True}},
    ],
    "primaryKey": ["id"],
}
#: The columns that stock frictionless can read from Parquet: no lists, no structs.
FLAT = [field["name"] for field in SCHEMA["fields"] if field["type"] not in ("array", "object")]
FLAT_SCHEMA = {**SCHEMA, "fields": [field for field in SCHEMA["fields"] if field["name"] in FLAT]}

_GROUP_ROWS = 10_000
_BODY_LENGTH = 4000
_SEED = 20241105


def write_articles(path: Path, rows: int, bad_share: float, *, flat: bool = False) -> None:
    """Write ``rows`` articles of 4 kB, ``bad_share`` of them with one error each."""
    random = np.random.default_rng(_SEED)
    text = _words(random, 48 * 2**20)
    writer: pq.ParquetWriter | None = None
    for start in range(0, rows, _GROUP_ROWS):
        table = _articles(random, text, start, min(_GROUP_ROWS, rows - start), bad_share)
        table = table.select(FLAT) if flat else table
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd", write_page_index=True)
        writer.write_table(table, row_group_size=_GROUP_ROWS)
    assert writer is not None
    writer.close()


def _words(random: np.random.Generator, length: int) -> str:
    letters = random.choice(np.frombuffer(b"etaoinshrdlucmfwyp", dtype="S1"), size=(20_000, 9))
    lengths = random.integers(2, 9, size=len(letters))
    vocabulary = [bytes(b"".join(row[:end])).decode() for row, end in zip(letters, lengths, strict=True)]
    ranks = np.minimum(random.zipf(1.2, size=length // 6), len(vocabulary)) - 1
    return " ".join([vocabulary[rank] for rank in ranks])


def _articles(random: np.random.Generator, text: str, start: int, rows: int, bad_share: float) -> pa.Table:
    numbers = range(start, start + rows)
    offsets = random.integers(0, len(text) - _BODY_LENGTH, size=rows)
    bodies = [text[offset : offset + _BODY_LENGTH] for offset in offsets]
    day = dt.date(2019, 1, 1)
    moment = dt.datetime(2019, 1, 1, tzinfo=dt.UTC)
    columns: dict[str, list[Any]] = {
        "id": [hashlib.sha256(str(number).encode()).hexdigest()[:32] for number in numbers],
        "title": [body[:60] for body in bodies],
        "date": [day + dt.timedelta(days=number % 2000) for number in numbers],
        "published_at": [moment + dt.timedelta(minutes=number) for number in numbers],
        "source": ["ledger"] * rows,
        "url": [f"https://ledger.example.org/{number}" for number in numbers],
        "language": ["en"] * rows,
        "body": bodies,
        "body_sha256": [hashlib.sha256(body.encode()).hexdigest() for body in bodies],
        "license": ["CC-BY-4.0"] * rows,
        "quality": random.random(rows).tolist(),
        "revision": [number % 7 for number in numbers],
        "entities": [
            [{"text": body[at : at + 8], "label": "ORG", "start": at, "end": at + 8} for at in range(0, 120, 10)]
            for body in bodies
        ],
        "provenance": [{"fetched_at": "2024-01-01T00:00:00Z", "media_type": "text/plain"}] * rows,
    }
    _spoil(columns, start, np.flatnonzero(random.random(rows) < bad_share).tolist())
    kinds = {"date": pa.date32(), "published_at": pa.timestamp("us", "UTC")}
    return pa.table({name: pa.array(cells, kinds.get(name)) for name, cells in columns.items()})


def _spoil(columns: dict[str, list[Any]], start: int, rows: list[int]) -> None:
    """One error in each of ``rows``, of every kind in turn, repeated keys across row groups included."""
    first = hashlib.sha256(b"0").hexdigest()[:32]
    faults: list[tuple[str, Any]] = [
        ("id", first if start else None),
        ("language", "ENGLISH"),
        ("quality", 1.5),
        ("revision", -1),
        ("license", "unknown"),
        ("url", "not an address"),
        ("entities", [None]),
        ("title", None),
    ]
    for turn, row in enumerate(rows):
        name, value = faults[turn % len(faults)]
        columns[name][row] = value
