"""The oracle: stock frictionless over native Python cells, none of our engine in it."""

from __future__ import annotations

from copy import deepcopy

from frictionless import Package, Schema
from frictionless.resources import TableResource


def has_unreadable_bound(schema):
    """Whether a bound is no value of its field's type: frictionless fails at the first cell, we refuse the schema."""
    names = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    return any(
        name in field.constraints and field.create_value_reader()(field.constraints[name]) is None
        for field in schema.fields
        for name in names
    )


def native(table):
    """An Arrow table as rows of native cells, labels first."""
    columns = [column.to_pylist() for column in table.columns]
    return [table.schema.names, *[list(row) for row in zip(*columns, strict=True)]]


def oracle(rows, schema, *, limit_errors=1000, references=None, name="memory"):
    """Errors (full descriptors) of stock frictionless over ``rows`` (labels first), or the name of what it raises."""
    return _verdict(schema, limit_errors, lambda known: _resource_of_rows(rows, known, name, references))


def oracle_of_file(path, schema, *, limit_errors=1000):
    """As :func:`oracle`, over a file that frictionless reads itself."""

    def resource(known):
        return TableResource(path=path.name, basepath=str(path.parent), schema=known)

    return _verdict(schema, limit_errors, resource)


def _resource_of_rows(rows, known, name, references):
    # Rows made anew for every reading, as a file would give them: frictionless reads a table with a key to itself
    # twice, and puts the items that it has read into the arrays that it was given.
    resource = TableResource(name=name, data=lambda: deepcopy(rows), schema=known)
    if references:
        others = []
        for other, (other_rows, other_schema) in references.items():
            options = {} if other_schema is None else {"schema": Schema.from_descriptor(other_schema)}
            others.append(TableResource(name=other, data=lambda rows=other_rows: deepcopy(rows), **options))
        Package(name="package", resources=[resource, *others])
    return resource


def _verdict(schema, limit_errors, make_resource):
    """The errors, or "refused" where frictionless refuses the schema or fails on what it cannot compare."""
    try:
        known = Schema.from_descriptor(schema)
        if has_unreadable_bound(known):
            return "refused"
        report = make_resource(known).validate(limit_errors=limit_errors)
    except Exception:
        return "refused"
    return [error.to_descriptor() for error in report.tasks[0].errors]
