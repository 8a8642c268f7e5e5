"""The features of a text: how often each word stands in it, and where entities stand without saying which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dataset_builder.partial.words import folded, rules, words

#: What of a mention is released: where it stands and of what kind it is. Its text, its name and its country are words.
LABEL_MEMBERS = ("start", "end", "label", "coarse_label")


def unigrams(text: str) -> list[dict[str, Any]] | None:
    """The words of ``text``, folded, with their counts, in the order of their code points.

    None for a text that is so short that its words could be put into their order again by trying.
    """
    counts = Counter(folded(match[0]) for match in words(text))
    if counts.total() < rules()["least_words"]:
        return None
    return [{"word": word, "count": count} for word, count in sorted(counts.items())]


def labels(entities: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]] | None:
    """The mentions without their words; None where none were sought."""
    if entities is None:
        return None
    return [{name: mention[name] for name in LABEL_MEMBERS} for mention in entities]
