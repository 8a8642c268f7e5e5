"""Frictionless's verdicts at Arrow speed."""

from __future__ import annotations

from dataset_builder.validate.report import Report, RowError, Stats
from dataset_builder.validate.run import validate_table

__all__ = ["Report", "RowError", "Stats", "validate_table"]
