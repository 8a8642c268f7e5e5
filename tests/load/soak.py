"""Builds over and over: ``soak.py --seconds 240 [--note]``, as many slices as one likes; ``make soak`` runs five.

One process builds a corpus with a cache again and again, and before each build gives one article in fifty another
text, in a cycle, so that after some rounds every text was seen before. What must not grow then: the process's memory,
its open files, its threads, the packs of the cache, what lies beside the snapshot. Each slice is a line in
``soak.jsonl``; SOAK.md is made of all of them.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
LINES, PAGE = HERE / "soak.jsonl", HERE / "SOAK.md"
#: Rounds until every text was seen and comes again; until then caches fill.
CYCLE = 10
#: What a process may grow by without a leak: allocators keep and split what they have.
ALLOWED_GROWTH = 1.10
ALLOWED_BYTES = 24 << 20


@dataclass(frozen=True)
class Sample:
    """After one build: bytes in memory, open files, threads, bytes and packs of the cache, files beside the snapshot,
    and the identity of what was built."""

    memory: int
    files: int
    threads: int
    cache: int
    packs: int
    beside: int
    identity: str


def builds(place: Path, articles: int, cycle: int = CYCLE) -> Iterator[Sample]:
    """Build for ever, one sample a build; every text comes again after ``cycle`` of them."""
    from corpora import article, write_corpus
    from dataset_builder.pipeline import build

    corpus, out, cache = write_corpus(place / "corpus", articles=articles), place / "out" / "notes", place / "cache"
    number = 0
    while True:
        for changed in range(number % (cycle // 2), articles, 50):
            revision = 1 + number // (cycle // 2) % 2
            path = corpus / "ledger" / f"{changed:04d}.txt"
            path.write_text(article(changed + 10_000 * revision, day=changed % 28 + 1), encoding="utf-8")
        built = build(corpus, out, workers=1, cache=cache)
        yield sample(out, cache, built.facts.identity)
        number += 1


def sample(out: Path, cache: Path, identity: str) -> Sample:
    """What this process, its cache and its output come to now."""
    resident = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    packs = [path.stat().st_size for path in cache.rglob("*") if path.is_file()]
    beside = sum(1 for path in out.parent.iterdir() if path != out)
    files = sum(1 for _ in Path("/proc/self/fd").iterdir())
    return Sample(resident, files, threading.active_count(), sum(packs), len(packs), beside, identity)


def growth(samples: list[Sample]) -> list[str]:
    """What grew over the samples, which begin when the caches are full: nothing, if all is well.

    The second half is held against the first, so that neither a first import nor a late collection counts.
    """
    half = len(samples) // 2
    first, second = samples[:half], samples[half:]
    found = []
    for name in ("files", "threads", "cache", "packs", "beside"):
        most, later = (max(getattr(one, name) for one in part) for part in (first, second))
        if later > most:
            found.append(f"{name}: {most}, then {later}")
    before, after = (sorted(one.memory for one in part)[len(part) // 2] for part in (first, second))
    if after > before * ALLOWED_GROWTH + ALLOWED_BYTES:
        found.append(f"memory: {before >> 20} MB, then {after >> 20} MB")
    return found


def soak(seconds: int, articles: int) -> dict[str, object]:
    """One slice; the line that is noted."""
    began, samples, started = 0.0, [], time.monotonic()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as place:
        for number, one in enumerate(builds(Path(place), articles)):
            if number == CYCLE:
                began = time.monotonic()
            if number >= CYCLE:
                samples.append(one)
            if time.monotonic() - started > seconds and len(samples) >= 2 * CYCLE:
                break
    again = len({one.identity for one in samples})
    return {
        "seconds": round(time.monotonic() - began),
        "articles": 2 * articles + 1,
        "builds": len(samples),
        "identities": again,
        "first": asdict(samples[0]),
        "last": asdict(samples[-1]),
        "most": {name: max(getattr(one, name) for one in samples) for name in ("memory", "files", "threads", "packs")},
        "grew": growth(samples) + (["identities"] if again > CYCLE else []),
    }


def page(lines: list[dict[str, object]]) -> str:
    """SOAK.md."""
    rows = []
    for number, line in enumerate(lines, start=1):
        first, last = line["first"], line["last"]
        assert isinstance(first, dict)
        assert isinstance(last, dict)
        told = [f"{first['memory'] >> 20}, {last['memory'] >> 20}"]
        told += [f"{first[name]:,}, {last[name]:,}" for name in ("files", "threads", "cache", "packs", "beside")]
        grew = "; ".join(map(str, line["grew"])) or "nothing"  # type: ignore[call-overload]
        rows.append(f"| {number} | {line['seconds']} | {line['builds']} | {' | '.join(told)} | {grew} |")
    seconds = sum(int(str(line["seconds"])) for line in lines)
    builds_made = sum(int(str(line["builds"])) for line in lines)
    return f"""\
# Builds over and over

Written by `make soak`: {builds_made} incremental builds in {seconds} seconds, in slices of one process each, after the
first {CYCLE} builds of each, which fill the caches. Of each slice the first and the last figure; what grew is judged by
the greatest figure of each half, memory by the median of each.

| slice | seconds | builds | MB in memory | open files | threads | bytes of cache | packs | beside the snapshot | grew |
|---|---:|---:|---|---|---|---|---|---|---|
""" + "\n".join([*rows, ""])


def main() -> int:
    """The command line; 1 where something grew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=240)
    parser.add_argument("--articles", type=int, default=150, help="of each of two sources")
    parser.add_argument("--note", action="store_true")
    given = parser.parse_args()
    line = soak(given.seconds, given.articles)
    print(json.dumps(line))
    if given.note:
        with LINES.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line) + "\n")
        PAGE.write_text(page([json.loads(one) for one in LINES.read_text(encoding="utf-8").splitlines()]), "utf-8")
    return int(bool(line["grew"]))


if __name__ == "__main__":
    sys.exit(main())
