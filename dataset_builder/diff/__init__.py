"""What has changed between two snapshots: articles, fields, schemas, rights, counts, and the version that follows."""

from __future__ import annotations

from dataset_builder.diff.compare import diff
from dataset_builder.diff.difference import Difference

__all__ = ["Difference", "diff"]
