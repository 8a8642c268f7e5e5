"""Which rows frictionless has to judge: those that are not proven good, and those that a key or the limits need."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from dataset_builder.validate.column import ColumnCheck
from dataset_builder.validate.keys import Key, RowNumbers, SeenKeys
from dataset_builder.validate.keyset import missing_keys
from dataset_builder.validate.missing import Mask

Column: TypeAlias = "pa.Array | list[Any]"


@dataclass(frozen=True, slots=True)
class Suspects:
    """The rows of one chunk that frictionless has to judge.

    Attributes:
        rows: which rows of the chunk.
        seeds: numbers of earlier rows that passed as good and hold a key that comes again here; frictionless has to see
            their keys first.
    """

    rows: Mask
    seeds: tuple[int, ...]


class SuspectFinder:
    """Looks at the chunks of one table in order.

    Args:
        fields: the fields that frictionless expects, one a column.
        primary_key: names of the primary key's fields.
        foreign_keys: the schema's foreign keys, as frictionless normalises them.
        lookup: the keys of each reference: resource name -> reference fields -> tuples.
    """

    def __init__(
        self,
        fields: Sequence[Any],
        *,
        primary_key: Sequence[str] = (),
        foreign_keys: Sequence[Mapping[str, Any]] = (),
        lookup: Mapping[str, Mapping[tuple[str, ...], Container[Any]]] | None = None,
    ) -> None:
        self.checks = [ColumnCheck(field) for field in fields]
        positions = {field.name: index for index, field in enumerate(fields)}
        unique = {(index,) for index, field in enumerate(fields) if field.constraints.get("unique")}
        primary = tuple(positions[name] for name in primary_key if name in positions)
        self._keys = [Key(places, is_primary=False) for places in sorted(unique - {primary})]
        if primary and len(primary) == len(primary_key):
            # What repeats the primary key also repeats the unique field that it consists of.
            self._keys.append(Key(primary, is_primary=True))
        elif primary in unique:
            self._keys.append(Key(primary, is_primary=False))
        self._foreign: list[tuple[tuple[int, ...], Container[Any]]] = []
        for key in foreign_keys:
            if set(key["fields"]) <= positions.keys():
                known = (lookup or {}).get(key["reference"]["resource"], {}).get(tuple(key["reference"]["fields"]), ())
                self._foreign.append((tuple(positions[name] for name in key["fields"]), known))
        self._judged: set[int] = set()

    @property
    def key_positions(self) -> tuple[int, ...]:
        """The columns that unique fields and the primary key stand in."""
        return tuple(sorted({position for key in self._keys for position in key.positions}))

    def forget(self) -> None:
        """Forget the keys seen so far: another table begins."""
        for key in self._keys:
            key.seen = SeenKeys()
        self._judged.clear()

    def find(self, columns: Sequence[Column], rows: RowNumbers, *, ragged: Mask | None = None) -> Suspects:
        """The suspects among the rows of a chunk.

        Args:
            columns: one column for each field.
            rows: frictionless's row numbers, ascending.
            ragged: rows with another number of cells than there are fields.
        """
        suspects = np.zeros(len(rows), dtype=np.bool_) if ragged is None else ragged.copy()
        blank: Mask | None = np.ones(len(rows), dtype=np.bool_)
        for check, column in zip(self.checks, columns, strict=True):
            look = check.look(column)
            if look.bad is not None:
                suspects |= look.bad
            blank = None if blank is None or look.blank is None else blank & look.blank
        if blank is not None:
            suspects |= blank
        seeds = self._find_by_keys(columns, rows, suspects)
        return Suspects(suspects, seeds)

    def _find_by_keys(self, columns: Sequence[Column], rows: RowNumbers, suspects: Mask) -> tuple[int, ...]:
        """Add to ``suspects`` the rows that break a key or may; give the earlier rows that hold the same keys."""
        if not self._keys and not self._foreign:
            return ()
        parsed: dict[int, list[Any]] = {}

        def cells(positions: tuple[int, ...]) -> list[list[Any]]:
            for position in positions:
                if position not in parsed:
                    parsed[position] = self.checks[position].parse(columns[position])
            return [parsed[position] for position in positions]

        owners: set[int] = set()
        try:
            for key in self._keys:
                repeats, first = key.repeats(cells(key.positions), rows)
                suspects |= repeats
                owners.update(first[repeats].tolist())
            for positions, known in self._foreign:
                suspects |= missing_keys(cells(positions), known)
        except TypeError:
            # A list or an object in a key: frictionless fails on it, and shall say so itself.
            suspects[:] = True
        own = set(rows.tolist()) if owners else set()
        suspects |= np.isin(rows, list(owners & own))
        seeds = tuple(sorted(owners - own - self._judged))
        if self._keys:
            self._judged.update(seeds)
            self._judged.update(rows[suspects].tolist())
        return seeds
