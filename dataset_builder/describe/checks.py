"""What a build checked before it described itself, as its card tells."""

from __future__ import annotations

from collections.abc import Iterable

from dataset_builder.describe.facts import TableFacts


def build_checks(tables: Iterable[TableFacts]) -> tuple[tuple[str, str], ...]:
    """(name, result) of each check; a snapshot stands only where all were passed."""
    rows = sum(table.rows for table in tables)
    return (
        ("Every record against the intake schema (frictionless)", "passed"),
        (f"Every one of {rows} released rows against its table's schema (frictionless)", "passed"),
        ("Accounts: read = released + withheld + rejected + merged + withdrawn", "balanced"),
    )
