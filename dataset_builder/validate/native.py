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

#: What pyarrow raises for a value without a Python counterpart: a year 20000, text that is no UTF-8, an unknown zone,
#: two members of one name.
_NOT_PYTHON = (OverflowError, ValueError, KeyError, OSError, pa.ArrowException)


def native_rows(batch: pa.RecordBatch) -> list[list[Any]]:
    """The rows of ``batch`` as lists of native cells."""
    columns = [native_cells(column) for column in batch.columns]
    return [list(cells) for cells in zip(*columns, strict=True)] if columns else [[] for _ in range(batch.num_rows)]


def native_cells(column: pa.Array | pa.ChunkedArray) -> list[Any]:
    """The cells of ``column``; lists and dictionaries are fresh, so a judge may change them."""
    column = _to_microseconds(column)
    try:
        return list(column.to_pylist(maps_as_pydicts="lossy"))
    except _NOT_PYTHON:
        chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
        return [cell for chunk in chunks for cell in _cells_one_by_one(chunk)]


def _cells_one_by_one(column: pa.Array) -> list[Any]:
    """The cells of a column some of whose values Python cannot hold: only those become text, however deep."""
    kind = column.type
    if pa.types.is_struct(kind):
        members = [native_cells(column.field(index)) for index in range(kind.num_fields)]
        names = [kind.field(index).name for index in range(kind.num_fields)]
        rows = zip(*members, strict=True) if members else ((),) * len(column)
        structs = [dict(zip(names, row, strict=True)) for row in rows]
        return [struct if scalar.is_valid else None for struct, scalar in zip(structs, column, strict=True)]
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return [native_cells(scalar.values) if scalar.is_valid else None for scalar in column]
    return [_native_cell(column, index) for index in range(len(column))]


def _native_cell(column: pa.Array, index: int) -> Any:
    try:
        return column[index].as_py(maps_as_pydicts="lossy")
    except _NOT_PYTHON:
        return _text(column, index)


def _text(column: pa.Array, index: int) -> str:
    """The value as Arrow prints it, where Python has no type for it."""
    cell = column.slice(index, 1)
    if pa.types.is_string(cell.type) or pa.types.is_large_string(cell.type):
        return bytes(pc.cast(cell, pa.large_binary())[0].as_py()).decode("utf-8", "backslashreplace")
    try:
        return str(pc.cast(cell, pa.string())[0].as_py())
    except _NOT_PYTHON:
        return f"<{cell.type} that Python cannot hold>"


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
