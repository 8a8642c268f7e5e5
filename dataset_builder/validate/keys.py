"""Unique fields and primary keys by digest: 16 bytes a row, whatever the keys' length.

A digest finds the rows that may repeat a key; frictionless judges them, so that a collision of digests costs a little
time and changes no verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from dataset_builder.validate.missing import Mask

Digests = npt.NDArray[np.int64]
RowNumbers = npt.NDArray[np.int64]


def digest_cells(keys: Sequence[Any]) -> Digests:
    """One digest a key; equal keys, ``1`` and ``1.0`` included, have equal digests. Raises ``TypeError`` for lists."""
    return np.fromiter(map(hash, keys), dtype=np.int64, count=len(keys))


@dataclass(slots=True)
class SeenKeys:
    """The first row of every digest so far, as sorted runs that double in size."""

    _runs: list[tuple[Digests, RowNumbers]] = field(default_factory=list)

    def earlier(self, digests: Digests, rows: RowNumbers) -> RowNumbers:
        """For each row the first row with its digest, before it or itself; then remember them.

        Args:
            digests: one a row.
            rows: their row numbers, ascending and all above those of earlier calls.
        """
        unique, first, inverse = np.unique(digests, return_index=True, return_inverse=True)
        owners = rows[first].copy()
        known = np.zeros(len(unique), dtype=np.bool_)
        for run_digests, run_rows in self._runs:
            at = np.searchsorted(run_digests, unique)
            at[at == len(run_digests)] = 0
            hit = run_digests[at] == unique
            owners[hit] = run_rows[at[hit]]
            known |= hit
        self._remember(unique[~known], owners[~known])
        return np.asarray(owners[inverse], dtype=np.int64)

    def _remember(self, digests: Digests, rows: RowNumbers) -> None:
        if not len(digests):
            return
        self._runs.append((digests, rows))
        while len(self._runs) > 1 and len(self._runs[-2][0]) < 2 * len(self._runs[-1][0]):
            (late_digests, late_rows), (early_digests, early_rows) = self._runs.pop(), self._runs.pop()
            merged = np.concatenate([early_digests, late_digests])
            order = np.argsort(merged, kind="stable")
            self._runs.append((merged[order], np.concatenate([early_rows, late_rows])[order]))


@dataclass(slots=True)
class Key:
    """One unique field, or the primary key.

    Attributes:
        positions: the columns, 0-based.
        is_primary: whether rows without any of the key's cells break it.
        seen: the digests so far.
    """

    positions: tuple[int, ...]
    is_primary: bool
    seen: SeenKeys = field(default_factory=SeenKeys)

    def repeats(self, cells: Sequence[list[Any]], rows: RowNumbers) -> tuple[Mask, RowNumbers]:
        """Which rows break the key or may, and for each of them the first row that holds its key.

        Args:
            cells: one list of parsed cells for each of the positions.
            rows: the row numbers.
        """
        keys: Sequence[Any] = cells[0] if len(cells) == 1 else list(zip(*cells, strict=True))
        empty = None if len(cells) == 1 else (None,) * len(cells)
        present = np.ones(len(rows), dtype=np.bool_)
        if empty in keys:
            present[:] = [key != empty for key in keys]
        owners = rows.copy()
        broken = ~present if self.is_primary else np.zeros(len(rows), dtype=np.bool_)
        if present.any():
            held = keys if present.all() else [key for key in keys if key != empty]
            owners[present] = self.seen.earlier(digest_cells(held), rows[present])
        return broken | (owners != rows), owners
