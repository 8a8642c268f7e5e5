"""Proofs for the field types ``array``, ``object`` and ``list``.

The items of an array are checked as a column of their own (:mod:`dataset_builder.validate.column`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.validate.missing import Mask, is_text, numpy_mask
from dataset_builder.validate.proofs.condition import Condition, length_conditions


def is_sequence(kind: pa.DataType) -> bool:
    """Whether cells of this type are lists, in a form whose kernels are complete."""
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind))


def prove_array(field: Any, kind: pa.DataType, constraints: dict[str, Any]) -> tuple[Condition, ...] | None:
    """Arrow lists, by their length."""
    del field
    return length_conditions(constraints, pc.list_value_length) if is_sequence(kind) else None


def prove_object(field: Any, kind: pa.DataType, constraints: dict[str, Any]) -> tuple[Condition, ...] | None:
    """Arrow structs; their length is the number of their members."""
    del field
    if not pa.types.is_struct(kind):
        return None
    members = len({kind.field(index).name for index in range(kind.num_fields)})
    return length_conditions(constraints, lambda column: pa.array(np.full(len(column), members)))


def prove_list(field: Any, kind: pa.DataType, constraints: dict[str, Any]) -> tuple[Condition, ...] | None:
    """Texts as lists of texts, and Arrow lists whose items have the item's type and are all there."""
    if is_text(kind) and field.item_type == "string" and field.delimiter:
        return () if not constraints else None
    item_types = {"string": is_text, "integer": pa.types.is_integer, "boolean": pa.types.is_boolean}
    understood = item_types.get(field.item_type)
    if not is_sequence(kind) or understood is None or not understood(kind.value_type):
        return None
    return (_has_all_items, *length_conditions(constraints, pc.list_value_length))


def _has_all_items(column: pa.Array) -> Mask:
    """Whether no item is null; frictionless refuses a list with a null in it."""
    complete = np.ones(len(column), dtype=np.bool_)
    items = column.flatten()
    if items.null_count:
        parents = pc.list_parent_indices(column).filter(items.is_null())
        complete[parents.to_numpy(zero_copy_only=False)] = False
    return complete & numpy_mask(pc.is_valid(column))
