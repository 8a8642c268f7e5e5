"""Arrow values as the native Python cells that frictionless judges.

This conversion is the definition of a cell's value: ``null`` is ``None``, a list is a ``list``, a struct or a map is a
``dict``, a decimal is a ``Decimal``, a date, time, timestamp or duration is the ``datetime`` type, to the microsecond,
and a zoned timestamp keeps its zone. A value that Python has no type for (the year 20000) becomes its text, so that
frictionless judges the text and no row is lost.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


def native_rows(batch: pa.RecordBatch) -> list[list[Any]]:
    """The rows of ``batch`` as lists of native cells."""
    columns = [native_cells(column) for column in batch.columns]
    return [list(cells) for cells in zip(*columns, strict=True)] if columns else [[] for _ in range(batch.num_rows)]


def native_cells(column: pa.Array | pa.ChunkedArray) -> list[Any]:
    """The cells of ``column``; lists and dictionaries are fresh, so a judge may change them."""
    column = _to_microseconds(column)
    try:
        return _to_pylist(column)
    except (OverflowError, ValueError, UnicodeDecodeError, pa.ArrowException):
        return [_native_cell(column, index) for index in range(len(column))]


def _to_pylist(column: pa.Array | pa.ChunkedArray) -> list[Any]:
    return list(column.to_pylist(maps_as_pydicts="lossy"))


def _native_cell(column: pa.Array | pa.ChunkedArray, index: int) -> Any:
    try:
        return _to_pylist(column.slice(index, 1))[0]
    except (OverflowError, ValueError, UnicodeDecodeError, pa.ArrowException):
        return _text(column, index)


def _text(column: pa.Array | pa.ChunkedArray, index: int) -> str:
    """The value as Arrow prints it, where Python has no type for it."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return bytes(pc.cast(column.slice(index, 1), pa.large_binary())[0].as_py()).decode("utf-8", "backslashreplace")
    try:
        return str(pc.cast(column.slice(index, 1), pa.string())[0].as_py())
    except (pa.ArrowException, UnicodeDecodeError):
        return f"<{column.type} that Python cannot hold>"


def _to_microseconds(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Nanoseconds cut to microseconds: ``datetime`` counts no finer, and pandas types would change the messages."""
    coarse = _microsecond_type(column.type)
    return column if coarse is None else pc.cast(column, coarse, safe=False)


def _microsecond_type(kind: pa.DataType) -> pa.DataType | None:
    """``kind`` with every ``ns`` replaced by ``us``; None where there is none."""
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return pa.timestamp("us", kind.tz)
    if pa.types.is_duration(kind) and kind.unit == "ns":
        return pa.duration("us")
    if pa.types.is_time64(kind) and kind.unit == "ns":
        return pa.time64("us")
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        item = _microsecond_type(kind.value_type)
        build = pa.list_ if pa.types.is_list(kind) else pa.large_list
        return None if item is None else build(kind.value_field.with_type(item))
    if pa.types.is_struct(kind):
        members = [_microsecond_type(member.type) for member in kind]
        if any(members):
            return pa.struct([old.with_type(new or old.type) for old, new in zip(kind, members, strict=True)])
    return None
