"""A pytest plugin for frictionless's own suites: every table that they validate is validated by both engines.

Loaded by ``compare_frictionless_suites.py``; writes one JSON line a case into the file that ``RECORDED_CASES`` names.
"""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path

from frictionless import Resource
from frictionless.resources import TableResource

from dataset_builder.validate.any_resource import validate_resource

_STOCK = Resource.validate
_UNCOMPARED = {"on_row", "limit_rows", "parallel"}


def _errors(report):
    return [[error.to_descriptor() for error in task.errors] for task in report.tasks]


def _twin(resource):
    """A second resource like the first; None where its data can be read only once."""
    data = resource.data
    if data is not None and not isinstance(data, (list, tuple, dict)) and not callable(data):
        return None
    twin = resource.to_copy()
    twin.package = resource.package
    return twin


def _case(resource, checklist, options):
    """Our errors for a case, or why it is left to frictionless."""
    if not isinstance(resource, TableResource):
        return None, "no table"
    if any(options.get(name) for name in _UNCOMPARED):
        return None, "an option that asks for every row: " + ", ".join(sorted(_UNCOMPARED & options.keys()))
    if checklist is not None and checklist.checks:
        return None, "checks beyond the baseline see every row"
    if not resource.closed:
        return None, "the resource is open already"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            twin = _twin(resource)
        except Exception as error:
            return None, f"cannot be copied: {type(error).__name__}"
        if twin is None:
            return None, "data that can be read once"
        limits = {name: value for name, value in options.items() if name == "limit_errors"}
        try:
            return _errors(validate_resource(twin, checklist, **limits)), ""
        except Exception as error:
            return [f"{type(error).__name__}: {error}"], ""


def _recording(self, checklist=None, **options):
    Resource.validate = _STOCK
    try:
        ours, left = _case(self, checklist, options)
        try:
            report = _STOCK(self, checklist, **options)
        except Exception as error:
            _write({"left": f"frictionless raises {type(error).__name__}"})
            raise
        theirs = _errors(report)
        _write({"left": left} if left else {"same": ours == theirs, "ours": ours, "theirs": theirs})
        return report
    finally:
        Resource.validate = _recording


def _write(record):
    test = os.environ.get("PYTEST_CURRENT_TEST", "?").rsplit(" ", 1)[0]
    with Path(os.environ["RECORDED_CASES"]).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps({"test": test, **record}, default=str) + "\n")


def pytest_configure(config):
    Resource.validate = _recording
