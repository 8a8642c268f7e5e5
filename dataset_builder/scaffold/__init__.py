"""A new corpus that builds at once: its files as texts, and their way onto the disk."""

from __future__ import annotations

from dataset_builder.scaffold.answers import Answers
from dataset_builder.scaffold.files import Scaffold, scaffold

__all__ = ["Answers", "Scaffold", "scaffold"]
