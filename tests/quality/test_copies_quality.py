"""Recall of near copies and of shortened reprints, on copies whose true similarity is known."""

import random

import pyarrow as pa
import pytest
from floors import hold

from dataset_builder.copies import NearCopies

pytestmark = pytest.mark.slow

PAIRS = 1_500
LEAST = 0.8

CHANCE = random.Random(7)
VOCABULARY = [
    "".join(CHANCE.choices("etaoinshrdlucmfwygpbvkxqjz", range(26, 0, -1), k=CHANCE.randint(2, 10)))
    for _ in range(20_000)
]
ZIPF = [1 / (rank + 5) for rank in range(20_000)]


def words(count: int) -> list[str]:
    return CHANCE.choices(VOCABULARY, ZIPF, k=count)


def replaced(text: list[str]) -> list[str]:
    share = CHANCE.uniform(0, 0.1)
    return [words(1)[0] if CHANCE.random() < share else word for word in text]


def thinned(text: list[str]) -> list[str]:
    share = CHANCE.uniform(0, 0.1)
    return [word for word in text if CHANCE.random() >= share]


def cut(text: list[str]) -> list[str]:
    length = int(len(text) * CHANCE.uniform(0, 0.25))
    start = CHANCE.randrange(len(text) - length + 1)
    return text[:start] + text[start + length :]


def extended(text: list[str]) -> list[str]:
    start = CHANCE.randrange(len(text))
    return text[:start] + words(int(len(text) * CHANCE.uniform(0, 0.25))) + text[start:]


def shortened(text: list[str]) -> list[str]:
    return text[: int(len(text) * CHANCE.uniform(0.25, 0.6))]


def jaccard(one: list[str], other: list[str], name: str) -> float:
    def shingles(text: list[str]) -> set[object]:
        if name == "five characters":
            joined = " ".join(text)
            return {joined[start : start + 5] for start in range(len(joined) - 4)}
        size = 2 if name == "word pairs" else 3
        return set(zip(*(text[start:] for start in range(size)), strict=False))

    a, b = shingles(one), shingles(other)
    return len(a & b) / len(a | b)


@pytest.fixture(scope="module")
def judged() -> tuple[list[tuple[bool, str, list[str], list[str]]], int]:
    """(met, kind of edit, original, copy) of every pair, and how many strangers were joined."""
    edits = (replaced, thinned, cut, extended, shortened)
    pairs = []
    for number in range(PAIRS):
        edit = edits[number % len(edits)]
        original = words(CHANCE.choice([300, 650, 1200] if edit is shortened else [120, 300, 650, 1200]))
        pairs.append((edit.__name__, original, edit(original)))
    rows = [
        (f"{number:04}-{side}", " ".join(text))
        for number, pair in enumerate(pairs)
        for side, text in enumerate(pair[1:])
    ]
    ids, bodies = zip(*rows, strict=True)
    copies = NearCopies()
    copies.add(pa.table({"id": list(ids), "body": list(bodies), "date": pa.nulls(len(rows), pa.date32())}))
    representative = {row["id"]: row["cluster_representative"] for row in copies.finish().to_pylist()}
    met = [representative[f"{number:04}-1"] == f"{number:04}-0" for number in range(PAIRS)]
    strangers = sum(1 for name, first in representative.items() if first is not None and first[:4] != name[:4])
    return [(hit, *pair) for hit, pair in zip(met, pairs, strict=True)], strangers


@pytest.mark.parametrize("name", ["word pairs", "word triples", "five characters"])
def test_recall_at_the_threshold(name: str, judged: tuple[list[tuple[bool, str, list[str], list[str]]], int]) -> None:
    hits = [met for met, kind, one, other in judged[0] if kind != "shortened" and jaccard(one, other, name) >= LEAST]
    assert len(hits) > PAIRS / 3
    hold(f"copies-recall-{name.replace(' ', '-')}", sum(hits) / len(hits))


def test_recall_of_shortened_reprints(
    judged: tuple[list[tuple[bool, str, list[str], list[str]]], int],
) -> None:
    hits = [met for met, kind, _, _ in judged[0] if kind == "shortened"]
    assert len(hits) == PAIRS / 5
    hold("copies-recall-reprint", sum(hits) / len(hits))


def test_strangers_stay_strangers(judged: tuple[list[tuple[bool, str, list[str], list[str]]], int]) -> None:
    hold("copies-strangers-joined", judged[1])
