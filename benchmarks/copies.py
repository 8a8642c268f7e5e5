"""How many articles of 4 kB a second become clusters of near copies: ``python benchmarks/copies.py [ARTICLES]``.

The articles lie in an Arrow file. One process, two threads of it (numpy gives the lock away) and two processes sign the
batches of that file; this process takes the signatures in (``add``) and at last links what is alike (``finish``), on
articles that are all different and on a corpus of which nine in ten are copies. Other programs on the machine lower the
rates, so the processor time of a signature is printed beside them.

Measured on two cores of an AMD EPYC while four to five other programs ran on them: 12,500 articles a second in one
process and 15,100 in two threads (all different), 5,000 to 7,000 (mostly copies). A signature takes 40 µs of a core
that is otherwise idle, 60 to 80 µs of one that is not.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context

import numpy as np
import pyarrow as pa

from dataset_builder.copies import NearCopies, SignedArticles, sign

ORIGINALS = 10_000
BATCH = 256
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


def sign_one(path: str, number: int) -> tuple[SignedArticles, float]:
    """The signatures of one batch of the file at ``path``, and the seconds of processor time that they took."""
    with pa.memory_map(path) as file:
        batch = pa.ipc.open_file(file).get_batch(number)
        begin = time.thread_time()
        return sign(batch), time.thread_time() - begin


def measure(name: str, batches: list[pa.RecordBatch], path: str) -> None:
    """Print the rates for one corpus, signed in three ways."""
    with pa.ipc.new_file(path, batches[0].schema) as file:
        for batch in batches:
            file.write_batch(batch)
    count, numbers = sum(batch.num_rows for batch in batches), range(len(batches))
    work = partial(sign_one, path)
    print(name)
    report("one process", count, map(work, numbers))
    with ThreadPoolExecutor(2) as threads:
        report("two threads", count, threads.map(work, numbers))
    with get_context("forkserver").Pool(2) as pool:
        pool.map(work, [0] * 4, chunksize=1)  # the workers' imports
        report("two processes", count, pool.imap_unordered(work, numbers))


def report(way: str, count: int, signed: Iterable[tuple[SignedArticles, float]]) -> None:
    """Take the signed batches in, link what is alike, and print how long that took."""
    copies, signing = NearCopies(), 0.0
    begin = time.perf_counter()
    for articles, seconds in signed:
        copies.add(articles)
        signing += seconds
    finish = time.perf_counter()
    result = copies.finish()
    end = time.perf_counter()
    clustered = count - result.column("duplicate_cluster").null_count
    print(
        f"  {way:14}{count / (end - begin):8.0f} articles a second in all; {signing / count * 1e6:.0f} µs of a core"
        f" sign, {(end - finish) / count * 1e6:.0f} µs link one; {clustered} of {count} in clusters"
    )


def main() -> None:
    """Measure both corpora."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2 * ORIGINALS
    texts = originals(min(count, ORIGINALS))
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        measure("all different", list(corpus(texts, len(texts))), f"{folder}/different.arrow")
        measure("mostly copies", list(corpus(texts[: max(1, len(texts) // 10)], count)), f"{folder}/copies.arrow")


if __name__ == "__main__":
    main()
