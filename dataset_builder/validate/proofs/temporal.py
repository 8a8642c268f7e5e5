"""Proofs for the field types ``date``, ``datetime``, ``time``, ``yearmonth`` and ``duration``."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.validate.missing import is_text, numpy_mask
from dataset_builder.validate.proofs.condition import (
    BOUNDS,
    Condition,
    bound_conditions,
    enum_condition,
    matches,
    read_enum,
)

# Spellings that frictionless's parsers (``strptime``, dateutil's ``isoparse``) read beyond doubt. A 29 February is left
# to them.
_YEAR = "(?:000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})"
_DAY = "(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_ZONE = "(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?"
_DATE_TEXT = rf"\A{_YEAR}-{_DAY}\z"
# The year 9999 and the first are left out: a zone may carry them over the edge.
_DATETIME_TEXT = rf"\A[12][0-9]{{3}}-{_DAY}T{_CLOCK}(?:\.[0-9]{{1,6}})?{_ZONE}\z"
_TIME_TEXT = rf"\A{_CLOCK}(?:\.[0-9]{{1,6}})?{_ZONE}\z"
_YEARMONTH_TEXT = r"\A[0-9]{4}-(?:0[1-9]|1[0-2])\z"

# What Python's types hold; a zone may move a timestamp by a day.
_FIRST_DAY, _LAST_DAY = dt.date(1, 1, 2), dt.date(9999, 12, 30)
_LONGEST = dt.timedelta(days=999_999)


def prove_date(field: Any, kind: pa.DataType, constraints: dict[str, Any]) -> tuple[Condition, ...] | None:
    """Arrow dates, and days written as ISO 8601 has them."""
    if pa.types.is_date(kind):
        bounds = bound_conditions(field, constraints, lambda name, bound: _bound(name, bound, dt.date, kind))
        if bounds is None:
            return None
        if "enum" in constraints:
            enum = enum_condition(read_enum(field, constraints), kind)
            if enum is None:
                return None
            bounds = (*bounds, enum)
        return (_between(_FIRST_DAY, _LAST_DAY, kind), *bounds)
    if is_text(kind) and field.format == "default":
        # Days of four-digit years sort as their texts do.
        bounds = bound_conditions(field, constraints, lambda name, bound: _text_bound(name, bound, kind))
        return None if bounds is None else (matches(_DATE_TEXT), *bounds)
    return None


def prove_datetime(field: Any, kind: pa.DataType, constraints: dict[str, Any]) -> tuple[Condition, ...] | None:
    """Arrow timestamps, zoned or not, and RFC 3339 texts."""
    if pa.types.is_timestamp(kind) and _has_known_zone(kind):
        bounds = bound_conditions(field, constraints, lambda name, bound: _timestamp_bound(name, bound, kind))
        if bounds is None:
            return None
        first, last = (_instant(day, kind) for day in (_FIRST_DAY, _LAST_DAY))
        # Nanoseconds span the years 1677 to 2262, all of which Python holds.
        held = () if kind.unit == "ns" else (_between(first, last, kind),)
        return (*held, *bounds)
    if is_text(kind) and field.format == "default" and not constraints:
        return (matches(_DATETIME_TEXT),)
    return None


def prove_time(field: Any, kind: pa.DataType, constraints: dict[str, Any]) -> tuple[Condition, ...] | None:
    """Arrow times, and clock times written in full."""
    if constraints:
        return None
    if pa.types.is_time(kind):
        return (_between(dt.time.min, dt.time.max.replace(microsecond=0), kind),)
    return (matches(_TIME_TEXT),) if is_text(kind) and field.format == "default" else None


def prove_yearmonth(field: Any, kind: pa.DataType, constraints: dict[str, Any]) -> tuple[Condition, ...] | None:
    """Months written as ISO 8601 has them."""
    del field
    return (matches(_YEARMONTH_TEXT),) if is_text(kind) and not constraints else None


def prove_duration(field: Any, kind: pa.DataType, constraints: dict[str, Any]) -> tuple[Condition, ...] | None:
    """Arrow durations."""
    del field
    if not pa.types.is_duration(kind) or constraints:
        return None
    return () if kind.unit == "ns" else (_between(-_LONGEST, _LONGEST, kind),)


def _between(first: Any, last: Any, kind: pa.DataType) -> Condition:
    low, high = pa.scalar(first, kind), pa.scalar(last, kind)
    return lambda column: numpy_mask(pc.and_(pc.greater_equal(column, low), pc.less_equal(column, high)))


def _bound(name: str, bound: Any, python_type: type, kind: pa.DataType) -> Condition | None:
    if type(bound) is not python_type:
        return None
    scalar = pa.scalar(bound, kind)
    return lambda column: numpy_mask(BOUNDS[name](column, scalar))


def _text_bound(name: str, bound: Any, kind: pa.DataType) -> Condition | None:
    if type(bound) is not dt.date:
        return None
    scalar = pa.scalar(bound.isoformat(), kind)
    return lambda column: numpy_mask(BOUNDS[name](column, scalar))


def _timestamp_bound(name: str, bound: Any, kind: pa.DataType) -> Condition | None:
    """A comparison of instants where both sides are zoned, of wall times where neither is."""
    if not isinstance(bound, dt.datetime) or (bound.tzinfo is None) != (kind.tz is None) or kind.unit == "ns":
        # Frictionless sees nanoseconds cut to microseconds, the kernel does not.
        return None
    try:
        instant = pa.scalar(bound if kind.tz is None else bound.astimezone(dt.UTC), pa.timestamp("us", kind.tz))
    except (OverflowError, pa.ArrowException):
        return None
    return lambda column: numpy_mask(BOUNDS[name](column, instant))


def _instant(day: dt.date, kind: pa.DataType) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, tzinfo=None if kind.tz is None else dt.UTC)


def _has_known_zone(kind: pa.DataType) -> bool:
    try:
        pa.scalar(0, kind).as_py()
    except (pa.ArrowException, KeyError, ValueError, OSError):
        return False
    return True
