"""The nearest known name to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable

#: Two names that are less alike are different names: twice their common letters, by the letters of both, in percent.
_LEAST = 60.0
#: Longer names are compared as far as this.
_COMPARED = 500


def nearest_names(name: str, known: Iterable[str], *, most: int, least: float = _LEAST) -> list[str]:
    """Up to ``most`` known names that are like ``name``, the nearest first; capitals do not matter."""
    from rapidfuzz import fuzz, process

    by_lower = {entry.lower(): entry for entry in known}
    near = process.extract(name[:_COMPARED].lower(), by_lower.keys(), scorer=fuzz.ratio, limit=most, score_cutoff=least)
    return [by_lower[entry] for entry, _, _ in near]


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """The known name nearest to ``name``, or None where none is near."""
    return next(iter(nearest_names(name, known, most=1)), None)


def nearest_hint(name: str, known: Iterable[str]) -> str:
    """``did you mean NAME?``, or nothing."""
    found = nearest_name(name, known)
    return f"did you mean {found}?" if found else ""
