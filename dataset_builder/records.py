"""The Arrow types that travel between readers and stages.

A reader yields batches of ``RAW_SCHEMA``; stages add columns (see :mod:`dataset_builder.stages.contract`).

A *claim* is one statement about an article, by whoever makes it: a front matter line, a JSON-LD member, a byline in the
text. All of them travel; which one holds is decided once, in :mod:`dataset_builder.stages.facts`, by the rank of its
origin: declared > embedded > extracted > derived. So every derived field knows where it came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pyarrow as pa

from dataset_builder.issues import Issue


class Origin(StrEnum):
    """Where a claim comes from, strongest first."""

    DECLARED = "declared"  # a person wrote it down: front matter, metadata file, dataset.yaml
    EMBEDDED = "embedded"  # the document's own machine-readable part: JSON-LD, OpenGraph, WARC header
    EXTRACTED = "extracted"  # a rule found it in the text; ``evidence`` holds the text that matched
    DERIVED = "derived"  # computed from the whole (language identification, a default)


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement about one article.

    Attributes:
        field: the article's field, as named in ``schema/article.schema.json``.
        value: the value as text, not yet parsed.
        origin: who says so.
        rule: the rule or the place that gave it (``front-matter``, ``json-ld:datePublished``, ``published-on``).
        evidence: the words that were matched, cut to a line; empty where ``value`` is the whole evidence.
        line: 1-based line of the file it stands in, 0 where unknown.
        confidence: 0 to 1.
    """

    field: str
    value: str
    origin: Origin
    rule: str
    evidence: str = ""
    line: int = 0
    confidence: float = 1.0

    def as_dict(self) -> dict[str, Any]:
        """The claim as a value of ``CLAIM``."""
        return {
            name: getattr(self, name) for name in ("field", "value", "origin", "rule", "evidence", "line", "confidence")
        }


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement that cleaning made: ``text[start:end]`` became ``replacement``, by ``rule``.

    ``start`` and ``end`` count code points of the extracted text, before any edit. The edits of an article are sorted
    and do not overlap, so anyone who holds the original can replay them.
    """

    start: int
    end: int
    replacement: str
    rule: str


def apply_edits(text: str, edits: list[Edit] | tuple[Edit, ...]) -> str:
    """Replay ``edits`` (sorted, not overlapping, in code points of ``text``)."""
    kept: list[str] = []
    position = 0
    for edit in edits:
        kept += (text[position : edit.start], edit.replacement)
        position = edit.end
    kept.append(text[position:])
    return "".join(kept)


CLAIM = pa.struct(
    [
        pa.field("field", pa.string(), nullable=False),
        pa.field("value", pa.string(), nullable=False),
        pa.field("origin", pa.string(), nullable=False),
        pa.field("rule", pa.string(), nullable=False),
        pa.field("evidence", pa.string(), nullable=False),
        pa.field("line", pa.int32(), nullable=False),
        pa.field("confidence", pa.float32(), nullable=False),
    ]
)

EDIT = pa.struct(
    [
        pa.field("start", pa.int64(), nullable=False),
        pa.field("end", pa.int64(), nullable=False),
        pa.field("replacement", pa.string(), nullable=False),
        pa.field("rule", pa.string(), nullable=False),
    ]
)

#: A finding as it travels in a batch; ``path`` is null or empty where it is the article's own.
FINDING = pa.struct(
    [
        pa.field("path", pa.string()),
        pa.field("code", pa.string(), nullable=False),
        pa.field("field", pa.string(), nullable=False),
        pa.field("found", pa.string(), nullable=False),
        pa.field("expected", pa.string(), nullable=False),
        pa.field("hint", pa.string(), nullable=False),
        pa.field("line", pa.int32(), nullable=False),
    ]
)


def finding_row(issue: Issue) -> dict[str, Any]:
    """A finding as it travels in a batch."""
    return {name: getattr(issue, name) for name in ("path", "code", "field", "found", "expected", "hint", "line")}


#: One place where an exact copy of the article was seen.
SIGHTING = pa.struct(
    [
        pa.field("locator", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("url", pa.string()),
        pa.field("fetched_at", pa.string()),
    ]
)


def split_locator(locator: str) -> tuple[str, int, int]:
    """Path, 1-based line and 1-based row of ``path#L12`` or ``path#R12``; 0 for what it does not name."""
    path, _, place = locator.rpartition("#")
    if not path or place[:1] not in ("L", "R") or not (place[1:].isascii() and place[1:].isdigit()):
        return locator, 0, 0
    return (path, int(place[1:]), 0) if place[0] == "L" else (path, 0, int(place[1:]))


#: What every reader yields. ``text`` is null for a record that is known by its digest only; ``first_line`` is the
#: 1-based line of the file on which ``text`` begins, null where its lines are not the file's.
RAW_SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("payload_sha256", pa.string(), nullable=False),
        pa.field("payload_bytes", pa.int64()),
        pa.field("media_type", pa.string(), nullable=False),
        pa.field("charset", pa.string()),
        pa.field("extraction", pa.string()),
        pa.field("extraction_sha256", pa.string()),
        pa.field("source", pa.string(), nullable=False),
        pa.field("text", pa.string()),
        pa.field("first_line", pa.int32()),
        pa.field("claims", pa.list_(CLAIM), nullable=False),
        pa.field("sightings", pa.list_(SIGHTING), nullable=False),
        pa.field("raw_findings", pa.list_(FINDING), nullable=False),
        pa.field("raw_flags", pa.list_(pa.string()), nullable=False),
    ]
)
