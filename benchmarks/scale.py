"""Time an article and memory of builds of growing size: ``python benchmarks/scale.py [--sizes 10000 100000 1000000]``.

Each build is a process of its own: articles of 4 kB from ``make_corpus.py`` in JSON Lines, near copies, validation,
rights and the leak scan on, no entity model, no cache, as many workers as there are processors. Memory is sampled over
the process and all its workers together: resident memory added up (a page that two of them share, or that is only the
system's copy of a file, counts as often as it is mapped), and the proportional share, which counts each page once.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import figures
from benchmarks.figures import Row
from benchmarks.make_corpus import ARTICLES_A_FILE, write_config, write_wire

ROOT = Path(__file__).resolve().parent.parent
#: Seconds between two looks at the memory.
_INTERVAL = 1.0
SIZES = (10_000, 100_000, 1_000_000)


@dataclass
class Memory:
    """The largest memory seen of a process and its descendants, in bytes; and in which step of the build."""

    resident: int = 0
    proportional: int = 0
    step: str = ""

    def look(self, process: int, step: str) -> None:
        """Take one sample."""
        resident, proportional = memory_of(process)
        if resident > self.resident:
            self.resident, self.step = resident, step
        self.proportional = max(self.proportional, proportional)


def memory_of(process: int) -> tuple[int, int]:
    """(resident, proportional) bytes of a process and all its descendants together (proc(5), smaps_rollup)."""
    resident = proportional = 0
    for member in [process, *descendants(process)]:
        with suppress(OSError, ValueError):
            for line in Path(f"/proc/{member}/smaps_rollup").read_text().splitlines()[1:]:
                name, _, value = line.partition(":")
                resident += 1024 * int(value.split()[0]) if name == "Rss" else 0
                proportional += 1024 * int(value.split()[0]) if name == "Pss" else 0
    return resident, proportional


def descendants(process: int) -> Iterator[int]:
    """The processes that a process has started, and theirs."""
    with suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            with suppress(OSError):
                for child in map(int, (task / "children").read_text().split()):
                    yield child
                    yield from descendants(child)


def run_build(corpus: Path, out: Path, workers: int | None) -> dict[str, Any]:
    """Build in this process, and say how long each step took, in seconds and in seconds of all processors."""
    from dataset_builder.pipeline import build
    from dataset_builder.progress import Progress

    steps: list[tuple[str, float]] = []
    memory = Memory()

    def told(event: Progress) -> None:
        if not steps or steps[-1][0] != event.step:
            steps.append((event.step, time.perf_counter()))

    def watch() -> None:
        while not finished.wait(_INTERVAL):
            memory.look(os.getpid(), steps[-1][0] if steps else "")

    finished = threading.Event()
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    started = time.perf_counter()
    result = build(corpus, out, workers=workers, on_progress=told)
    ended = time.perf_counter()
    finished.set()
    watcher.join()
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    ends = [at for _, at in steps[1:]] + [ended]
    return {
        "seconds": ended - started,
        "cpu": own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime,
        "resident": memory.resident,
        "proportional": memory.proportional,
        "step": memory.step,
        "steps": {name: end - start for (name, start), end in zip(steps, ends, strict=True)},
        "released": result.accounts.released,
        "identity": result.facts.identity,
    }


def measure(corpus: Path, workers: int | None) -> dict[str, Any]:
    """The same in a process of its own, whose imports are not counted."""
    with tempfile.TemporaryDirectory(dir=corpus.parent, prefix="scale-out-") as folder:
        command = [sys.executable, __file__, "--one", str(corpus), "--out", f"{folder}/out"]
        command += ["--workers", str(workers)] if workers else []
        found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        assert isinstance(found, dict)
        return found


def made_corpus(folder: Path, articles: int) -> Path:
    """The corpus of so many articles below ``folder``; its files are made once, for all sizes."""
    wires, corpus = folder / "wires", folder / f"corpus-{articles}"
    wires.mkdir(parents=True, exist_ok=True)
    corpus.mkdir(exist_ok=True)
    write_config(corpus)
    names = [f"wire-{number:05d}.jsonl" for number in range(-(-articles // ARTICLES_A_FILE))]
    absent = [number for number, name in enumerate(names) if not (wires / name).exists()]
    with ProcessPoolExecutor() as pool:
        list(pool.map(partial(write_wire, wires), absent))
    for name in names:
        if not (corpus / name).exists():
            os.link(wires / name, corpus / name)
    return corpus


def rows_of(measured: dict[int, dict[str, Any]]) -> list[Row]:
    """The figures beside what they should be."""
    rows = []
    for articles, found in measured.items():
        name = f"{articles:,} articles"
        rows += [
            Row(f"{name}: time an article", found["seconds"] / articles * 1e3, "ms"),
            Row(f"{name}: processor time an article", found["cpu"] / articles * 1e3, "ms"),
            Row(f"{name}: articles a second", articles / found["seconds"], "1/s"),
            Row(f"{name}: resident memory, all processes", found["resident"] / 1e9, "GB", "< 2"),
            Row(f"{name}: proportional memory, all processes", found["proportional"] / 1e9, "GB"),
            Row(f"{name}: resident memory was largest during", found["step"], ""),
        ]
    least, most = min(measured), max(measured)
    for key, name in (("seconds", "time"), ("cpu", "processor time")) if least < most else ():
        ratio = (measured[most][key] / most) / (measured[least][key] / least)
        rows.append(Row(f"{name} an article, {most:,} to {least:,}", ratio, "ratio", "0.85 to 1.15"))
    return rows


def rows(quick: bool) -> Sequence[Row]:
    """Builds of all sizes; the largest takes half an hour."""
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        return rows_of(measured(Path(folder), (10_000, 20_000) if quick else SIZES))


def measured(corpora: Path, sizes: Sequence[int], workers: int | None = None) -> dict[int, dict[str, Any]]:
    """What each size took; the corpora are made where they are not in ``corpora``."""
    found = {}
    for articles in sizes:
        found[articles] = measure(made_corpus(corpora, articles), workers)
        print(f"{articles:>9}: {json.dumps(found[articles])}", file=sys.stderr, flush=True)
    return found


def main() -> None:
    """Measure all sizes, or build once where ``--one`` says so."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--corpora", type=Path, help="where the made corpora are kept; a folder that goes afterwards")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--json", type=Path, help="instead of benchmarks/results/scale.json")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        json.dump(run_build(options.one, options.out, options.workers), sys.stdout)
        return
    with tempfile.TemporaryDirectory(prefix="scale-") as temporary:
        found = rows_of(measured(options.corpora or Path(temporary), options.sizes, options.workers))
    figures.write("scale", found, path=options.json)
    figures.show(found)


if __name__ == "__main__":
    main()
