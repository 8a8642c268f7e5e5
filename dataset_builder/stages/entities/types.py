"""What a mention is, as a value and as an Arrow type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

#: One mention of an entity in a body; ``start`` and ``end`` count code points, ``body[start:end] == text``.
ENTITY = pa.struct(
    [
        pa.field("start", pa.int64(), nullable=False),
        pa.field("end", pa.int64(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("label", pa.string(), nullable=False),
        pa.field("coarse_label", pa.string(), nullable=False),
        pa.field("canonical", pa.string(), nullable=False),
        pa.field("country", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Span:
    """What a model found: ``text`` stands at ``start:end`` (code points of the body) and has the model's ``label``."""

    start: int
    end: int
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Mention:
    """One resolved mention of an entity.

    Attributes:
        start: first code point of the mention in the body.
        end: the code point after its last one; ``body[start:end] == text``.
        text: the words as they stand in the body.
        label: the model's label, after resolution.
        coarse_label: PER, ORG, LOC, GROUP, TIME, NUMBER, MISC or OTHER; see ``schema/entities/labels.json``.
        canonical: the one form of the name that all mentions of this entity in the article share.
        country: ISO 3166-1 alpha-2 of a country, or of the country whose capital this is; else None.
    """

    start: int
    end: int
    text: str
    label: str
    coarse_label: str
    canonical: str
    country: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The mention as a value of ``ENTITY``."""
        return {name: getattr(self, name) for name in _FIELDS}


_FIELDS = tuple(field.name for field in ENTITY)
