"""Cutting a body into pieces that a model can take, with their offsets.

A recogniser's memory grows with the text, and a tokeniser's time with the square of a word's length; both are bounded
here. The pieces join to the body again, so that an offset in a piece plus the piece's own offset is one in the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Code points a model reads at once. spaCy refuses more than 1,000,000, and asks for about 1 GB of memory for 100,000.
WINDOW = 100_000

#: A "word" of so many characters is none; nor is a run of so many marks. Blanked, so that time stays in proportion.
LONGEST_WORD = 500
LONGEST_MARKS = 20

_NO_WORDS = re.compile(rf"(?<!\S)\S{{{LONGEST_WORD},}}|[^\w\s]{{{LONGEST_MARKS},}}")

#: Where to cut, best first: between paragraphs, lines, sentences, words.
_CUTS = ("\n\n", "\n", ". ", " ")


def blank_endless_words(text: str) -> str:
    """``text`` with what is too long for a word or for punctuation replaced by as many spaces."""
    return _NO_WORDS.sub(lambda run: " " * len(run.group()), text)


def windows(text: str, size: int = WINDOW) -> Iterator[tuple[int, str]]:
    """The pieces of ``text``, each with the offset of its first code point; none longer than ``size``."""
    start = 0
    while len(text) - start > size:
        end = _last_cut(text, start, start + size)
        yield start, text[start:end]
        start = end
    yield start, text[start:]


def _last_cut(text: str, start: int, limit: int) -> int:
    """The best place to cut within ``start:limit``, in its second half where there is one."""
    for mark in _CUTS:
        place = text.rfind(mark, start + (limit - start) // 2, limit)
        if place >= 0:
            return place + len(mark)
    return limit
