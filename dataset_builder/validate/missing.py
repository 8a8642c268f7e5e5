"""Missing values: which cells frictionless reads as None.

Frictionless compares ``str(cell)`` with the field's missing values. For text that is a lookup; for other types a
missing value such as ``-1`` or ``nan`` may be the text of a cell, and then frictionless's own reader decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Mask = npt.NDArray[np.bool_]


def missing_values_of(field: Any) -> tuple[str, ...]:
    """The missing values that hold for ``field``: its own, else those of its schema."""
    if not field.has_defined("missing_values") and field.schema:
        return tuple(field.schema.missing_values)
    return tuple(field.missing_values)


def blank_cells(column: pa.Array, missing_values: Sequence[str]) -> Mask | None:
    """Which cells of ``column`` are null or, in a text column, a missing value; None where none is."""
    blank = pc.is_null(column).to_numpy(zero_copy_only=False) if column.null_count else None
    if missing_values and is_text(column.type):
        longest = max(len(value.encode("utf-8", "surrogatepass")) for value in missing_values)
        short = numpy_mask(pc.less_equal(pc.binary_length(column), longest))
        if short.any():
            texts = pa.array([value for value in missing_values if encodable(value)], column.type)
            found = np.zeros(len(column), dtype=np.bool_)
            found[short] = numpy_mask(pc.is_in(column.filter(pa.array(short)), value_set=texts))
            blank = found if blank is None else blank | found
    return blank if blank is not None and blank.any() else None


def may_be_missing(missing_values: Sequence[str], kind: pa.DataType) -> bool:
    """Whether the text of a cell of this Arrow type, text itself aside, could equal a missing value."""
    return any(_may_spell(value, kind) for value in missing_values)


def is_text(kind: pa.DataType) -> bool:
    """Whether the type holds UTF-8 text in a form whose kernels are complete."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def numpy_mask(mask: pa.Array | pa.ChunkedArray) -> Mask:
    """An Arrow mask as numpy, null as False."""
    if mask.null_count:
        mask = pc.fill_null(mask, False)
    return np.asarray(mask.to_numpy(zero_copy_only=False), dtype=np.bool_)


def encodable(text: str) -> bool:
    """Whether ``text`` has no lone surrogate, which no Arrow string can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _may_spell(value: str, kind: pa.DataType) -> bool:
    types = pa.types
    if is_text(kind) or types.is_null(kind):
        return False
    if types.is_boolean(kind):
        return value in ("True", "False")
    if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
        return _is_number(value)
    if types.is_date(kind) or types.is_timestamp(kind) or types.is_time(kind):
        return value[:1].isdigit()
    if types.is_duration(kind):
        return value[:1].isdigit() or value[:1] == "-"
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return value[:1] == "["
    if types.is_struct(kind) or types.is_map(kind):
        return value[:1] == "{"
    return value != ""


def _is_number(value: str) -> bool:
    try:
        Decimal(value)
    except InvalidOperation:
        return False
    return True
