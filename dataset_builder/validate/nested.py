"""The members of nested cells: this project's check, beside frictionless's.

Our schemas name the members of an object in ``fields`` (also inside ``arrayItem``), with the grammar of a Table
Schema's own fields. Frictionless reads over it. This check does not: each member is read by frictionless's reader of
its field, and what that notes becomes an error of the type ``nested-error``. Arrow proves columns good here too; only
cells that it cannot prove are walked.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from frictionless import Field

from dataset_builder.validate.column import ColumnCheck, plain
from dataset_builder.validate.keys import RowNumbers
from dataset_builder.validate.missing import Mask, numpy_mask
from dataset_builder.validate.native import native_cells
from dataset_builder.validate.proofs.nested import is_sequence
from dataset_builder.validate.report import RowError
from dataset_builder.validate.suspects import Column

NESTED_ERROR = "nested-error"


@dataclass(frozen=True)
class NestedField:
    """A field with members, or with items.

    Attributes:
        check: the field without its members, as frictionless reads it.
        members: the fields of an object, by name.
        item: the item of an array.
    """

    check: ColumnCheck
    members: Mapping[str, NestedField]
    item: NestedField | None

    @classmethod
    def read(cls, descriptor: Mapping[str, Any], name: str) -> NestedField:
        """The field of ``descriptor``. Raises ``FrictionlessException`` where it is none."""
        own = {key: value for key, value in descriptor.items() if key not in ("fields", "arrayItem")}
        members = descriptor.get("fields") or () if descriptor.get("type") == "object" else ()
        item = descriptor.get("arrayItem") if descriptor.get("type") == "array" else None
        return cls(
            check=ColumnCheck(Field.from_descriptor({"type": "any", **own, "name": name})),
            members={member["name"]: cls.read(member, member["name"]) for member in members},
            item=None if item is None else cls.read(item, name),
        )

    @property
    def has_members(self) -> bool:
        """Whether there is anything below that frictionless does not check itself."""
        return bool(self.members) or (self.item is not None and self.item.has_members)

    def unproven(self, column: pa.Array, *, checked: bool) -> Mask:
        """Which cells Arrow cannot prove good, at any depth; ``checked`` where frictionless sees to the cell itself."""
        column = plain(column)
        bad = np.zeros(len(column), dtype=np.bool_)
        if not checked and (found := self.check.look(column).bad) is not None:
            bad |= found
        present = numpy_mask(pc.is_valid(column))
        if self.members:
            if not pa.types.is_struct(column.type):
                return bad | present
            for name, member in self.members.items():
                place = column.type.get_field_index(name)
                values = column.field(place) if place >= 0 else pa.nulls(len(column))
                bad |= present & member.unproven(values, checked=False)
        elif self.item is not None:
            if not is_sequence(column.type):
                return bad | present
            items = self.item.unproven(column.flatten(), checked=checked)
            bad[pc.list_parent_indices(column).to_numpy(zero_copy_only=False)[items]] = True
        return bad

    def walk(self, cell: Any, path: str, *, checked: bool) -> Iterator[tuple[str, str, Any]]:
        """Path, note and value of everything that is wrong in a native cell."""
        value, notes = self.check.read_cell(copy.copy(cell))
        if notes:
            if not checked:
                yield from ((path, note, cell) for note in notes.values())
            return
        if isinstance(value, dict):
            for name, member in self.members.items():
                yield from member.walk(value.get(name), f"{path}.{name}", checked=False)
        elif isinstance(value, list) and self.item is not None:
            for index, item in enumerate(value):
                yield from self.item.walk(item, f"{path}[{index}]", checked=checked)


class NestedCheck:
    """The nested fields of a schema, ready to look at the chunks of a table.

    Args:
        descriptor: the Table Schema.
        labels: the names of the fields that frictionless expects, one a column.
    """

    def __init__(self, descriptor: Mapping[str, Any], labels: Sequence[str]) -> None:
        nested = {
            field["name"]: NestedField.read(field, field["name"])
            for field in descriptor.get("fields", ())
            if field.get("type") in ("array", "object")
        }
        self._fields = [
            (position, label, nested[label])
            for position, label in enumerate(labels)
            if label in nested and nested[label].has_members
        ]

    def errors(self, columns: Sequence[Column], numbers: RowNumbers) -> Iterator[RowError]:
        """The errors in the rows of a chunk, column after column."""
        for position, name, field in self._fields:
            column = columns[position]
            cells: Iterable[tuple[int, Any]]
            if isinstance(column, list):
                cells = enumerate(column)
            else:
                suspects = np.flatnonzero(field.unproven(column, checked=True))
                cells = zip(suspects.tolist(), native_cells(column.take(pa.array(suspects))), strict=True)
            for row, cell in cells:
                for path, note, value in field.walk(cell, name, checked=True):
                    yield _error(int(numbers[row]), position + 1, path, note, value)


def _error(row_number: int, field_number: int, path: str, note: str, value: Any) -> RowError:
    message = (
        f'The value "{value}" in row at position "{row_number}" and field "{path}" at position "{field_number}" '
        f"does not fit its nested field: {note}"
    )
    descriptor = {
        "type": NESTED_ERROR,
        "rowNumber": row_number,
        "fieldNumber": field_number,
        "fieldName": path,
        "note": note,
        "message": message,
        "cell": str(value),
    }
    return RowError(NESTED_ERROR, row_number, field_number, path, note, message, lambda: descriptor)
