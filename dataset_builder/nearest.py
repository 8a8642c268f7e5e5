"""The nearest known name to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """The known name nearest to ``name``, or None where none is near."""
    by_lower = {entry.lower(): entry for entry in known}
    matches = get_close_matches(name[:100].lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[matches[0]] if matches else None


def nearest_hint(name: str, known: Iterable[str]) -> str:
    """``did you mean NAME?``, or nothing."""
    found = nearest_name(name, known)
    return f"did you mean {found}?" if found else ""
