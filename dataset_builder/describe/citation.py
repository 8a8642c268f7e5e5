"""CITATION.cff of a snapshot."""

from __future__ import annotations

from dataset_builder.describe.cite import citation_facts, render_citation
from dataset_builder.describe.facts import SnapshotFacts


def render_cff(facts: SnapshotFacts) -> str:
    """The file's text."""
    return render_citation(citation_facts(facts), "cff")
