"""Parquet tables, a batch of rows at a time; only the batch in hand is in memory."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dataset_builder.issues import Issue
from dataset_builder.parquet_bounds import decoded_bytes, rows_at_once
from dataset_builder.read.context import InputFile
from dataset_builder.read.record import RawRecord, Rejection
from dataset_builder.read.streams import StreamError, open_raw
from dataset_builder.read.tabular import RowReader
from dataset_builder.visible import one_line

#: Rows that are turned into Python values together; articles are kilobytes each.
_BATCH_ROWS = 256


def read_parquet(file: InputFile) -> Iterator[RawRecord | Rejection]:
    """Yield one record or rejection a row; rows before damage are kept."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = RowReader(file)
    number = 0
    try:
        with open_raw(file) as raw:
            table = pq.ParquetFile(pa.PythonFile(raw, "r"), pre_buffer=False)
            most, grown = file.limits.unpacked_bytes(raw.seek(0, io.SEEK_END)), 0
            at_once = rows_at_once(raw, table.metadata, _BATCH_ROWS)
            for batch in table.iter_batches(batch_size=at_once, use_threads=False):
                grown += decoded_bytes(batch)
                if grown > most:
                    yield _bomb(file, number, most)
                    return
                for values in batch.to_pylist():
                    number += 1
                    yield rows.record({name: _plain(value) for name, value in values.items()}, row=number)
    except StreamError as error:
        yield Rejection(error.issue)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        found = one_line(str(error).split("\n", 1)[0])
        yield Rejection(Issue(file.locator, row=number + 1, code="table-damaged", found=found, expected="Parquet"))


def _bomb(file: InputFile, number: int, most: int) -> Rejection:
    found, expected = (
        f"more than {most} decoded bytes",
        f"at most {file.limits.unpacked_ratio} from each byte of the file",
    )
    return Rejection(Issue(file.locator, row=number + 1, code="compression-bomb", found=found, expected=expected))


def _plain(value: Any) -> Any:
    """A cell as JSON would hold it; days and instants in ISO 8601."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    return value
