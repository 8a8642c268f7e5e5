"""How many rows of a Parquet file may be decoded together: honest tables lose nothing, bombs are taken row by row."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataset_builder import parquet_bounds
from dataset_builder.parquet_bounds import BATCH_BYTES, rows_at_once

LONG = 2**22


def at_once(table: pa.Table, most: int, **options: Any) -> int:
    raw = io.BytesIO()
    pq.write_table(table, raw, compression="zstd", dictionary_pagesize_limit=2**24, **options)
    raw.seek(7)
    rows = rows_at_once(raw, pq.ParquetFile(raw).metadata, most)
    assert raw.tell() >= 0
    return rows


def test_many_texts_of_ordinary_length_are_read_together() -> None:
    """A dictionary of four megabytes that holds a thousand bodies multiplies none of them."""
    bodies = [f"{number:04}" * 1_000 for number in range(1_000)]
    assert at_once(pa.table({"body": bodies}), 4_096) == 4_096


@pytest.mark.parametrize("nested", [False, True])
def test_one_long_text_for_many_rows_is_read_in_few_rows(nested: bool) -> None:
    text = "x" * LONG
    values = pa.DictionaryArray.from_arrays(pa.array([0] * 10_000, pa.int32()), pa.array([text]))
    column: pa.Array = values
    if nested:
        column = pa.ListArray.from_arrays(pa.array(range(0, 10_001, 10), pa.int32()), values)
    rows = at_once(pa.table({"body": column}), 4_096)
    assert rows == BATCH_BYTES // LONG // (10 if nested else 1)


def test_a_column_whose_path_is_ambiguous_is_judged_by_its_whole_dictionary() -> None:
    values = pa.DictionaryArray.from_arrays(pa.array([0, 1] * 500, pa.int32()), pa.array(["x" * LONG, "y"]))
    table = pa.Table.from_arrays([values, values], names=["a.b", "c"])
    assert at_once(table, 4_096) <= BATCH_BYTES // LONG


def test_the_page_of_a_dictionary_is_not_believed_to_be_small_where_its_header_is_none() -> None:
    assert parquet_bounds._page_size(b"\x00" * 32) == parquet_bounds._UNKNOWN
