"""What has changed between two snapshots: articles, fields, schemas, rights, counts, and the version that follows."""

from __future__ import annotations

from dataset_builder.comparison.compare import diff
from dataset_builder.comparison.difference import Difference

__all__ = ["Difference", "diff"]
