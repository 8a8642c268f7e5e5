"""The keys that a foreign key may name: exact, and small enough for millions."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any, overload

import numpy as np
import pyarrow as pa

from dataset_builder.validate.keys import digest_cells
from dataset_builder.validate.missing import Mask


class KeySet:
    """A set of tuples that frictionless may ask with ``in``: sorted digests find a key, the key itself decides."""

    def __init__(self, keys: Sequence[tuple[Any, ...]]) -> None:
        self._keys = keys
        digests = digest_cells(keys)
        self._order = np.argsort(digests, kind="stable")
        self._digests = digests[self._order]

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: object) -> bool:
        digest = hash(key)
        start = int(np.searchsorted(self._digests, digest))
        for at in range(start, len(self._digests)):
            if self._digests[at] != digest:
                break
            if self._keys[int(self._order[at])] == key:
                return True
        return False

    def lacks(self, keys: Sequence[tuple[Any, ...]]) -> Mask:
        """Which of ``keys`` may be absent; what is here is never said to be absent unless two digests collide."""
        absent = np.ones(len(keys), dtype=np.bool_)
        if len(self._keys):
            digests = digest_cells(keys)
            at = np.searchsorted(self._digests, digests)
            at[at == len(self._digests)] = 0
            for index in np.flatnonzero(self._digests[at] == digests).tolist():
                absent[index] = self._keys[int(self._order[at[index]])] != keys[index]
        return absent


class TextKeys(Sequence[tuple[str]]):
    """The tuples of a key of one text column, kept as Arrow keeps them."""

    def __init__(self, texts: pa.Array) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, index: int) -> tuple[str]: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[str]]: ...

    def __getitem__(self, index: int | slice) -> tuple[str] | Sequence[tuple[str]]:
        return TextKeys(self._texts[index]) if isinstance(index, slice) else (self._texts[index].as_py(),)


def missing_keys(cells: Sequence[list[Any]], known: Container[Any]) -> Mask:
    """Which rows name a key that may not be ``known``; a row without any cell of the key names none.

    Args:
        cells: one list of parsed cells for each field of the foreign key.
        known: the keys as tuples.
    """
    keys = list(zip(*cells, strict=True))
    empty = (None,) * len(cells)
    named = np.fromiter((key != empty for key in keys), dtype=np.bool_, count=len(keys))
    if isinstance(known, KeySet):
        return named & known.lacks(keys)
    return named & np.fromiter((key not in known for key in keys), dtype=np.bool_, count=len(keys))
