"""Conditions that several field types share: membership, bounds and the length of nested values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.validate.missing import Mask, encodable, is_text, numpy_mask

#: Which cells of a column hold, False where the cell is null.
Condition = Callable[[pa.Array], Mask]

#: The constraints that bound a value, with the kernel that compares a cell with the bound.
BOUNDS = {
    "minimum": pc.greater_equal,
    "maximum": pc.less_equal,
    "exclusiveMinimum": pc.greater,
    "exclusiveMaximum": pc.less,
}


def enum_condition(members: Sequence[Any], kind: pa.DataType) -> Condition | None:
    """Membership among ``members``, the enum as frictionless reads it.

    Members of another Python type than the cells' are left out, which is sound; None where the type has no simple
    equality.
    """
    if not isinstance(members, list):
        return None
    python_type = _python_type(kind)
    if python_type is None:
        return None
    same = [member for member in members if type(member) is python_type]
    if python_type is str:
        same = [member for member in same if encodable(str(member))]
    try:
        value_set = pa.array(same, kind)
    except (pa.ArrowException, OverflowError):
        return None
    return lambda column: numpy_mask(pc.is_in(column, value_set=value_set))


def matches(pattern: str) -> Condition:
    """RE2 finds ``pattern``."""
    return lambda column: numpy_mask(pc.match_substring_regex(column, pattern))


def bound_conditions(field: Any, constraints: dict[str, Any], make: Callable[[str, Any], Condition | None]) -> Any:
    """The conditions of the bounds in ``constraints``, which are taken out of it; None where one is not understood.

    ``make`` gets the constraint's name and the bound as frictionless reads it.
    """
    read_value = field.create_value_reader()
    conditions = []
    for name in BOUNDS:
        if name in constraints:
            condition = make(name, read_value(constraints.pop(name)))
            if condition is None:
                return None
            conditions.append(condition)
    return tuple(conditions)


def read_enum(field: Any, constraints: dict[str, Any]) -> list[Any]:
    """The enum as frictionless reads it, taken out of ``constraints``."""
    return list(map(field.create_value_reader(), constraints.pop("enum")))


def length_conditions(constraints: dict[str, Any], length: Callable[[pa.Array], pa.Array]) -> tuple[Condition, ...]:
    """The conditions of ``minLength`` and ``maxLength``, which are taken out of ``constraints``."""
    conditions: list[Condition] = []
    if (low := constraints.pop("minLength", None)) is not None:
        conditions.append(lambda column: numpy_mask(pc.greater_equal(length(column), low)))
    if (high := constraints.pop("maxLength", None)) is not None:
        conditions.append(lambda column: numpy_mask(pc.less_equal(length(column), high)))
    return tuple(conditions)


def _python_type(kind: pa.DataType) -> type | None:
    if is_text(kind):
        return str
    if pa.types.is_boolean(kind):
        return bool
    if pa.types.is_integer(kind):
        return int
    if pa.types.is_date32(kind):
        return dt.date
    return None
