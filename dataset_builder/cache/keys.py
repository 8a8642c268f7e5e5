"""Keys: digests of a row's values, the same whatever batch the row stands in."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

#: Two of a billion rows have the same digest once in 10^20.
KEY_BYTES = 16
#: Of marshal.
_FORM = 2

Keys = npt.NDArray[np.bytes_]


def row_keys(batch: pa.RecordBatch | pa.Table, columns: Sequence[str]) -> Keys:
    """One digest a row over the values of ``columns``, with their types and their order."""
    if not columns:
        raise ValueError("a key of no columns")
    values = zip(*(batch.column(name).to_pylist() for name in columns), strict=True)
    digests = [hashlib.blake2b(_content(row), digest_size=KEY_BYTES).digest() for row in values]
    return np.frombuffer(b"".join(digests), f"S{KEY_BYTES}")


def _content(row: tuple[Any, ...]) -> bytes:
    """The values as bytes: equal ones for equal values only.

    Version 2 of marshal's form knows neither references nor interned text, which would tell apart what is equal. It
    has no dates and moments; a row with one is told as Python writes it, behind a word that no such form begins with.
    """
    try:
        return marshal.dumps(row, _FORM)
    except ValueError:
        return b"repr" + repr(row).encode()
