"""One column against one field: which cells frictionless would refuse, and which it reads as None.

First look: what Arrow can prove. Second look: frictionless's own reader, on each distinct cell that is left.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.validate.fields import bounded, item_field
from dataset_builder.validate.missing import Mask, blank_cells, is_text, missing_values_of
from dataset_builder.validate.native import native_cells
from dataset_builder.validate.proofs import Condition, prove
from dataset_builder.validate.proofs.nested import is_sequence

#: From so many cells on it pays to read each distinct text once.
_WORTH_ENCODING = 32


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a column found; None stands for no such cell.

    Attributes:
        bad: cells that frictionless refuses, or at which it fails.
        blank: cells that frictionless reads as None without an error of type.
    """

    bad: Mask | None
    blank: Mask | None


class ColumnCheck:
    """A field, ready to look at columns of any Arrow type, or at lists of native cells."""

    def __init__(self, field: Any) -> None:
        self.field = field
        self.missing_values = missing_values_of(field)
        with_patterns = bounded(field)
        with_patterns.schema = field.schema
        self.read_cell = with_patterns.create_cell_reader()
        self._required = bool(field.constraints.get("required"))
        self._proofs: dict[pa.DataType, tuple[Condition, ...] | None] = {}
        self._items = ColumnCheck(item_field(field)) if field.type == "array" and field.array_item else None

    def look(self, column: pa.Array | list[Any]) -> Look:
        """Which cells are bad and which are blank."""
        if isinstance(column, list):
            return self._read(column)
        column = plain(column)
        proof = self._proof(column.type)
        if proof is None:
            return self._look_twice(column, np.ones(len(column), dtype=np.bool_), None)
        blank = blank_cells(column, self.missing_values)
        good = self._first_look(column, proof)
        if blank is not None:
            allowed = np.full(len(column), not self._required)
            good = np.where(blank, allowed, True if good is None else good)
        if good is None or good.all():
            return Look(bad=None, blank=blank)
        return self._look_twice(column, ~good, blank)

    def parse(self, column: pa.Array | list[Any]) -> list[Any]:
        """The cells as frictionless reads them: None for blank cells and for errors of type."""
        cells = column if isinstance(column, list) else native_cells(plain(column))
        if self._is_identity(column):
            missing = set(self.missing_values)
            return [None if cell in missing else cell for cell in cells] if missing else cells
        return [self._read_value(cell) for cell in cells]

    def _proof(self, kind: pa.DataType) -> tuple[Condition, ...] | None:
        if kind not in self._proofs:
            self._proofs[kind] = prove(self.field, kind)
        return self._proofs[kind]

    def _first_look(self, column: pa.Array, proof: Sequence[Condition]) -> Mask | None:
        """Which cells are proven good; None for all of them."""
        good: Mask | None = None
        for condition in proof:
            held = condition(column)
            good = held if good is None else good & held
        if self._items is not None and is_sequence(column.type):
            bad_items = self._items.look(column.flatten()).bad
            if bad_items is not None:
                good = np.ones(len(column), dtype=np.bool_) if good is None else good.copy()
                good[pc.list_parent_indices(column).to_numpy(zero_copy_only=False)[bad_items]] = False
        return None if good is None or good.all() else good

    def _look_twice(self, column: pa.Array, where: Mask, blank: Mask | None) -> Look:
        """Read the cells ``where`` they are unproven."""
        cells = column if where.all() else column.filter(pa.array(where))
        if is_text(cells.type) and len(cells) >= _WORTH_ENCODING:
            encoded = cells.dictionary_encode()
            read = self._read([*native_cells(encoded.dictionary), None])
            codes = pc.fill_null(encoded.indices, len(encoded.dictionary)).to_numpy(zero_copy_only=False)
            read = Look(*(None if mask is None else mask[codes] for mask in (read.bad, read.blank)))
        else:
            read = self._read(native_cells(cells))
        return Look(bad=_spread(read.bad, where, None), blank=_spread(read.blank, where, blank))

    def _read(self, cells: list[Any]) -> Look:
        bad = np.zeros(len(cells), dtype=np.bool_)
        blank = np.zeros(len(cells), dtype=np.bool_)
        for index, cell in enumerate(cells):
            try:
                # Frictionless replaces the items of a list in place; the judge must see them as they were.
                value, notes = self.read_cell(copy.copy(cell) if isinstance(cell, list) else cell)
            except (TypeError, ValueError, ArithmeticError, AttributeError, LookupError, RecursionError):
                # Frictionless itself fails on the cell; the judge will meet the same and say so.
                bad[index] = True
                continue
            bad[index] = bool(notes)
            blank[index] = value is None and "type" not in (notes or {})
        return Look(bad=bad if bad.any() else None, blank=blank if blank.any() else None)

    def _read_value(self, cell: Any) -> Any:
        try:
            value, notes = self.read_cell(copy.copy(cell) if isinstance(cell, list) else cell)
        except (TypeError, ValueError, ArithmeticError, AttributeError, LookupError, RecursionError):
            return None
        return None if notes and "type" in notes else value

    def _is_identity(self, column: pa.Array | list[Any]) -> bool:
        """Whether frictionless reads the cells of this column as they are."""
        if isinstance(column, list) or self._proof(plain_type(column.type)) is None:
            return False
        kind = plain_type(column.type)
        if self.field.type == "any" or (self.field.type == "string" and self.field.format == "default"):
            return is_text(kind)
        same = {"integer": pa.types.is_integer, "date": pa.types.is_date32, "boolean": pa.types.is_boolean}
        return self.field.type in same and bool(same[self.field.type](kind))


def plain(column: pa.Array) -> pa.Array:
    """``column`` without an encoding that the kernels do not all take: dictionaries, runs, views, extensions."""
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if pa.types.is_run_end_encoded(column.type):
        column = pc.run_end_decode(column)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = plain_type(column.type)
    return column if kind == column.type else column.cast(kind)


def plain_type(kind: pa.DataType) -> pa.DataType:
    """The type that :func:`plain` gives."""
    if isinstance(kind, pa.BaseExtensionType):
        kind = kind.storage_type
    if pa.types.is_run_end_encoded(kind) or pa.types.is_dictionary(kind):
        kind = kind.value_type
    return pa.large_string() if pa.types.is_string_view(kind) else kind


def _spread(found: Mask | None, where: Mask, before: Mask | None) -> Mask | None:
    """What was found among the cells ``where``, over the whole column; ``before`` holds elsewhere."""
    if found is None and before is None:
        return None
    spread = np.zeros(len(where), dtype=np.bool_) if before is None else before.copy()
    spread[where] = False if found is None else found
    return spread if spread.any() else None
