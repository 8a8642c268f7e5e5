"""Where a build's time goes, step by step, and what the same data costs at best on this machine.

What nothing could be faster than, for the same articles in one process: their lines parsed and hashed (json, SHA-256),
the language model over the texts, walked together, and the released texts through zstd into Parquet. Beside it the
stages one by one, and the steps of a whole build in one process. Seconds of the processor, so that other programs
trouble it little; of three turns the median.
"""

from __future__ import annotations

import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow as pa

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import Row
from benchmarks.make_corpus import write_corpus

_ARTICLES = 3_000


def spent(work: Callable[[], Any], turns: int) -> float:
    """The median of the seconds of the processor, this process and its threads."""
    found = []
    for _ in range(turns):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return median(found)


def bare(corpus: Path, folder: Path, turns: int) -> dict[str, float]:
    """Seconds for what cannot be left out."""
    import pyarrow.parquet as pq

    from dataset_builder.snapshot.shards import COMPRESSION_LEVEL
    from dataset_builder.stages.language import identify_all

    lines = [line for path in sorted(corpus.glob("*.jsonl")) for line in path.read_bytes().splitlines()]
    articles = [json.loads(line) for line in lines]
    table = pa.Table.from_pylist(articles)
    target = folder / "bare.parquet"
    identify_all([articles[0]["body"]])
    return {
        "lines parsed and hashed": spent(
            lambda: [(json.loads(it), hashlib.sha256(it).digest()) for it in lines], turns
        ),
        "language model": spent(lambda: identify_all([it["body"] for it in articles]), turns),
        "zstd into Parquet, and its SHA-256": spent(
            lambda: (
                pq.write_table(table, target, compression="zstd", compression_level=COMPRESSION_LEVEL),
                hashlib.sha256(target.read_bytes()).digest(),
            ),
            turns,
        ),
    }


def stages(corpus: Path, folder: Path, turns: int) -> dict[str, float]:
    """Seconds of the gate, of every stage, and of what follows them."""
    from dataset_builder.assemble import findings_of
    from dataset_builder.config import load_config
    from dataset_builder.engines.local import InProcess
    from dataset_builder.ledger import Ledger
    from dataset_builder.linking.traits import traits_of
    from dataset_builder.pipeline import Site, read
    from dataset_builder.plan import make_plan
    from dataset_builder.validate.gates import IntakeGate

    plan = make_plan(load_config(corpus))
    scratch = folder / "scratch"
    scratch.mkdir()
    site = Site(InProcess(), scratch, folder / "none")
    found = {"reading into a spool": spent(lambda: read(plan.config, Ledger(), site), 1)}
    batches = list(read(plan.config, Ledger(), site).read())
    gate = IntakeGate()
    steps: list[tuple[str, Callable[[pa.RecordBatch], Any]]] = [("intake gate", gate)]
    steps += [(f"stage {stage.name}", stage) for stage in plan.stages]
    for name, step in steps:
        done = [step(batch) for batch in batches]
        found[name] = spent(lambda step=step, given=batches: [step(batch) for batch in given], turns)
        batches = done
    found["findings gathered"] = spent(lambda: [findings_of(batch) for batch in batches], turns)
    found["assembly"] = spent(lambda: [plan.assemble(batch) for batch in batches], turns)
    rows = [plan.assemble(batch) for batch in batches]
    found["signatures for near copies"] = spent(lambda: [traits_of(batch) for batch in rows], turns)
    return found


def steps(corpus: Path, out: Path) -> dict[str, float]:
    """Seconds of the steps of a whole build in this process."""
    from dataset_builder.pipeline import build

    moments: list[tuple[str, float]] = []

    def told(event: Any) -> None:
        if not moments or moments[-1][0] != event.step:
            moments.append((event.step, time.process_time()))

    build(corpus, out, workers=1, on_progress=told)
    ends = [at for _, at in moments[1:]] + [time.process_time()]
    return {name: end - start for (name, start), end in zip(moments, ends, strict=True)}


def rows(quick: bool) -> Sequence[Row]:
    """The limits, the steps, and the distance between them."""
    articles = 500 if quick else _ARTICLES
    with tempfile.TemporaryDirectory(prefix="limits-") as name:
        corpus = Path(name) / "corpus"
        write_corpus(corpus, articles)
        size = sum(path.stat().st_size for path in corpus.glob("*.jsonl"))
        command = [sys.executable, __file__, str(corpus), name, "1" if quick else "3"]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    found = json.loads(done.stdout)
    best, whole = sum(found["bare"].values()), sum(found["steps"].values())
    share = "ms"
    return [
        *(Row(f"at best: {what}", 1e3 * used / articles, share) for what, used in found["bare"].items()),
        Row("at best, in all", 1e3 * best / articles, share),
        Row(
            "zstd into Parquet, and its SHA-256",
            size / 1e6 / found["bare"]["zstd into Parquet, and its SHA-256"],
            "MB/s",
        ),
        Row("language model", articles / found["bare"]["language model"], "1/s"),
        *(Row(f"stages: {what}", 1e3 * used / articles, share) for what, used in found["stages"].items()),
        *(Row(f"build: {what}", 1e3 * used / articles, share) for what, used in found["steps"].items()),
        Row("build, in all", 1e3 * whole / articles, share),
        Row("build to what nothing could be faster than", whole / best, "times"),
        Row("resident memory of one process at its peak", found["memory"] / 1e3, "MB"),
    ]


def main() -> None:
    """Measure in this process, which has done nothing else."""
    corpus, folder, turns = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    build_steps = steps(corpus, folder / "out")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = {"steps": build_steps, "memory": memory, "bare": bare(corpus, folder, turns)}
    print(json.dumps({**found, "stages": stages(corpus, folder, turns)}))


if __name__ == "__main__":
    main()
