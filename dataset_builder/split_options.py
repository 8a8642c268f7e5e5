"""``build.splits`` of dataset.yaml: how the released rows are divided, and what is wrong with what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

#: Takes every row that no other split does.
REST = "train"


@dataclass(frozen=True)
class SplitOptions:
    """How the released rows are divided.

    Attributes:
        by: none, time, source or hash.
        into: name of a split -> what goes there: by time, articles from this day on (``YYYY-MM-DD``); by source, those
            of these sources; by hash, this share of them. What is named nowhere goes to ``train``.
    """

    by: str = "none"
    into: tuple[tuple[str, Any], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The splits, ``train`` first, then as they are declared."""
        return (REST, *(name for name, _ in self.into))


def read_splits(entry: Mapping[str, Any]) -> SplitOptions:
    """The options of a section that ``split_faults`` has passed."""
    into = entry.get("into", {})
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in into.items()}
    return SplitOptions(str(entry.get("by", "none")), tuple(values.items()))


def split_faults(entry: Mapping[str, Any], sources: Sequence[str]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """(path below ``splits``, what was found, what was expected) for what a JSON Schema cannot say."""
    by, into = entry.get("by"), entry.get("into")
    if by == "none" and into:
        yield ("into",), "splits to go into, but by: none", "by: time, source or hash"
    if by in ("time", "source", "hash") and not into:
        yield ("by",), f"by: {by} and nothing to go into", "into, with the names of the splits"
    if not isinstance(into, Mapping):
        return
    faults = {"time": _time, "source": _source, "hash": _share}.get(str(by))
    seen: list[Any] = []
    for name, value in into.items():
        if faults and (fault := faults(value, seen, sources)):
            yield ("into", str(name)), f"{value!r}"[:120], fault
        seen += value if isinstance(value, list) else [value]


def _time(value: Any, seen: list[Any], _sources: Sequence[str]) -> str:
    try:
        known = isinstance(value, str) and date.fromisoformat(value) is not None
    except ValueError:
        known = False
    if not known or value in seen:
        return "a day, YYYY-MM-DD, and each once"
    return ""


def _source(value: Any, seen: list[Any], sources: Sequence[str]) -> str:
    known = isinstance(value, list) and value and all(name in sources for name in value)
    if not known or set(value) & set(seen):
        return f"a list of sources, each once, of {', '.join(sources[:20])}"
    return ""


def _share(value: Any, seen: list[Any], _sources: Sequence[str]) -> str:
    known = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1
    if not known or sum(share for share in seen if isinstance(share, int | float)) + value >= 1:
        return "a share between 0 and 1; all of them together leave something for train"
    return ""
