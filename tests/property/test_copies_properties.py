"""The vectorised shingles say what a plain loop says, and the estimates stay near the truth."""

import random
import re
import unicodedata
from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from dataset_builder.copies.clusters import Clusters
from dataset_builder.copies.measure import Bitmaps
from dataset_builder.copies.shingles import LONGEST_WORD, shingle
from dataset_builder.copies.signature import signatures

LETTERS = "aAbB1 .,-\n\x00“éÉ\u0301\u00ad\u00a0\u2019港。ทǅß½각\u1100\u1161🎉"
TEXTS = st.lists(st.one_of(st.none(), st.text(st.sampled_from(LETTERS), max_size=40)), max_size=8)
WORDS = re.compile("[\u3040-\u9fff\u0e00-\u0eff]|(?:(?![\u3040-\u9fff\u0e00-\u0eff])[^\\W_])+")


def plain_pairs(text: str | None) -> list[tuple[bytes, ...]]:
    """What the module says in prose, for the characters that ``TEXTS`` uses."""
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text or "").casefold())
    bare = "".join(part for part in spread if unicodedata.category(part) not in ("Mn", "Cf"))
    words = WORDS.findall(unicodedata.normalize("NFC", bare))
    pieces = [
        word.encode()[first : first + LONGEST_WORD]
        for word in words
        for first in range(0, len(word.encode()), LONGEST_WORD)
    ]
    return list(pairwise(pieces)) or [tuple(pieces)] * bool(pieces)


@settings(deadline=None)
@given(TEXTS)
def test_shingles_are_the_pairs_of_words(texts: list[str | None]) -> None:
    found = shingle(pa.array(texts, pa.string()))
    expected = [pair for text in texts for pair in plain_pairs(text)]
    assert np.diff(found.offsets).tolist() == [len(plain_pairs(text)) for text in texts]
    assert len(found.hashes) == len(expected)
    by_pair: dict[tuple[bytes, ...], int] = {}
    for pair, value in zip(expected, found.hashes.tolist(), strict=True):
        assert by_pair.setdefault(pair, value) == value
    assert len(set(by_pair.values())) == len(by_pair)


@settings(deadline=None)
@given(TEXTS, st.integers(0, 8))
def test_a_text_has_the_same_signature_wherever_it_stands(texts: list[str | None], place: int) -> None:
    column = pa.array(texts, pa.string())
    whole = signatures(column)
    part = signatures(column[place:])
    assert np.array_equal(whole.bands[place:], part.bands)
    assert np.array_equal(whole.bitmaps[place:], part.bitmaps)
    assert np.array_equal(whole.anchor_counts[place:], part.anchor_counts)
    assert np.array_equal(whole.anchors[whole.anchor_counts[:place].sum() :], part.anchors)


@settings(deadline=None)
@given(st.integers(0, 2**32), st.integers(50, 3_000), st.floats(0, 1))
def test_measures_stay_within_their_errors(seed: int, length: int, share: float) -> None:
    numbers = random.Random(seed).sample(range(10**6), 2 * length)
    one, other = numbers[:length], numbers[int(length * share) : int(length * share) + length]
    texts = pa.array([" ".join(map(str, one)), " ".join(map(str, other))])
    bitmaps = Bitmaps(signatures(texts).bitmaps)
    measures = bitmaps.measure(np.array([0]), np.array([1]))
    a, b = (set(pairwise(text)) for text in (one, other))
    assert abs(measures.similarity[0] - len(a & b) / len(a | b)) <= 6 * measures.similarity_error[0] + 0.02
    assert abs(bitmaps.counts[0] - len(a)) <= 0.05 * len(a) + 20


@settings(deadline=None)
@given(st.integers(1, 30).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.tuples(*[st.integers(0, n - 1)] * 2)))))
def test_clusters_are_what_links_connect(case: tuple[int, list[tuple[int, int]]]) -> None:
    rows, links = case
    clusters = Clusters(rows)
    for half in (links[::2], links[1::2]):
        pairs = np.array(half, np.int64).reshape(-1, 2)
        clusters.join(pairs[:, 0], pairs[:, 1])
    sets = [{row} for row in range(rows)]
    for one, other in links:
        sets[one] |= sets[other]
        for row in sets[one]:
            sets[row] = sets[one]
    assert clusters.first.tolist() == [min(sets[row]) for row in range(rows)]
