"""The columnar writer says what Python's own JSON says of the same rows."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataset_builder.schema import released_tables
from dataset_builder.snapshot.row_json import row_texts
from made_snapshots import made_value

KIND = pa.schema(
    [
        pa.field("text", pa.string()),
        pa.field("a number", pa.int64()),
        pa.field("share %", pa.float64()),
        pa.field("kept", pa.bool_()),
        pa.field("day", pa.date32()),
        pa.field("moment", pa.timestamp("us", tz="UTC")),
        pa.field("nested", pa.struct([pa.field("z", pa.list_(pa.string())), pa.field("a", pa.int64())])),
        pa.field("items", pa.list_(pa.struct([pa.field("b", pa.string()), pa.field("a", pa.float64())]))),
    ]
)
TEXT = st.none() | st.text(max_size=6)
NUMBER = st.none() | st.integers(-(2**63), 2**63 - 1)
SHARE = st.none() | st.floats(allow_nan=False, allow_infinity=False)
ROW = st.fixed_dictionaries(
    {
        "text": TEXT,
        "a number": NUMBER,
        "share %": SHARE,
        "kept": st.none() | st.booleans(),
        "day": st.none() | st.dates(),
        "moment": st.none() | st.datetimes(datetime(1800, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),
        "nested": st.none() | st.fixed_dictionaries({"z": st.none() | st.lists(TEXT, max_size=3), "a": NUMBER}),
        "items": st.none() | st.lists(st.none() | st.fixed_dictionaries({"b": TEXT, "a": SHARE}), max_size=3),
    }
)


def plain(batch: pa.RecordBatch) -> list[str]:
    def dumped(row: dict[str, Any]) -> str:
        return json.dumps(
            row, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=lambda moment: moment.isoformat()
        )

    return [dumped(row) for row in batch.to_pylist()]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(ROW, max_size=6), st.integers(0, 3))
def test_rows_are_what_json_dumps_writes(rows: list[dict[str, Any]], start: int) -> None:
    batch = pa.RecordBatch.from_pylist(rows, schema=KIND).slice(min(start, len(rows)))
    assert row_texts(batch) == plain(batch)


def test_rows_of_the_released_tables() -> None:
    for table in released_tables().values():
        rows = [{field["name"]: made_value(field, number) for field in table.fields} for number in range(9)]
        batch = pa.RecordBatch.from_pylist(rows, schema=table.arrow)
        assert row_texts(batch) == plain(batch)


def test_days_and_moments() -> None:
    batch = pa.RecordBatch.from_pylist(
        [{"day": date(2024, 2, 29), "moment": datetime(2024, 2, 29, 6, 5, tzinfo=UTC)}],
        schema=pa.schema([KIND.field("day"), KIND.field("moment")]),
    )
    assert row_texts(batch) == ['{"day":"2024-02-29","moment":"2024-02-29T06:05:00+00:00"}']
