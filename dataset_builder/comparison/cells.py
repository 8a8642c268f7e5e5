"""Which rows of two columns differ, decided on whole columns, nested ones too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.visible import one_line

#: Code points of a value that a difference quotes.
_QUOTED = 120


def differing(old: pa.Array, new: pa.Array) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """A truth value for each row; both columns are of one type and length. Two nulls are equal, and so are two NaN."""
    kind = old.type
    nulls = _mask(pc.not_equal(old.is_null(), new.is_null()))
    if pa.types.is_struct(kind):
        for before, after in zip(old.flatten(), new.flatten(), strict=True):
            nulls |= differing(before, after)
        return nulls
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return nulls | _differing_lists(old, new)
    unequal = pc.fill_null(pc.not_equal(old, new), False)
    if pa.types.is_floating(kind):
        unequal = pc.and_not(unequal, pc.fill_null(pc.and_(pc.is_nan(old), pc.is_nan(new)), False))
    return nulls | _mask(unequal)


def _differing_lists(old: pa.Array, new: pa.Array) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Lists of another length differ; of the others the items are compared, all at once."""
    lengths = [pc.fill_null(pc.list_value_length(side), 0) for side in (old, new)]
    result = _mask(pc.not_equal(*lengths))
    same = np.flatnonzero(~result)
    before, after = old.take(pa.array(same)), new.take(pa.array(same))
    items = differing(before.flatten(), after.flatten())
    if items.any():
        parents = pc.list_parent_indices(before).to_numpy(zero_copy_only=False)
        result[same[np.unique(parents[items])]] = True
    return result


def _mask(array: pa.Array) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return np.array(array.to_numpy(zero_copy_only=False), dtype=np.bool_)


def shown(value: Any) -> str:
    """A cell on one line; a list of objects by its length."""
    if value is None or value == []:
        return "nothing"
    if isinstance(value, list):
        plain = all(isinstance(item, str) for item in value)
        return one_line(", ".join(value), _QUOTED) if plain else f"{len(value)} item{'' if len(value) == 1 else 's'}"
    return one_line(value.isoformat() if hasattr(value, "isoformat") else str(value), _QUOTED)
