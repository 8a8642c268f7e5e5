"""What the pool adds to a bare loop of the same stage functions on as many processes.

Both sides get the same file of raw articles. The engine takes its spans through a pool: workers start, tasks and
results travel, rows are sorted and written to the spools that packing reads. The bare loop is as many processes that
each take their share of the spans through the same functions (gate, stages, assembly, traits) and throw the rows away.
"""

from __future__ import annotations

import argparse
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import Row
from benchmarks.make_corpus import write_corpus
from benchmarks.meter import in_turn, median, ratio, run
from dataset_builder.config import load_config
from dataset_builder.engines.local import InProcess
from dataset_builder.engines.pool import Pool
from dataset_builder.jobs.refining import Refinery, Refining, spans
from dataset_builder.ledger import Ledger
from dataset_builder.pipeline import Site, read
from dataset_builder.plan import make_plan

PROCESSES = 2
_ARTICLES = 4_000


def prepare(folder: Path, articles: int) -> Path:
    """A file that holds the job, its raw articles being read and spooled."""
    write_corpus(folder / "corpus", articles)
    plan = make_plan(load_config(folder / "corpus"))
    (folder / "scratch").mkdir()
    raw = read(plan.config, Ledger(), Site(InProcess(), folder / "scratch", folder / "out"))
    job = folder / "job.pickle"
    job.write_bytes(pickle.dumps(Refining(Refinery.of(plan, None), raw, folder / "scratch")))
    return job


def through_engine(job: Refining) -> None:
    """Everything through a pool."""
    with Pool(PROCESSES) as pool:
        for _ in pool.map(job, spans(job.raw, PROCESSES)):
            pass


def bare(job: Refining, share: int) -> None:
    """Every so manieth span through the functions alone."""
    for span in spans(job.raw, PROCESSES)[share::PROCESSES]:
        for batch in job.raw.read(span.first, span.last):
            job.refinery(pa.Table.from_batches([batch]))


def both_bare(job: Path) -> None:
    """As many bare loops side by side."""
    started = [subprocess.Popen([sys.executable, __file__, str(job), "--share", str(n)]) for n in range(PROCESSES)]
    for process in started:
        if process.wait():
            raise SystemExit("a bare loop failed")


def rows(quick: bool) -> Sequence[Row]:
    """The overhead by the clock and by the processors."""
    articles = 3_000 if quick else _ARTICLES
    with tempfile.TemporaryDirectory(prefix="engine-overhead-") as folder:
        job = prepare(Path(folder), articles)
        engine, loop = in_turn(
            1 if quick else 3,
            lambda: run([sys.executable, __file__, job, "--engine"]),
            lambda: run([sys.executable, __file__, job]),
        )
    seconds = ratio([used.seconds for used in engine], [used.seconds for used in loop]) - 1
    processor = ratio([used.processor for used in engine], [used.processor for used in loop]) - 1
    return [
        Row(f"overhead of the pool over a bare loop, {articles:,} articles", 100 * seconds, "%", "<= 15"),
        Row("— the same by seconds of processors", 100 * processor, "%"),
        Row("— pool", articles / median([used.seconds for used in engine]), "1/s"),
        Row("— bare loop", articles / median([used.seconds for used in loop]), "1/s"),
        Row("— pool, resident memory", max(used.resident for used in engine) / 1e6, "MB"),
        Row("— bare loop, resident memory", max(used.resident for used in loop) / 1e6, "MB"),
    ]


def main() -> None:
    """One side, as a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("job", type=Path)
    parser.add_argument("--engine", action="store_true")
    parser.add_argument("--share", type=int)
    options = parser.parse_args()
    if options.engine or options.share is not None:
        job = pickle.loads(options.job.read_bytes())
        if options.engine:
            through_engine(job)
        else:
            bare(job, options.share)
    else:
        both_bare(options.job)


if __name__ == "__main__":
    main()
