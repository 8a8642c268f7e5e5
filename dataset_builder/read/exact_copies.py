"""Exact copies collapse into one record that lists every sighting; the copies' claims travel with it.

What the copies say about rights is weighed later, where the strictest holds. Copies are found by digest alone, over all
that was read: sixteen bytes a record are in memory, the records are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataset_builder.issues import Issue
from dataset_builder.records import RAW_SCHEMA, split_locator

if TYPE_CHECKING:
    from dataset_builder.engines.spool import Spool

#: Columns in which a merged record holds the values of all its copies.
_GATHERED = ("claims", "sightings", "raw_findings", "raw_flags")

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class RawArticles:
    """What was read, each payload once: the first sighting of it, with what the later ones say.

    Attributes:
        spool: every record that was read.
        later: numbers of the rows whose payload stands in an earlier row, sorted.
        first_of: the number of that row, for each of them.
    """

    spool: Spool
    later: Rows
    first_of: Rows

    @classmethod
    def of(cls, spool: Spool, digests: npt.NDArray[np.void]) -> RawArticles:
        """Find the copies in ``spool``; ``digests`` are its rows' ids, sixteen bytes each."""
        _, first, inverse = np.unique(digests, return_index=True, return_inverse=True)
        first_of = first[inverse]
        later = np.flatnonzero(first_of != np.arange(len(digests)))
        return cls(spool, later, first_of[later])

    @property
    def rows(self) -> int:
        """How many different articles there are."""
        return self.spool.rows - len(self.later)

    @cached_property
    def _copies(self) -> dict[int, list[int]]:
        copies: dict[int, list[int]] = {}
        for later, first in zip(self.later.tolist(), self.first_of.tolist(), strict=True):
            copies.setdefault(first, []).append(later)
        return copies

    def read(self, first: int = 0, last: int | None = None) -> Iterator[pa.RecordBatch]:
        """The articles, batch by batch of the spool; a batch of copies alone is an empty batch."""
        numbers = range(first, self.spool.batches if last is None else last)
        for number, batch in zip(numbers, self.spool.read(first, last), strict=True):
            yield self._merged(number, batch)

    def batch(self, number: int) -> pa.RecordBatch:
        """The articles of one batch of the spool."""
        return next(self.read(number, number + 1))

    def _merged(self, number: int, batch: pa.RecordBatch) -> pa.RecordBatch:
        start, end = self.spool.batch_starts[number : number + 2].tolist()
        gone = self.later[np.searchsorted(self.later, start) : np.searchsorted(self.later, end)] - start
        found = [row for row in range(start, end) if row in self._copies] if self._copies else []
        if found:
            rows = batch.to_pylist()
            for row in found:
                for copy in self._rows(self._copies[row]):
                    rows[row - start] |= {name: rows[row - start][name] + copy[name] for name in _GATHERED}
            batch = pa.RecordBatch.from_pylist(rows, schema=RAW_SCHEMA)
        if not len(gone):
            return batch
        return batch.take(pa.array(np.delete(np.arange(end - start), gone)))

    def _rows(self, numbers: list[int]) -> list[Mapping[str, Any]]:
        rows: list[Mapping[str, Any]] = self.spool.take(np.array(numbers, np.int64)).to_pylist()
        return rows

    def issues(self) -> Iterator[Issue]:
        """One finding a copy."""
        if not len(self.later):
            return
        own, first = (self._locators(rows) for rows in (self.later, self.first_of))
        for locator, original in zip(own, first, strict=True):
            path, line, row = split_locator(locator)
            yield Issue(path, line, row, code="exact-copy", found=f"the payload of {original}")

    def _locators(self, rows: Rows) -> list[str]:
        sightings = self.spool.take(rows, ["sightings"]).column("sightings").to_pylist()
        return [seen[0]["locator"] for seen in sightings]
