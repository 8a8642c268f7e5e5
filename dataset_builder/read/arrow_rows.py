"""Rows of an Arrow batch as Python values, where a cell that Python cannot hold costs nothing but itself.

Arrow knows moments of the year 294,247, zones that no database knows and text that is not UTF-8; Python raises for
each, at whichever cell it comes to first. So a batch is converted whole, and only where that fails by column, by cell,
and within a cell by member.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dataset_builder.visible import one_line

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class UnheldCell:
    """A cell that Python cannot hold, or what of a nested one it cannot; ``words`` are its type and number."""

    words: str

    def __str__(self) -> str:
        return self.words


def batch_rows(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    """Each row by column, its cells as JSON would hold them or :class:`UnheldCell`; no column has another's name."""
    names = batch.schema.names
    try:
        rows = batch.to_pylist()
    except _unheld():
        columns = [_column(column) for column in batch.columns]
        rows = [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]
    for row in rows:
        yield {name: _plain(value) for name, value in row.items()}


def _unheld() -> tuple[type[Exception], ...]:
    """What pyarrow raises: besides its own, errors of datetime, of UTF-8, and a KeyError for an unknown zone."""
    import pyarrow as pa

    return (pa.ArrowException, ValueError, ArithmeticError, LookupError, TypeError, ImportError)


def _column(column: pa.Array) -> list[Any]:
    try:
        return list(column.to_pylist())
    except _unheld():
        return [_cell(scalar) for scalar in column]


def _cell(scalar: pa.Scalar) -> Any:
    import pyarrow as pa

    try:
        return scalar.as_py()
    except _unheld():
        kind = scalar.type
    if pa.types.is_struct(kind):
        names = [kind.field(index).name for index in range(kind.num_fields)]
        if len(set(names)) == len(names):
            return {name: _cell(scalar[index]) for index, name in enumerate(names)}
    elif pa.types.is_nested(kind) and isinstance(getattr(scalar, "values", None), pa.Array):
        return [_cell(item) for item in scalar.values]
    elif pa.types.is_timestamp(kind) and kind.unit == "ns":  # Python counts microseconds
        return _cell(scalar.cast(pa.timestamp("us", kind.tz), safe=False))
    return UnheldCell(one_line(f"{kind} {_number(scalar)}".strip()))


def _number(scalar: pa.Scalar) -> str:
    """What a moment, a day or a length of time is counted as; empty where the cell is no number."""
    try:
        value = scalar.value
    except (AttributeError, ArithmeticError, LookupError, ValueError):
        return ""
    return str(value) if isinstance(value, int) else ""


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
