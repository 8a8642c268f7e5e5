"""Proofs for the field types ``string`` and ``boolean``."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.validate.matcher import matcher_of
from dataset_builder.validate.missing import Mask, encodable, is_text, numpy_mask
from dataset_builder.validate.proofs.condition import Condition, enum_condition, matches, read_enum

#: Spellings that frictionless accepts beyond doubt; it reads the rest itself.
_FORMATS = {
    # RFC 3986 in its plainest form: http(s), a registered name, a path and a query of unreserved characters.
    "uri": r"\Ahttps?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/[A-Za-z0-9._~-]+)*/?(?:\?[A-Za-z0-9._~=&-]*)?\z",
    "uuid": r"\A[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\z",
}


def prove_string(field: Any, kind: pa.DataType, constraints: dict[str, Any]) -> tuple[Condition, ...] | None:
    """Text is a string; lengths count code points; patterns by :mod:`dataset_builder.validate.matcher`."""
    if not is_text(kind):
        return None
    conditions: list[Condition] = []
    if field.format in _FORMATS:
        conditions.append(matches(_FORMATS[field.format]))
    elif field.format in ("email", "binary", "wkt"):
        return None
    if (low := constraints.pop("minLength", None)) is not None:
        conditions.append(lambda column: _at_least(column, low))
    if (high := constraints.pop("maxLength", None)) is not None:
        conditions.append(lambda column: _at_most(column, high))
    if (pattern := constraints.pop("pattern", None)) is not None:
        conditions.append(matcher_of(pattern).match_column)
    if "enum" in constraints:
        enum = enum_condition(read_enum(field, constraints), kind)
        if enum is None:
            return None
        conditions.append(enum)
    if conditions:
        # The kernels trust that text is UTF-8, Parquet files only promise it.
        conditions.insert(0, _is_utf8)
    return tuple(conditions)


def prove_boolean(field: Any, kind: pa.DataType, constraints: dict[str, Any]) -> tuple[Condition, ...] | None:
    """Arrow booleans, and the texts that the field names."""
    if constraints:
        return None
    if pa.types.is_boolean(kind):
        return ()
    if is_text(kind):
        spellings = [text for text in (*field.true_values, *field.false_values) if encodable(text)]
        return (lambda column: numpy_mask(pc.is_in(column, value_set=pa.array(spellings, kind))),)
    return None


def _is_utf8(column: pa.Array) -> Mask:
    binary = pa.large_binary() if pa.types.is_large_string(column.type) else pa.binary()
    try:
        column.cast(binary).cast(column.type)
    except pa.ArrowInvalid:
        return np.zeros(len(column), dtype=np.bool_)
    return np.ones(len(column), dtype=np.bool_)


def _at_least(column: pa.Array, length: int) -> Mask:
    """At least ``length`` code points; a code point takes at most four bytes, so long text need not be counted."""
    held = numpy_mask(pc.greater_equal(pc.binary_length(column), 4 * length))
    return held if held.all() else _count(column, held, pc.greater_equal, length)


def _at_most(column: pa.Array, length: int) -> Mask:
    """At most ``length`` code points; never more than bytes, so short text need not be counted."""
    held = numpy_mask(pc.less_equal(pc.binary_length(column), length))
    return held if held.all() else _count(column, held, pc.less_equal, length)


def _count(column: pa.Array, held: Mask, compare: Any, length: int) -> Mask:
    held = held.copy()
    rest = ~held
    held[rest] = numpy_mask(compare(pc.utf8_length(column.filter(pa.array(rest))), length))
    return held
