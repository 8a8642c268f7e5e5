"""Where a document that a snapshot holds differs from the one that its manifest and its rows lead to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dataset_builder.issues import Issue
from dataset_builder.visible import one_line


def differences(path: str, found: Any, expected: Any, *, whole: bool = True) -> Iterator[Issue]:
    """A finding for the first difference between two JSON values; none where they are the same.

    Args:
        path: the file that ``found`` was read from.
        whole: whether a member that only one of the two has is a difference. A document by another version of the
            builder may have more members or fewer, but where both have one, it says the same.
    """
    for place, said, true in _unlike(found, expected, whole, ""):
        yield Issue(path, field=one_line(place), code="statement-wrong", found=_told(said), expected=_told(true))
        return


class _Nothing:
    """Stands for a member that is not there."""


def _unlike(found: Any, expected: Any, whole: bool, place: str) -> Iterator[tuple[str, Any, Any]]:
    """(place, found, expected) of each difference; ``1`` and ``true`` are two things, as in JSON."""
    if isinstance(found, dict) and isinstance(expected, dict):
        for key in dict.fromkeys([*expected, *found]):
            if whole or (key in found and key in expected):
                values = found.get(key, _Nothing), expected.get(key, _Nothing)
                yield from _unlike(*values, whole, f"{place}.{key}" if place else str(key))
    elif isinstance(found, list) and isinstance(expected, list):
        for index, values in enumerate(zip(found, expected, strict=False)):
            yield from _unlike(*values, whole, f"{place}[{index}]")
        if len(found) != len(expected):
            yield place, f"{len(found)} entries", f"{len(expected)} entries"
    elif type(found) is not type(expected) or found != expected:
        yield place, found, expected


def _told(value: Any) -> str:
    return "nothing" if value is _Nothing else one_line(json.dumps(value, ensure_ascii=False, default=str))
