"""What a validation says: frictionless's own errors, as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from frictionless import Error as FrictionlessError

#: The members of a descriptor that a report prints; ``cells`` and ``cell`` copy the row and stay inside.
DESCRIPTOR_MEMBERS = ("type", "rowNumber", "fieldNumber", "fieldName", "note", "message")


@dataclass(frozen=True, slots=True)
class RowError:
    """One error, in frictionless's own words.

    Attributes:
        type: frictionless's error type, such as ``type-error``.
        row_number: 1-based row of the table, the header counted; None for an error that concerns no row.
        field_number: 1-based position of the column; None where the error concerns no single column.
        field_name: name of the field; None as above.
        note: what is wrong, without the place.
        message: frictionless's sentence, place and cell included. May quote a whole cell.
    """

    type: str
    row_number: int | None
    field_number: int | None
    field_name: str | None
    note: str
    message: str
    _describe: Callable[[], Mapping[str, Any]] = field(repr=False, compare=False)

    @classmethod
    def from_frictionless(cls, error: FrictionlessError) -> RowError:
        """The same error as a value."""
        return cls(
            type=error.type,
            row_number=getattr(error, "row_number", None),
            field_number=getattr(error, "field_number", None),
            field_name=getattr(error, "field_name", None),
            note=error.note,
            message=error.message,
            _describe=error.to_descriptor,
        )

    @property
    def descriptor(self) -> Mapping[str, Any]:
        """Every member that frictionless gives, the cells of the row included."""
        return self._describe()

    def as_descriptor(self) -> dict[str, Any]:
        """Frictionless's descriptor, cut to the members that do not copy the row."""
        values = (self.type, self.row_number, self.field_number, self.field_name, self.note, self.message)
        return {name: value for name, value in zip(DESCRIPTOR_MEMBERS, values, strict=True) if value is not None}


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of one validation.

    Attributes:
        rows: rows read; all of them unless ``complete`` is false.
        fields: fields of the schema.
        errors: errors reported.
        complete: false where reading stopped at ``limit_errors``.
        warnings: frictionless's own warnings.
    """

    rows: int
    fields: int
    errors: int
    complete: bool = True
    warnings: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The counts as one JSON object."""
        return {
            "rows": self.rows,
            "fields": self.fields,
            "errors": self.errors,
            "complete": self.complete,
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on one table.

    Attributes:
        valid: whether there is no error.
        errors: the errors in frictionless's order, at most ``limit_errors``.
        stats: counts.
    """

    valid: bool
    errors: tuple[RowError, ...]
    stats: Stats

    def as_dict(self) -> dict[str, Any]:
        """``{valid, errors, stats}`` as one JSON object."""
        return {
            "valid": self.valid,
            "errors": [error.as_descriptor() for error in self.errors],
            "stats": self.stats.as_dict(),
        }
