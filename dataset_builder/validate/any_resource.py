"""Frictionless's own resources, in any format that it reads, at the speed of this package."""

from __future__ import annotations

import attrs
from frictionless import Checklist, Dialect, FrictionlessException, Report
from frictionless.resources import TableResource

from dataset_builder.progress import Watch, silent
from dataset_builder.validate.choosers import CellChooser
from dataset_builder.validate.fields import bind_patterns
from dataset_builder.validate.judge import SuspectDialect, judge


def validate_resource(
    resource: TableResource, checklist: Checklist | None = None, *, limit_errors: int = 1000
) -> Report:
    """What ``resource.validate(checklist, limit_errors=…)`` returns, sooner; counts of rows and seconds apart.

    Frictionless reads the cells, Arrow proves rows good, frictionless judges the others. Checks beyond the baseline may
    need any row, so with them frictionless judges all.
    """
    checklist = checklist or Checklist()
    if checklist.checks or not resource.closed:
        return resource.validate(checklist, limit_errors=limit_errors)
    chooser = CellChooser({}, limit_errors, Watch("validate", silent))
    try:
        bind_patterns(resource.schema)
        dialect = _choosing(resource.dialect)
    except FrictionlessException:
        # A descriptor that cannot be read; frictionless says so in its report.
        return resource.validate(checklist, limit_errors=limit_errors)
    dialect.choose(chooser)
    resource.dialect = dialect
    return judge(
        resource,
        limit_errors=limit_errors,
        seeds=chooser.seeds,
        before=lambda: chooser.prepare(resource),
        checklist=checklist,
    )


def _choosing(dialect: Dialect) -> SuspectDialect:
    """A copy of ``dialect`` that can leave out rows; what was defined stays defined, what was not stays open."""
    known = {attribute.name for attribute in attrs.fields(Dialect)} - {"descriptor"}
    copy = SuspectDialect(**{name: getattr(dialect, name) for name in dialect.list_defined() if name in known})
    copy.custom = dialect.custom
    return copy
