"""Frictionless's fields, with patterns that cannot run away.

The judge's schema holds these in place of frictionless's own string and array fields; every verdict and every word is
the same, which the differential tests hold to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from frictionless import Field, Schema
from frictionless.fields import ArrayField, StringField

from dataset_builder.validate.matcher import matcher_of

CellReader = Callable[[Any], tuple[Any, dict[str, str] | None]]


class BoundedStringField(StringField):
    """A string field whose pattern is matched in bounded time."""

    @classmethod
    def metadata_select_class(cls, type: str | None) -> type[BoundedStringField]:  # noqa: ARG003
        """This class, so that frictionless's copies of the field stay bounded."""
        return cls

    def create_cell_reader(self) -> CellReader:
        """Frictionless's reader without the pattern, and the pattern after it."""
        constraints = self.constraints
        pattern = constraints.get("pattern")
        if pattern is None:
            return super().create_cell_reader()
        self.constraints = {name: value for name, value in constraints.items() if name != "pattern"}
        read_cell = super().create_cell_reader()
        self.constraints = constraints
        match = matcher_of(pattern).match

        def cell_reader(cell: Any) -> tuple[Any, dict[str, str] | None]:
            value, notes = read_cell(cell)
            if value is not None and not match(value):
                found = {**(notes or {}), "pattern": f'constraint "pattern" is "{pattern}"'}
                notes = {name: found[name] for name in self.supported_constraints if name in found}
            return value, notes

        return cell_reader


class BoundedArrayField(ArrayField):
    """An array field whose items may carry a pattern, matched in bounded time."""

    @classmethod
    def metadata_select_class(cls, type: str | None) -> type[BoundedArrayField]:  # noqa: ARG003
        """This class, so that frictionless's copies of the field stay bounded."""
        return cls

    def create_cell_reader(self) -> CellReader:
        """Frictionless's reader of the array, then a bounded reader of each item."""
        read_array = Field.create_cell_reader(self)
        read_item = item_field(self).create_cell_reader()

        def cell_reader(cell: Any) -> tuple[Any, dict[str, str] | None]:
            items, notes = read_array(cell)
            if items is not None and not notes:
                for index, item in enumerate(items):
                    items[index], item_notes = read_item(item)
                    for name, note in (item_notes or {}).items():
                        notes = {**(notes or {}), name: f"array item {note}"}
            return items, notes

        return cell_reader


def item_field(field: ArrayField) -> Field:
    """The field that frictionless makes of ``arrayItem``; one level deep, named like the array, ``any`` by default."""
    descriptor = {key: value for key, value in (field.array_item or {}).items() if key != "arrayItem"}
    return bounded(Field.from_descriptor({"name": field.name, "type": "any", **descriptor}))


def bounded(field: Field) -> Field:
    """``field``, or its bounded form where it has a pattern that is matched against cells."""
    if isinstance(field, StringField) and field.constraints.get("pattern") is not None:
        return BoundedStringField.from_descriptor(field.to_descriptor())
    if isinstance(field, ArrayField) and "pattern" in ((field.array_item or {}).get("constraints") or {}):
        return BoundedArrayField.from_descriptor(field.to_descriptor())
    return field


def bind_patterns(schema: Schema) -> None:
    """Put bounded fields in the place of those with patterns."""
    for field in list(schema.fields):
        replacement = bounded(field)
        if replacement is not field:
            schema.set_field(replacement)
