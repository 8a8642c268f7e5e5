"""Mentions that the model missed: a name that it found in one place of an article is that name in every other.

Found are exact repetitions only: same letters, same case, bounded by something that is no part of a word, and outside
of any other mention. A name of one word has to stand alone, not beside another word that is written large.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dataset_builder.stages.entities.boundaries import NAMED
from dataset_builder.stages.entities.labels import coarse_label
from dataset_builder.stages.entities.types import Span

#: Names with one first word that are looked for, the longest ones; it bounds the time of a hostile text.
_MOST_SHARING = 64

#: A word that may begin a name: it starts with a large letter. The group ends where ``_FIRST_WORD`` does.
_LARGE = re.compile(r"(?<![\w@./-])([^\W\d_a-z]\w*)[\w'’.-]*")
_FIRST_WORD = re.compile(r"[^\s'’.-]*")
_LARGE_AFTER = re.compile(r"[ \t\u00a0](?:of |de |and |& )?[^\W\d_a-z]")
_LARGE_BEFORE = re.compile(r"[^\W\d_a-z][\w'’-]*[ \t\u00a0]\Z")


def spread(body: str, spans: Sequence[Span], names: dict[str, str]) -> list[Span]:
    """``spans`` and the missed mentions of ``names`` (text -> label), sorted by place.

    Time is linear in the body: names are looked up by their first word, the longest first.
    """
    by_start: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        beginning = by_start.setdefault(_first_word(name), [])
        if len(beginning) < _MOST_SHARING:
            beginning.append(name)
    found = [*spans]
    taken = iter(sorted((span.start, span.end) for span in spans))
    busy = next(taken, None)
    free_from = 0
    for word in _LARGE.finditer(body):
        sharing = by_start.get(word[1])
        if sharing is None:
            continue
        while busy and busy[1] <= word.start():
            busy = next(taken, None)
        if word.start() < free_from:
            continue
        limit = busy[0] if busy else len(body)
        for name in sharing:
            end = word.start() + len(name)
            if end <= limit and body.startswith(name, word.start()) and _stands_alone(body, word.start(), end, name):
                found.append(Span(word.start(), end, name, names[name]))
                free_from = end
                break
    return sorted(found, key=lambda span: (span.start, span.end))


def repeatable(span: Span) -> bool:
    """Whether the name in ``span`` is one that stands for itself wherever it is repeated."""
    return coarse_label(span.label) in NAMED and span.text[:1].isupper() and len(span.text) > 2


def _first_word(name: str) -> str:
    found = _FIRST_WORD.match(name)
    return found[0] if found else ""


def _stands_alone(body: str, start: int, end: int, name: str) -> bool:
    following = body[end : end + 1]
    if following.isalnum() or following in ("-", "_", "@"):
        return False
    if " " in name:
        return True
    return not _LARGE_AFTER.match(body, end) and not _LARGE_BEFORE.search(body[max(0, start - 40) : start])
