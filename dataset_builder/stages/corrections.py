"""Corrections and retractions that an article marks itself; the wordings are ``schema/copies/corrections.json``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa

from dataset_builder.records import FINDING
from dataset_builder.resources import read_json
from dataset_builder.stages.contract import append_columns

#: Longer lines are cut before they are looked at: a marking stands at the beginning of its paragraph.
_LONGEST_LINE = 2_000

#: Characters of the matching line that a finding quotes.
_QUOTED = 120

_ADDS = pa.schema(
    [
        pa.field("corrections_findings", pa.list_(FINDING), nullable=False),
        pa.field("corrections_flags", pa.list_(pa.string()), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class _Marking:
    """One wording: what it marks, what of it must stand in a line in small letters, and the whole expression."""

    flag: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]


@cache
def _markings() -> tuple[_Marking, ...]:
    table = read_json("copies", "corrections.json")["patterns"]
    return tuple(
        _Marking(entry["flag"], tuple(entry["hints"]), re.compile(entry["pattern"], re.IGNORECASE)) for entry in table
    )


@cache
def _hints() -> tuple[str, ...]:
    """The hints of all markings, some of which share theirs."""
    return tuple(dict.fromkeys(hint for marking in _markings() for hint in marking.hints))


def markings(text: str) -> Iterator[tuple[str, str]]:
    """(``correction`` or ``retraction``, the line that says so) for every line of ``text`` that marks one."""
    small = text.casefold()
    told = {hint for hint in _hints() if hint in small}
    likely = [marking for marking in _markings() if not told.isdisjoint(marking.hints)] if told else []
    for line in text.splitlines() if likely else ():
        line = line[:_LONGEST_LINE].strip()
        for marking in likely:
            if marking.pattern.search(line):
                yield marking.flag, line
                break


@dataclass(frozen=True)
class Corrections:
    """Flags articles whose title or body marks a correction or a retraction."""

    name = "corrections"
    version = "1"
    reads = ("title", "body")
    adds = _ADDS
    rules = ("copies",)

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """``batch`` with ``corrections_findings`` and ``corrections_flags``."""
        found = [
            [*(("title", *mark) for mark in markings(title or "")), *(("body", *mark) for mark in markings(body or ""))]
            for title, body in zip(batch.column("title").to_pylist(), batch.column("body").to_pylist(), strict=True)
        ]
        return append_columns(
            batch,
            self.adds,
            {
                "corrections_findings": [[_finding(*mark) for mark in marks] for marks in found],
                "corrections_flags": [sorted({flag for _, flag, _ in marks}) for marks in found],
            },
        )


def _finding(field: str, flag: str, line: str) -> dict[str, Any]:
    quoted = line if len(line) <= _QUOTED else f"{line[:_QUOTED]}…"
    return {"code": f"marked-{flag}", "field": field, "found": quoted, "expected": "", "hint": "", "line": 0}
