"""Proofs for the field types ``integer``, ``number`` and ``year``."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.validate.missing import Mask, is_text, numpy_mask
from dataset_builder.validate.proofs.condition import (
    BOUNDS,
    Condition,
    bound_conditions,
    enum_condition,
    matches,
    read_enum,
)

#: Spellings that ``int`` and ``Decimal`` read beyond doubt, short enough for int64 and for float64 without overflow.
_INTEGER = r"\A-?[0-9]{1,18}\z"
_NUMBER = r"\A-?[0-9]{1,15}(?:\.[0-9]{1,15})?\z"
_YEAR = r"\A[0-9]{4}\z"

#: The sides on which a float that lies beyond the bound is good.
_BEYOND = {
    "minimum": pc.greater,
    "exclusiveMinimum": pc.greater,
    "maximum": pc.less,
    "exclusiveMaximum": pc.less,
}


def prove_integer(field: Any, kind: pa.DataType, constraints: dict[str, Any]) -> tuple[Condition, ...] | None:
    """Arrow integers, integral floats and plain digits."""
    if pa.types.is_integer(kind):
        return _prove_integers(field, kind, constraints)
    if pa.types.is_float64(kind) or pa.types.is_float32(kind):
        bounds = bound_conditions(field, constraints, lambda name, bound: _float_bound(name, bound, int))
        return None if bounds is None else (_is_integral, *bounds)
    if is_text(kind) and field.bare_number:
        bounds = bound_conditions(field, constraints, lambda name, bound: _integer_bound(name, bound, pa.int64()))
        if bounds is None:
            return None
        return (matches(_INTEGER), *(_of_cast(bound, _INTEGER, pa.int64()) for bound in bounds))
    return None


def prove_number(field: Any, kind: pa.DataType, constraints: dict[str, Any]) -> tuple[Condition, ...] | None:
    """Arrow integers and floats, NaN and infinity included as frictionless does, and plain decimals."""
    if pa.types.is_integer(kind):
        return _prove_integers(field, kind, constraints)
    if pa.types.is_float64(kind) or pa.types.is_float32(kind):
        read_value = field.create_value_reader()
        return bound_conditions(field, constraints, lambda name, bound: _float_bound(name, bound, read_value))  # type: ignore[no-any-return]
    if pa.types.is_decimal(kind) and not constraints:
        return ()
    if is_text(kind) and not {"group_char", "decimal_char", "bare_number"} & set(field.list_defined()):
        bounds = bound_conditions(field, constraints, lambda name, bound: _float_bound(name, bound, None))
        if bounds is None:
            return None
        return (matches(_NUMBER), *(_of_cast(bound, _NUMBER, pa.float64()) for bound in bounds))
    return None


def prove_year(field: Any, kind: pa.DataType, constraints: dict[str, Any]) -> tuple[Condition, ...] | None:
    """Integers from 0 to 9999, and four digits."""
    if pa.types.is_integer(kind):
        proven = _prove_integers(field, kind, constraints)
        return None if proven is None else (lambda column: numpy_mask(pc.is_in(column, _years(kind))), *proven)
    return (matches(_YEAR),) if is_text(kind) and not constraints else None


def _prove_integers(field: Any, kind: pa.DataType, constraints: dict[str, Any]) -> tuple[Condition, ...] | None:
    conditions = bound_conditions(field, constraints, lambda name, bound: _integer_bound(name, bound, kind))
    if conditions is None:
        return None
    if "enum" in constraints:
        enum = enum_condition([_as_int(member) for member in read_enum(field, constraints)], kind)
        if enum is None:
            return None
        conditions = (*conditions, enum)
    return conditions  # type: ignore[no-any-return]


def _as_int(value: Any) -> Any:
    """An integral decimal as the integer that equals it."""
    return int(value) if isinstance(value, Decimal) and value.is_finite() and value == int(value) else value


def _integer_bound(name: str, bound: Any, kind: pa.DataType) -> Condition | None:
    """An exact comparison of integers with a bound that may be fractional, or outside what ``kind`` holds."""
    if isinstance(bound, bool) or not isinstance(bound, (int, float, Decimal)) or not math.isfinite(bound):
        return None
    low, high = _range(kind)
    if name in ("minimum", "exclusiveMinimum"):
        first = math.ceil(bound) if name == "minimum" else math.floor(bound) + 1
        return _constant(first <= low) if not low < first <= high else _compare(pc.greater_equal, first, kind)
    last = math.floor(bound) if name == "maximum" else math.ceil(bound) - 1
    return _constant(last >= high) if not low <= last < high else _compare(pc.less_equal, last, kind)


def _float_bound(name: str, bound: Any, read_value: Callable[[float], Any] | None) -> Condition | None:
    """A comparison of floats with a bound that no float may equal.

    A float beyond the float nearest to the bound lies beyond the bound, for rounding keeps the order. For the nearest
    float itself frictionless's own comparison decides, on the value that ``read_value`` makes of it.
    """
    if isinstance(bound, bool) or not isinstance(bound, (int, float, Decimal)) or not math.isfinite(bound):
        return None
    try:
        nearest = float(bound)
    except OverflowError:
        return None
    beyond = _BEYOND[name]
    if read_value is None:
        return lambda column: numpy_mask(beyond(column, nearest))
    compare = BOUNDS[name] if _holds(name, read_value(nearest), bound) else beyond
    return lambda column: numpy_mask(compare(column, nearest))


def _holds(name: str, value: Any, bound: Any) -> bool:
    if name == "minimum":
        return bool(value >= bound)
    if name == "maximum":
        return bool(value <= bound)
    return bool(value > bound) if name == "exclusiveMinimum" else bool(value < bound)


def _of_cast(condition: Condition, spelling: str, kind: pa.DataType) -> Condition:
    """``condition`` on the numbers that the texts spell; texts of another spelling count as null."""

    def holds(column: pa.Array) -> Mask:
        spelled = pc.match_substring_regex(column, spelling)
        return condition(pc.if_else(spelled, column, pa.scalar(None, column.type)).cast(kind))

    return holds


def _is_integral(column: pa.Array) -> Mask:
    return numpy_mask(pc.and_(pc.is_finite(column), pc.equal(pc.floor(column), column)))


def _compare(kernel: Callable[..., Any], value: int, kind: pa.DataType) -> Condition:
    scalar = pa.scalar(value, kind)
    return lambda column: numpy_mask(kernel(column, scalar))


def _constant(held: bool) -> Condition:
    return lambda column: np.full(len(column), held)


def _range(kind: pa.DataType) -> tuple[int, int]:
    bits = kind.bit_width
    return (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if pa.types.is_signed_integer(kind) else (0, 2**bits - 1)


def _years(kind: pa.DataType) -> pa.Array:
    low, high = _range(kind)
    return pa.array(range(max(0, low), min(9999, high) + 1), kind)
