"""How many articles of 4 kB a second become clusters of near copies: ``python benchmarks/copies.py [ARTICLES]``.

Prints wall-clock and processor time of taking articles in (``add``, one process; other processes add their own and
``merge``) and of ``finish``, on articles that are all different and on a corpus of which nine in ten are copies.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from dataset_builder.copies import NearCopies

ORIGINALS = 10_000
BATCH = 1_000
WORDS = 620


def originals(count: int) -> list[str]:
    """Texts of some 4 kB from a vocabulary with Zipf's distribution."""
    chance = np.random.default_rng(3)
    vocabulary = np.array(
        ["".join(chance.choice(list("etaoinshrdlucm"), chance.integers(2, 10))) for _ in range(20_000)]
    )
    weights = 1 / (np.arange(len(vocabulary)) + 5)
    return [" ".join(chance.choice(vocabulary, WORDS, p=weights / weights.sum())) for _ in range(count)]


def corpus(texts: list[str], count: int) -> Iterator[pa.RecordBatch]:
    """``count`` articles: each text once, then with its begin cut off, a little more each time around."""
    for first in range(0, count, BATCH):
        rows = range(first, min(first + BATCH, count))
        bodies = [texts[row % len(texts)][37 * (row // len(texts)) :] for row in rows]
        ids = [f"{row:032x}" for row in rows]
        yield pa.record_batch({"id": ids, "body": bodies, "date": pa.nulls(len(ids), pa.date32())})


def measure(name: str, texts: list[str], count: int) -> None:
    """Print the rates for one corpus."""
    copies = NearCopies()
    batches = list(corpus(texts, count))
    wall, cpu = time.perf_counter(), time.process_time()
    for batch in batches:
        copies.add(batch)
    added = time.perf_counter() - wall, time.process_time() - cpu
    result = copies.finish()
    total = time.perf_counter() - wall, time.process_time() - cpu
    clustered = count - result.column("duplicate_cluster").null_count
    print(f"{name}: {count} articles, {clustered} in clusters")
    print(f"  add     {count / added[0]:8.0f} a second of wall clock, {count / added[1]:8.0f} a second of one core")
    print(f"  in all  {count / total[0]:8.0f} a second of wall clock, {count / total[1]:8.0f} a second of one core")


def main() -> None:
    """Measure both corpora."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2 * ORIGINALS
    texts = originals(min(count, ORIGINALS))
    measure("all different", texts, len(texts))
    measure("mostly copies", texts[: max(1, len(texts) // 10)], count)


if __name__ == "__main__":
    main()
