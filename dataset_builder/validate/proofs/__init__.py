"""What Arrow can prove about the cells of a column.

A proof is sufficient, never necessary: a cell that it passes is good in frictionless's eyes; a cell that it does not
pass is looked at by frictionless's own reader. Where a field type, a format, a constraint or an Arrow type is not
understood there is no proof, and frictionless reads every cell.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from dataset_builder.validate.missing import may_be_missing, missing_values_of
from dataset_builder.validate.proofs.condition import Condition, enum_condition
from dataset_builder.validate.proofs.nested import prove_array, prove_list, prove_object
from dataset_builder.validate.proofs.numbers import prove_integer, prove_number, prove_year
from dataset_builder.validate.proofs.temporal import (
    prove_date,
    prove_datetime,
    prove_duration,
    prove_time,
    prove_yearmonth,
)
from dataset_builder.validate.proofs.text import prove_boolean, prove_string

__all__ = ["Condition", "prove"]

#: Constraints that are no matter of single cells, or handled for every type alike.
_ELSEWHERE = ("required", "unique")


def prove(field: Any, kind: pa.DataType) -> tuple[Condition, ...] | None:
    """Conditions on a column of type ``kind`` which together prove a cell good; None where there is no proof.

    The conditions say nothing about nulls and missing values.

    Args:
        field: a frictionless field.
        kind: the Arrow type of the column.
    """
    prover = _PROVERS.get(field.type)
    if prover is None or may_be_missing(missing_values_of(field), kind):
        return None
    constraints = {
        name: value for name, value in field.constraints.items() if value is not None and name not in _ELSEWHERE
    }
    proven = prover(field, kind, constraints)
    if proven is None or constraints:
        # A constraint that the prover left over is one that it does not understand.
        return None
    return proven


def _prove_any(field: Any, kind: pa.DataType, constraints: dict[str, Any]) -> tuple[Condition, ...] | None:
    del field
    if "enum" not in constraints:
        return ()
    condition = enum_condition(constraints.pop("enum"), kind)
    return None if condition is None else (condition,)


_PROVERS = {
    "any": _prove_any,
    "array": prove_array,
    "boolean": prove_boolean,
    "date": prove_date,
    "datetime": prove_datetime,
    "duration": prove_duration,
    "integer": prove_integer,
    "list": prove_list,
    "number": prove_number,
    "object": prove_object,
    "string": prove_string,
    "time": prove_time,
    "year": prove_year,
    "yearmonth": prove_yearmonth,
}
