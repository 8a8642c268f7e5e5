"""Table Schemas: refused with a reason where they are none, or where frictionless could not apply them."""

from __future__ import annotations

import re
from collections.abc import Mapping
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
        if bound is not None and name in field.supported_constraints and field.create_value_reader()(bound) is None:
            raise _refusal(f'{place}: the constraint "{name}" is {bound!r}, which is no {field.type}')


def _refusal(reason: str) -> ConfigError:
    return ConfigError(
        f"the schema is not valid: {reason}",
        expected="a Frictionless Table Schema",
        hint="see the Table Schema specification, https://datapackage.org/standard/table-schema/",
    )
