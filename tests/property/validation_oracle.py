"""The oracle: stock frictionless over native Python cells, none of our engine in it."""

from __future__ import annotations

from frictionless import FrictionlessException, Package, Schema
from frictionless.resources import TableResource


def has_unreadable_bound(schema):
    """Whether a bound is no value of its field's type: frictionless fails at the first cell, we refuse the schema."""
    names = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    return any(
        name in field.constraints and field.create_value_reader()(field.constraints[name]) is None
        for field in schema.fields
        for name in names
    )


def oracle(rows, schema, *, limit_errors=1000, references=None, name="memory"):
    """Errors (full descriptors) of stock frictionless over ``rows`` (labels first), or the name of what it raises."""
    try:
        known = Schema.from_descriptor(schema)
        if has_unreadable_bound(known):
            return "refused"
        resource = TableResource(name=name, data=rows, schema=known)
        if references:
            others = []
            for other, (other_rows, other_schema) in references.items():
                options = {} if other_schema is None else {"schema": Schema.from_descriptor(other_schema)}
                others.append(TableResource(name=other, data=other_rows, **options))
            Package(name="package", resources=[resource, *others])
        report = resource.validate(limit_errors=limit_errors)
    except FrictionlessException:
        return "refused"
    except Exception:
        # Frictionless fails on bounds and keys that it cannot compare; there is no verdict then.
        return "refused"
    return [error.to_descriptor() for error in report.tasks[0].errors]
