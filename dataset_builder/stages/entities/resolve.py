"""From spans to mentions that agree with each other over the whole article."""

from __future__ import annotations

from collections.abc import Sequence

from dataset_builder.stages.entities.labels import coarse_label
from dataset_builder.stages.entities.types import Mention, Span


def resolve(spans: Sequence[Span]) -> list[Mention]:
    """The mentions of one article, sorted by place."""
    return [
        Mention(
            start=span.start,
            end=span.end,
            text=span.text,
            label=span.label,
            coarse_label=coarse_label(span.label),
            canonical=" ".join(span.text.split()),
        )
        for span in spans
    ]
