"""Tell-tales of spun or machine-paraphrased text: fixed terms whose words were replaced one by one.

They are never proof. They hold a text back until a person has read it, and they stay in the private findings: a
suspicion accuses a named publisher.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product

from dataset_builder.rights.known import table

#: A longer text is looked at up to here; what spins an article spins its beginning too.
MAX_LENGTH = 200_000

_WORD = re.compile(r"[^\W_]+")
#: Bytes to themselves where they can be of a word, to a blank elsewhere; and the punctuation of news beyond ASCII.
_LETTERS = bytes(code if code >= 0x80 or chr(code).isalnum() else 0x20 for code in range(256))
_MARKS = tuple(mark.encode() for mark in "“”„‘’–—…\u00a0")


@dataclass(frozen=True, slots=True)
class TellTale:
    """One find: ``text[start:end]`` stands where a writer would have said ``meant``."""

    start: int
    end: int
    found: str
    meant: str
    weight: int


@dataclass(frozen=True, slots=True)
class _Entry:
    words: tuple[str, ...]
    meant: str
    weight: int


@cache
def _lexicon() -> Mapping[str, tuple[_Entry, ...]]:
    """First word -> the entries that begin with it, the longest first."""
    by_first: dict[str, list[_Entry]] = {}
    for row in table("spun-wording")["entries"]:
        for phrase in expanded(row["found"]):
            words = tuple(_WORD.findall(phrase))
            by_first.setdefault(words[0], []).append(_Entry(words, row["meant"], row["weight"]))
    return {first: tuple(sorted(rows, key=lambda row: -len(row.words))) for first, rows in by_first.items()}


@cache
def _beginnings() -> tuple[frozenset[bytes], frozenset[tuple[bytes, bytes]]]:
    """The first word of every entry, and the first two, as ASCII."""
    pairs = {(row.words[0].encode(), row.words[1].encode()) for rows in _lexicon().values() for row in rows}
    return frozenset(first for first, _ in pairs), frozenset(pairs)


def _may_hold_any(text: str) -> bool:
    """Whether the first two words of an entry stand side by side; cheap, for nearly every text ends here."""
    data = text.lower().encode("utf-8", "replace").translate(_LETTERS)
    for mark in () if text.isascii() else _MARKS:
        data = data.replace(mark, b" ")
    words = data.split()
    firsts, pairs = _beginnings()
    return not firsts.isdisjoint(words) and not pairs.isdisjoint(pairwise(words))


def expanded(pattern: str) -> list[str]:
    """Every phrase that ``a (b|c) d|e`` stands for; groups may hold groups."""
    phrases: list[str] = []
    for branch in _split(pattern):
        pieces = re.split(r"(\((?:[^()]|\([^()]*\))*\))", branch)
        choices = [expanded(piece[1:-1]) if piece.startswith("(") else [piece] for piece in pieces if piece]
        phrases += ["".join(choice) for choice in product(*choices)]
    return phrases


def _split(pattern: str) -> list[str]:
    """The branches of ``a|b`` outside parentheses."""
    branches, depth = [""], 0
    for letter in pattern:
        depth += (letter == "(") - (letter == ")")
        if letter == "|" and depth == 0:
            branches.append("")
        else:
            branches[-1] += letter
    return branches


def tell_tales(text: str) -> tuple[TellTale, ...]:
    """The tell-tales in ``text``, in order; they do not overlap."""
    lexicon = _lexicon()
    if not _may_hold_any(text[:MAX_LENGTH]):
        return ()
    matches = list(_WORD.finditer(text, 0, MAX_LENGTH))
    words = [match[0].lower() for match in matches]
    found: list[TellTale] = []
    free = 0
    for place, word in enumerate(words):
        if place < free or word not in lexicon:
            continue
        for entry in lexicon[word]:
            end = place + len(entry.words)
            if tuple(words[place:end]) == entry.words:
                span = matches[place].start(), matches[end - 1].end()
                found.append(TellTale(*span, text[slice(*span)], entry.meant, entry.weight))
                free = end
                break
    return tuple(found)


def looks_spun(found: tuple[TellTale, ...]) -> bool:
    """Whether the tell-tales weigh enough to ask for a review; the same term counts once, and one must be strong."""
    data = table("spun-wording")
    distinct = {tale.meant: tale.weight for tale in sorted(found, key=lambda tale: tale.weight)}
    strong = any(weight > 1 for weight in distinct.values())
    return strong and len(distinct) >= data["least_tell_tales"] and sum(distinct.values()) >= data["threshold"]
