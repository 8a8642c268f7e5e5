"""A whole build without a model, all gates on, against a datatrove pipeline on as many processes.

Both read the same JSON Lines, tell the language by the same function, find near copies by MinHash and write Parquet
with zstd. Only the build cleans, dates, reads rights, validates twice, scans for leaks and describes. datatrove comes
into an environment of its own, which goes afterwards; it is measured with its own words for English (spaCy's) and with
words cut at white space, which is the most that it could do.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from shutil import rmtree

from benchmarks.figures import Row
from benchmarks.make_corpus import article, write_config
from benchmarks.meter import Used, in_turn, median, ratio, run

PROCESSES = 2
DATATROVE = "0.10.1"
PIPELINE = Path(__file__).with_name("datatrove_pipeline.py")
#: Articles for datatrove with words cut at white space, and with its own, which take eight times as long.
_ARTICLES, _FEWER = 10_000, 2_000
_TURNS = 3


@cache
def versions() -> dict[str, str]:
    """What was measured against."""
    return {"datatrove": DATATROVE}


def environment(folder: Path) -> Path:
    """A Python that has datatrove."""
    python = folder / "bin" / "python"
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    wanted = [f"datatrove[io,processing]=={DATATROVE}"]
    wanted += [f"{name}=={version(name)}" for name in ("spacy", "py3langid", "pyarrow", "numpy")]
    subprocess.run([*uv, "pip", "install", "--quiet", "--python", str(python), *wanted], check=True)
    return python


def write_shares(corpus: Path, articles: int) -> None:
    """One file a process: a task of datatrove takes whole files."""
    corpus.mkdir()
    write_config(corpus)
    for share in range(PROCESSES):
        numbers = range(share * articles // PROCESSES, (share + 1) * articles // PROCESSES)
        lines = (json.dumps(article(number)) + "\n" for number in numbers)
        (corpus / f"wire-{share}.jsonl").write_text("".join(lines), encoding="utf-8")


def build(corpus: Path, out: Path) -> Used:
    """The build."""
    options = ["--out", out, "--workers", PROCESSES, "--no-cache", "--quiet"]
    used = run([sys.executable, "-m", "dataset_builder", "build", corpus, *options])
    rmtree(out)
    return used


def datatrove(python: Path, corpus: Path, out: Path, words: str) -> Used:
    """The pipeline."""
    used = run([python, PIPELINE, corpus, out, PROCESSES, "--words", words])
    rmtree(out)
    return used


def rows(quick: bool) -> Sequence[Row]:
    """Both words of datatrove."""
    with tempfile.TemporaryDirectory(prefix="whole-build-") as name:
        folder = Path(name)
        python = environment(folder / "datatrove")
        return [
            *compared(folder, python, 1_000 if quick else _ARTICLES, 1 if quick else _TURNS, "white-space"),
            *compared(folder, python, 1_000 if quick else _FEWER, 1 if quick else _TURNS, "spacy"),
        ]


def compared(folder: Path, python: Path, articles: int, turns: int, words: str) -> list[Row]:
    """The figures of one corpus."""
    corpus, out = folder / f"corpus-{articles}", folder / "out"
    if not corpus.exists():
        write_shares(corpus, articles)
    ours, theirs = in_turn(turns, lambda: build(corpus, out), lambda: datatrove(python, corpus, out, words))
    told = f"{articles:,} articles, datatrove's words: {words}; turns: {turns}"
    return [
        Row(f"articles a second, build to datatrove ({told})", ratio(seconds(theirs), seconds(ours)), "times", ">= 2"),
        Row("— the same by seconds of processors", ratio(processor(theirs), processor(ours)), "times"),
        Row("— build", articles / median(seconds(ours)), "1/s"),
        Row("— datatrove", articles / median(seconds(theirs)), "1/s"),
        Row("— build, processor time an article", 1e3 * median(processor(ours)) / articles, "ms"),
        Row("— datatrove, processor time an article", 1e3 * median(processor(theirs)) / articles, "ms"),
        Row("— build, resident memory", max(used.resident for used in ours) / 1e6, "MB"),
        Row("— datatrove, resident memory", max(used.resident for used in theirs) / 1e6, "MB"),
    ]


def seconds(runs: Sequence[Used]) -> list[float]:
    """Seconds of each run."""
    return [used.seconds for used in runs]


def processor(runs: Sequence[Used]) -> list[float]:
    """Seconds of processors of each run."""
    return [used.processor for used in runs]
