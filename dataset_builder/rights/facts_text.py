"""The facts of a decision as one text, so that they can travel in a column and be decided upon again."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from functools import lru_cache
from typing import Any

from dataset_builder.rights.decision import RightsFacts

#: Articles of one source mostly have the same facts.
_KNOWN = 4096
_DATES = ("permission_expires", "created")


@lru_cache(_KNOWN)
def facts_to_text(facts: RightsFacts) -> str:
    """``facts`` as canonical JSON."""
    members = {entry.name: getattr(facts, entry.name) for entry in fields(facts)}  # asdict() would copy deeply
    return json.dumps(members, sort_keys=True, ensure_ascii=False, default=str)


@lru_cache(_KNOWN)
def facts_from_text(text: str) -> RightsFacts:
    """What :func:`facts_to_text` wrote."""
    members: dict[str, Any] = json.loads(text)
    for name in _DATES:
        members[name] = date.fromisoformat(members[name]) if members[name] else None
    values: dict[str, Any] = {}
    for entry in fields(RightsFacts):
        value = members[entry.name]
        values[entry.name] = tuple(value) if isinstance(value, list) else value
    return RightsFacts(**values)
