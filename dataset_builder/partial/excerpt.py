"""The excerpt of a text: its first words."""

from __future__ import annotations

from dataset_builder.partial.words import words
from dataset_builder.release_options import ExcerptLimit


def excerpt_end(text: str, limit: ExcerptLimit) -> int:
    """The code point behind the last word of the excerpt; 0 where the limits leave no word.

    Both limits hold, in whole words: at most ``limit.words``, and at most ``limit.share`` of the words of ``text``.
    """
    ends = [match.end() for match in words(text)]
    taken = min(limit.words, int(len(ends) * limit.share))
    return ends[taken - 1] if taken else 0
