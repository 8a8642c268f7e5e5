"""Names compared: what is the same name in another spelling."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from dataset_builder.resources import read_json

_DASHES = re.compile(r"[-‐‑‒–—\s]+")
_DROPPED = re.compile(r"[.'’‘`ʼ]")
_KOREAN_HYPHEN = re.compile(r"\b([A-Z][a-z]+)-([a-z])(?=[a-z]*$)")
_VOWELS = re.compile(r"[aeiouy]")


@lru_cache(maxsize=65_536)
def name_key(text: str) -> str:
    """``text`` without case, accents, stops and apostrophes, hyphens as blanks: ``Jong-un`` and ``Jong Un`` meet."""
    decomposed = unicodedata.normalize("NFKD", _DROPPED.sub("", text))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _DASHES.sub(" ", plain.casefold()).strip()


@cache
def _replacements() -> list[tuple[re.Pattern[str], str]]:
    table = read_json("entities", "transliteration.json")["replacements"]
    return [(re.compile(pattern), replacement) for pattern, replacement in table]


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """One folded word, with what romanisations write differently made equal: ``zelenskyy`` and ``zelenski`` meet."""
    for pattern, replacement in _replacements():
        word = pattern.sub(replacement, word)
    return word


def same_given_name(one: str, other: str) -> bool:
    """Whether two folded given names may be one: alike in sound, one an initial, or alike in four consonants."""
    if one == other or sound(one) == sound(other):
        return True
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    consonants = _VOWELS.sub("", sound(one))
    return len(consonants) >= 4 and consonants == _VOWELS.sub("", sound(other))


def display_name(text: str) -> str:
    """A name as its canonical form writes it: single blanks, and ``Kim Jong-un`` as ``Kim Jong Un``.

    The second half of a hyphenated Korean given name is written small by the Revised Romanisation (2000) and large
    by Pyongyang's; one form has to be chosen, so that articles agree with each other.
    """
    words = " ".join(text.split())
    if " " not in words:
        return words
    return _KOREAN_HYPHEN.sub(lambda halves: f"{halves[1]} {halves[2].upper()}", words)
