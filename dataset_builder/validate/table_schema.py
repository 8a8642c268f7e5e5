"""Table Schemas: refused with a reason where they are none, or where frictionless could not apply them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from frictionless import Field, FrictionlessException, Schema

from dataset_builder.errors import ConfigError
from dataset_builder.validate.fields import bind_patterns
from dataset_builder.validate.matcher import matcher_of

#: A longer pattern is a list; to compile one takes time that no limit on cells bounds.
MAX_PATTERN_CHARACTERS = 20_000
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def read_schema(descriptor: Mapping[str, Any]) -> Schema:
    """The schema as frictionless holds it, its patterns bound in time.

    Raises :class:`ConfigError` where it is no Table Schema (frictionless's own reasons), or where a pattern does not
    compile or a bound is no value of its field's type, on which frictionless would fail in the middle of a table.
    """
    if not isinstance(descriptor, Mapping):
        raise _refusal(f"a {type(descriptor).__name__} is no schema")
    _refuse_what_is_no_field(descriptor, "")
    try:
        schema = Schema.from_descriptor(dict(descriptor))
    except FrictionlessException as error:
        raise _refusal("; ".join(reason.note for reason in error.to_errors())) from error
    except (TypeError, AttributeError, KeyError, ValueError, RecursionError) as error:
        # Frictionless trips over some descriptors that its profile lets through, a number for a field among them.
        raise _refusal(f"frictionless cannot read it ({type(error).__name__}: {error})") from error
    for field in schema.fields:
        _refuse_impossible(field)
    bind_patterns(schema)
    return schema


def _refuse_what_is_no_field(descriptor: Mapping[str, Any], place: str) -> None:
    """Frictionless takes a text among the fields for the address of one, and opens it: a file here, a page anywhere."""
    fields = descriptor.get("fields")
    for number, field in enumerate(fields if isinstance(fields, list) else (), start=1):
        if not isinstance(field, Mapping):
            raise _refusal(f"{place}field {number} is {_shown(field)}, which is no object")
        if not isinstance(field.get("name"), str):
            raise _refusal(f"{place}field {number} has no name that is text")
        below = f'field "{field["name"]}": '
        _refuse_what_is_no_field(field, below)
        if isinstance(item := field.get("arrayItem"), Mapping):
            _refuse_what_is_no_field(item, below)


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else f"a {type(value).__name__}"


def _refuse_impossible(field: Field) -> None:
    place = f'field "{field.name}"'
    item_constraints = (getattr(field, "array_item", None) or {}).get("constraints") or {}
    for pattern in (field.constraints.get("pattern"), item_constraints.get("pattern")):
        if isinstance(pattern, str) and len(pattern) > MAX_PATTERN_CHARACTERS:
            limit = f"more than {MAX_PATTERN_CHARACTERS:,}; list the values in the constraint enum"
            raise _refusal(f"{place}: a pattern of {len(pattern):,} characters, which is {limit}")
        if pattern is not None:
            try:
                matcher_of(pattern)
            except (re.error, RecursionError, OverflowError) as error:
                raise _refusal(f"{place}: the pattern {pattern!r} is not valid: {error}") from error
    for name in _BOUNDS:
        bound = field.constraints.get(name)
        if bound is None or name not in field.supported_constraints:
            continue
        value = field.create_value_reader()(bound)
        # "NaN" is a number to the reader; nothing compares with it.
        if value is None or (isinstance(value, Decimal | float) and Decimal(value).is_nan()):
            raise _refusal(f'{place}: the constraint "{name}" is {bound!r}, which is no {field.type}')


def _refusal(reason: str) -> ConfigError:
    return ConfigError(
        f"the schema is not valid: {reason}",
        expected="a Frictionless Table Schema",
        hint="see the Table Schema specification, https://datapackage.org/standard/table-schema/",
    )
