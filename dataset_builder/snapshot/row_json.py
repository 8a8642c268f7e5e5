"""Rows as canonical JSON, a column at a time.

The text of a row is what Python's ``json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))`` makes
of ``Table.to_pylist()``, with days and moments in ISO 8601 as ``isoformat()`` writes them (a test compares the two).
Going by columns takes less than half of the time, which counts for a million rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from json.encoder import encode_basestring
from typing import Any

import pyarrow as pa

_NULL = "null"


def row_texts(batch: pa.RecordBatch) -> list[str]:
    """The canonical JSON of every row, in order."""
    return _texts(pa.StructArray.from_arrays(batch.columns, fields=list(batch.schema)))


def _texts(array: pa.Array) -> list[str]:
    kind = array.type
    if pa.types.is_struct(kind):
        return _objects(array)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _lists(array)
    if array.null_count == len(array):
        return [_NULL] * len(array)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        values = array.to_numpy(zero_copy_only=False).tolist()  # half the time of to_pylist()
        return [_NULL if value is None else encode_basestring(value) for value in values]
    return _repeated(array, _moment if pa.types.is_temporal(kind) else json.dumps)


def _repeated(array: pa.Array, write: Callable[[Any], str]) -> list[str]:
    """Numbers, truth values, days: few different ones, so each is written once."""
    coded = array.dictionary_encode()
    texts = [_NULL if value is None else write(value) for value in coded.dictionary.to_pylist()]
    return [_NULL if index is None else texts[index] for index in coded.indices.to_pylist()]


def _moment(value: Any) -> str:
    return f'"{value.isoformat()}"'


def _objects(array: pa.StructArray) -> list[str]:
    kind = array.type
    order = sorted(range(kind.num_fields), key=lambda index: kind.field(index).name)
    if not order:
        return ["{}" if valid else _NULL for valid in array.is_valid().to_pylist()]
    names = [encode_basestring(kind.field(index).name).replace("%", "%%") for index in order]
    template = "{" + ",".join(f"{name}:%s" for name in names) + "}"
    members = zip(*(_texts(child) for child in _children(array, order)), strict=True)
    made = [template % values for values in members]
    if array.null_count:
        return [text if valid else _NULL for text, valid in zip(made, array.is_valid().to_pylist(), strict=True)]
    return made


def _children(array: pa.StructArray, order: list[int]) -> list[pa.Array]:
    flat = array.flatten()  # as the rows see them: what stands below a null is null
    return [flat[index] for index in order]


def _lists(array: pa.Array) -> list[str]:
    items = _texts(array.flatten())
    texts: list[str] = []
    start = 0
    for length in array.value_lengths().to_pylist():
        if length is None:
            texts.append(_NULL)
            continue
        texts.append(f"[{','.join(items[start : start + length])}]")
        start += length
    return texts
