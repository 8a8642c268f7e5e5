"""How much of the running text can be rebuilt from a features release: a measured score, not a promise.

For every word the attacker is given the true words before it, and everything that is released: the counts of the
article's words, the places and lengths of its mentions, and the other texts of the snapshot, from which it learns which
word likes to follow which. What it then knows or guesses is counted (docs/decisions/release-modes.md).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dataset_builder.partial.words import folded, words

#: Articles that are measured, and words of the released texts that the attacker learns from: the cost stays bounded.
MOST_ARTICLES = 200
MOST_LEARNED = 2_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """One article that is released as features: its text, and its mentions without words."""

    text: str
    labels: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Reconstruction:
    """The score of a features release; shares are of ``words``, from 0 to 1.

    Attributes:
        articles: how many were measured.
        words: their words together.
        learned: words of released texts that the attacker learned from.
        determined: next words that only one of the words left can be.
        guessed: next words that the attacker names at its first guess; those that are determined among them.
        trigrams: next words that a set of 3-grams of the same texts would determine, for comparison.
    """

    articles: int
    words: int
    learned: int
    determined: float
    guessed: float
    trigrams: float


def measure(articles: Sequence[Measured], released: Iterable[str]) -> Reconstruction | None:
    """The score over ``articles`` (at most ``MOST_ARTICLES`` of them); None where there are none.

    Args:
        articles: what is measured.
        released: the texts and titles of the snapshot that anybody may read.
    """
    texts = [_Text.of(article) for article in articles[:MOST_ARTICLES]]
    total = sum(len(text.sequence) for text in texts)
    if not total:
        return None
    vocabulary = frozenset(word for text in texts for word in text.sequence)
    followers, learned = _learn(released, vocabulary)
    counts = [_attack(text, followers) for text in texts]
    return Reconstruction(
        articles=len(texts),
        words=total,
        learned=learned,
        determined=_share(sum(determined for determined, _ in counts), total),
        guessed=_share(sum(guessed for _, guessed in counts), total),
        trigrams=_share(sum(_by_trigrams(text.sequence) for text in texts), total),
    )


@dataclass(frozen=True, slots=True)
class _Text:
    """A text as its words, and for the words that a label covers alone, the length that the label gives away."""

    sequence: tuple[str, ...]
    lengths: Mapping[int, int]

    @classmethod
    def of(cls, article: Measured) -> _Text:
        matches = list(words(article.text))
        spans = {(label["start"], label["end"]) for label in article.labels}
        lengths = {index: len(match[0]) for index, match in enumerate(matches) if match.span() in spans}
        return cls(tuple(folded(match[0]) for match in matches), lengths)


def _learn(released: Iterable[str], vocabulary: frozenset[str]) -> tuple[dict[str, list[str]], int]:
    """Word -> the words that follow it in released texts, the most frequent first; and how many words were read."""
    pairs: dict[str, Counter[str]] = defaultdict(Counter)
    learned = 0
    for text in released:
        before = ""
        for match in words(text):
            word = folded(match[0])
            if before in vocabulary and word in vocabulary:
                pairs[before][word] += 1
            before = word
            learned += 1
        if learned >= MOST_LEARNED:
            break
    return {word: _ranked(counts) for word, counts in pairs.items()}, learned


def _attack(text: _Text, followers: Mapping[str, Sequence[str]]) -> tuple[int, int]:
    """How many next words of ``text`` are determined, and how many are guessed."""
    left = Counter(text.sequence)
    common = _ranked(left)
    determined = guessed = 0
    before = ""
    for index, word in enumerate(text.sequence):
        length = text.lengths.get(index)
        fitting = [other for other in left if len(other) == length] if length else None
        if len(fitting if fitting is not None else left) == 1:
            determined += 1
            guessed += 1
        else:
            allowed = left if fitting is None else frozenset(fitting)
            guess = next((other for other in _candidates(followers.get(before, ()), common) if other in allowed), "")
            guessed += guess == word
        left[word] -= 1
        if not left[word]:
            del left[word]
        before = word
    return determined, guessed


def _candidates(followers: Sequence[str], common: Sequence[str]) -> Iterator[str]:
    yield from followers
    yield from common


def _by_trigrams(sequence: Sequence[str]) -> int:
    """How many next words the set of the sequence's own 3-grams leaves no choice for."""
    after: dict[tuple[str, str], set[str]] = defaultdict(set)
    for first, second, third in zip(sequence, sequence[1:], sequence[2:], strict=False):
        after[first, second].add(third)
    return sum(len(after[pair]) == 1 for pair in pairwise(sequence[:-1]))


def _ranked(counts: Counter[str]) -> list[str]:
    return sorted(counts, key=lambda word: (-counts[word], word))


def _share(count: int, total: int) -> float:
    return round(count / total, 4)
