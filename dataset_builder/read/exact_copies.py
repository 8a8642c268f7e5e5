"""Exact copies collapse into one record that lists every sighting; the copies' claims travel with it.

What the copies say about rights is weighed later, where the strictest holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from dataset_builder.issues import Issue
from dataset_builder.read.record import RawRecord
from dataset_builder.records import RAW_SCHEMA, split_locator

#: Columns in which a merged record holds the values of all its copies.
_GATHERED = ("claims", "sightings", "raw_findings", "raw_flags")


class ExactCopies:
    """Fan-in over payload digests: the first sighting of a payload passes, later ones wait to be merged into it."""

    def __init__(self) -> None:
        self.merged = 0
        self.issues: list[Issue] = []
        self._first: dict[bytes, str] = {}
        self._later: dict[str, list[dict[str, Any]]] = {}

    def firsts(self, records: Iterable[RawRecord]) -> Iterator[dict[str, Any]]:
        """Rows of ``RAW_SCHEMA`` for the records whose payload was not seen before."""
        for record in records:
            key = bytes.fromhex(record.id)
            if key not in self._first:
                self._first[key] = record.locator
                yield record.as_row()
                continue
            self.merged += 1
            self._later.setdefault(record.id, []).append(record.as_row())
            path, line, row = split_locator(record.locator)
            found = f"the payload of {self._first[key]}"
            self.issues.append(Issue(path, line, row, code="exact-copy", found=found))

    def later(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """(id, row of ``RAW_SCHEMA``) of every sighting after the first."""
        return ((article, row) for article, rows in self._later.items() for row in rows)

    def merge(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """``batch`` with the copies' claims, sightings and findings added to the records that they are copies of."""
        ids = batch.column("id").to_pylist()
        if not self._later or not any(article in self._later for article in ids):
            return batch
        rows = batch.to_pylist()
        for row in rows:
            for copy in self._later.get(row["id"], ()):
                for name in _GATHERED:
                    row[name] = row[name] + copy[name]
        return pa.RecordBatch.from_pylist(rows, schema=RAW_SCHEMA)
