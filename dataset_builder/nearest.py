"""The nearest known name to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

#: Two names that are less alike (``SequenceMatcher.ratio``) are different names.
_LEAST = 0.6


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """The known name nearest to ``name``, or None where none is near.

    The one that ``difflib.get_close_matches`` would give, found sooner: the likeness is reckoned from the most
    promising on, until no other can come near.
    """
    by_lower = {entry.lower(): entry for entry in known}
    matcher = SequenceMatcher(b=name[:100].lower())
    promising: list[tuple[float, str]] = []
    for entry in by_lower:
        matcher.set_seq1(entry)
        if matcher.real_quick_ratio() >= _LEAST and (most := matcher.quick_ratio()) >= _LEAST:
            promising.append((most, entry))
    best, nearest = _LEAST, ""
    for most, entry in sorted(promising, reverse=True):
        if most < best:
            break
        matcher.set_seq1(entry)
        best, nearest = max((best, nearest), (matcher.ratio(), entry))
    return by_lower[nearest] if nearest else None


def nearest_hint(name: str, known: Iterable[str]) -> str:
    """``did you mean NAME?``, or nothing."""
    found = nearest_name(name, known)
    return f"did you mean {found}?" if found else ""
