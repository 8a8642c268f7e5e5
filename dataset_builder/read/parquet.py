"""Parquet tables, a batch of rows at a time; only the batch in hand is in memory."""

from __future__ import annotations

import io
from collections.abc import Iterator

from dataset_builder.issues import Issue
from dataset_builder.parquet_bounds import decoded_bytes, rows_at_once
from dataset_builder.read.arrow_rows import batch_rows
from dataset_builder.read.context import InputFile
from dataset_builder.read.record import RawRecord, Rejection
from dataset_builder.read.streams import StreamError, open_raw
from dataset_builder.read.tabular import RowReader, columns_problem
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
            if problem := columns_problem(table.schema_arrow.names):
                yield rows.no_header(problem)
                return
            most, grown = file.limits.unpacked_bytes(raw.seek(0, io.SEEK_END)), 0
            at_once = rows_at_once(raw, table.metadata, _BATCH_ROWS)
            for batch in table.iter_batches(batch_size=at_once, use_threads=False):
                grown += decoded_bytes(batch)
                if grown > most:
                    yield _bomb(file, number, most)
                    return
                for values in batch_rows(batch):
                    number += 1
                    yield rows.record(values, row=number)
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
