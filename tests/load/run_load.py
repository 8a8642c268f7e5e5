"""One burden at a time: ``run_load.py NAME [--number N] [--note]``, in a process whose peak is its own.

A corpus of :mod:`heavy_corpora` is made in memory (``/dev/shm``) if there is room, else on the disk, and goes through
``build`` and ``verify``, or through ``check`` in every format of findings. ``--note`` writes the figures into
``results.json`` and RESULTS.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from heavy_corpora import CORPORA

HERE = Path(__file__).resolve().parent
ACCOUNT, PAGE = HERE / "results.json", HERE / "RESULTS.md"
_MEMORY = "/dev/shm"
#: Reports its own peak and that of its workers, in kB, on the last line of standard error.
_CHILD = """
import resource, sys
from dataset_builder.cli import main
sys.argv = ["build-dataset", *sys.argv[1:]]
try:
    main()
finally:
    peaks = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    spent = sum(usage.ru_utime + usage.ru_stime for usage in peaks)
    print("\\npeak", *(usage.ru_maxrss for usage in peaks), spent, file=sys.stderr, flush=True)
"""


@dataclass(frozen=True)
class Measured:
    """One command over one corpus: seconds of the clock and of processors, megabytes at most in the command's own
    process and in one worker, bytes that it wrote to the terminal, its exit code."""

    command: str
    seconds: float
    processor: float
    megabytes: int
    worker: int
    shown: int
    code: int


def measured(*words: str) -> Measured:
    """Run ``build-dataset`` with ``words``."""
    started = time.monotonic()
    ran = subprocess.run([sys.executable, "-c", _CHILD, *words], check=False, capture_output=True, text=True)
    seconds = time.monotonic() - started
    told, _, last = ran.stderr.rpartition("\npeak ")
    if not last or "Traceback" in ran.stderr:
        raise RuntimeError(f"exit code {ran.returncode}: {ran.stderr[-2_000:]}")
    own, worker, processor = last.split()[:3]
    sys.stdout.write(ran.stdout[:600] + told[:600] + "\n")
    command = " ".join(word for word in words if "/" not in word and word != "--out")
    shown = len(ran.stdout.encode()) + len(told.encode())
    peaks = (int(own) // 1024, int(worker) // 1024)
    return Measured(command, round(seconds, 1), round(float(processor), 1), *peaks, shown, ran.returncode)


def load(name: str, number: int) -> list[Measured]:
    """Make the corpus and run the commands that this burden is about."""
    make = CORPORA[name][0]
    with tempfile.TemporaryDirectory(dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None) as place:
        corpus, out = f"{place}/corpus", f"{place}/out"
        make(Path(corpus), number)
        if name == "findings":
            formats = ("text", "json", "github", "gitlab", "junit", "sarif")
            return [measured("check", corpus, "--output-format", form) for form in formats]
        built = measured("build", corpus, "--out", out)
        return [built] if built.code else [built, measured("verify", out)]


def note(name: str, number: int, found: list[Measured]) -> None:
    """Write the figures down."""
    account = json.loads(ACCOUNT.read_text(encoding="utf-8")) if ACCOUNT.exists() else {}
    account[name] = {"number": number, "measured": [asdict(one) for one in found]}
    ACCOUNT.write_text(json.dumps(dict(sorted(account.items())), indent=1) + "\n", encoding="utf-8")
    rows = [
        f"| {entry['number']:,} {CORPORA[kind][2]} | `{one['command']}` | {one['seconds']:,} | {one['processor']:,} "
        f"| {one['megabytes']:,} | {one['worker']:,} | {one['shown']:,} | {one['code']} |"
        for kind, entry in sorted(account.items())
        for one in entry["measured"]
    ]
    PAGE.write_text("\n".join([_head(), *rows, ""]), encoding="utf-8")


def _head() -> str:
    return f"""\
# What a burden takes

Written by `python tests/load/run_load.py NAME --note`, Python {platform.python_version()}, {os.cpu_count()} processors.
They had other work, too: seconds of the clock say little, seconds of processors more. Megabytes are the largest of the
command's own process and of one worker. `make soak` has its own page, [SOAK.md](SOAK.md).

| burden | command | seconds | of processors | MB | MB of a worker | bytes shown | exit code |
|---|---|---:|---:|---:|---:|---:|---:|"""


def main() -> int:
    """The command line; 1 where a command ended as it should not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=sorted(CORPORA))
    parser.add_argument("--number", type=int, help="default: the whole burden")
    parser.add_argument("--note", action="store_true")
    given = parser.parse_args()
    number = given.number or CORPORA[given.name][1]
    found = load(given.name, number)
    for one in found:
        print(one)
    if given.note:
        note(given.name, number, found)
    return int(any(one.code not in (0, 1) for one in found))


if __name__ == "__main__":
    sys.exit(main())
