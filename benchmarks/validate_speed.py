"""Speed and memory of validation, as ratios measured in one run.

    python benchmarks/validate_speed.py [--rows 100000] [--slow-rows 10000] [--million] [--repeat 3] [--json FILE]

Every figure is a process of its own, started, run and ended, so that imports count. Of the repeats the fastest holds.
Stock frictionless runs without this project's plugin, over the columns that it can read; it and frictionless over
in-memory cells get fewer rows (``--slow-rows``), rows a second being what is compared.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from validate_corpus import FLAT_SCHEMA, SCHEMA, write_articles

ROOT = Path(__file__).resolve().parents[1]

#: What each process runs; ``path`` and ``schema`` are given, ``rows`` has to be set.
PROGRAMS = {
    "read": """
import pyarrow as pa, pyarrow.parquet as pq
pa.set_cpu_count(2)
rows = sum(batch.num_rows for batch in pq.ParquetFile(path, pre_buffer=False).iter_batches(4096, use_threads=True))
""",
    "ours": """
from pathlib import Path
from dataset_builder.validate import validate_table
report = validate_table(Path(path), schema, limit_errors=LIMIT)
rows = report.stats.rows
errors = report.stats.errors
""",
    "stock": """
import sys, types
sys.modules["frictionless_arrow"] = types.ModuleType("frictionless_arrow")
from pathlib import Path
from frictionless import Schema
from frictionless.resources import TableResource
resource = TableResource(path=Path(path).name, basepath=str(Path(path).parent), schema=Schema.from_descriptor(schema))
report = resource.validate(limit_errors=LIMIT)
rows = resource.stats.rows
errors = report.stats["errors"]
""",
    "cells": """
import pyarrow.parquet as pq
from frictionless import Schema
from frictionless.resources import TableResource
from dataset_builder.validate.native import native_rows
table = pq.read_table(path)
cells = [table.schema.names, *(row for batch in table.to_batches() for row in native_rows(batch))]
started = time.perf_counter()
resource = TableResource(data=cells, schema=Schema.from_descriptor(schema))
report = resource.validate(limit_errors=LIMIT)
rows = resource.stats.rows
errors = report.stats["errors"]
""",
}
_FRAME = """
import json, sys, time
path, schema, LIMIT = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
started, errors = None, 0
{program}
inside = None if started is None else time.perf_counter() - started
# The high-water mark of this process's own memory; getrusage would report the parent's from before exec.
memory = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({{"rows": rows, "errors": errors, "inside": inside, "memory": memory}}))
"""


@dataclass(frozen=True)
class Measure:
    """The fastest of some runs: rows a second, seconds, megabytes, errors found."""

    rate: float
    seconds: float
    megabytes: float
    errors: int


def measure(name: str, path: Path, schema: dict[str, object], repeat: int, limit: int = 0) -> Measure:
    """Run a program ``repeat`` times."""
    runs = [_run(name, path, schema, limit) for _ in range(repeat)]
    best = min(runs, key=lambda run: run.seconds)
    print(
        f"{name:6} {path.stem:12} {best.rate:9.0f} rows/s {best.seconds:7.2f} s {best.megabytes:6.0f} MB",
        file=sys.stderr,
    )
    return best


def _run(name: str, path: Path, schema: dict[str, object], limit: int) -> Measure:
    command = [sys.executable, "-c", _FRAME.format(program=PROGRAMS[name]), str(path), json.dumps(schema), str(limit)]
    started = time.perf_counter()
    out = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, check=True, capture_output=True).stdout
    found = json.loads(out)
    seconds = found["inside"] or time.perf_counter() - started
    return Measure(found["rows"] / seconds, seconds, found["memory"] / 1024, found["errors"])


def main() -> None:
    """Measure, and print the ratios beside what they should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--slow-rows", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--million", action="store_true", help="also ten times the rows, for memory")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        ratios = compare(Path(name), arguments)
    for text, (value, bound) in ratios.items():
        print(f"{text:70} {value:8.2f}   {bound}")
    if arguments.json:
        arguments.json.write_text(json.dumps({text: value for text, (value, _) in ratios.items()}, indent=2) + "\n")


def compare(folder: Path, arguments: argparse.Namespace) -> dict[str, tuple[float, str]]:
    """The ratios and their bounds."""
    good, many, flat, few, flat_many = (
        folder / f"{name}.parquet" for name in ("nested", "nested-5pc", "flat", "few", "flat-5pc")
    )
    write_articles(good, arguments.rows, 0.001)
    write_articles(many, arguments.rows, 0.05)
    write_articles(flat, arguments.slow_rows, 0.001, flat=True)
    write_articles(few, arguments.slow_rows, 0.001)
    write_articles(flat_many, max(arguments.slow_rows, 25_000), 0.05, flat=True)
    read = measure("read", good, SCHEMA, arguments.repeat)
    ours = measure("ours", good, SCHEMA, arguments.repeat)
    limited = measure("ours", many, SCHEMA, arguments.repeat, limit=1000)
    unlimited = measure("ours", many, SCHEMA, arguments.repeat)
    stock = measure("stock", flat, FLAT_SCHEMA, 1)
    # To a limit of 1000 errors at 5 % bad rows: 20,000 rows at most, for both.
    stock_limited = measure("stock", flat_many, FLAT_SCHEMA, 1, limit=1000)
    cells = measure("cells", few, SCHEMA, 1)
    ratios = {
        "rows/s, ours to stock frictionless, 0.1 % bad": (ours.rate / stock.rate, ">= 25"),
        "rows/s, ours to frictionless over in-memory cells, 0.1 % bad": (ours.rate / cells.rate, ">= 10"),
        "seconds, ours to the bare two-threaded read": (ours.seconds / read.seconds, "<= 2.5"),
        "rows/s, ours to stock frictionless, 5 % bad, limit 1000": (limited.rate / stock_limited.rate, ">= 5"),
        "rows/s, ours to stock frictionless, 5 % bad, no limit": (unlimited.rate / stock.rate, ">= 5"),
        "peak memory in MB": (ours.megabytes, "<= 500"),
    }
    if arguments.million:
        large = folder / "million.parquet"
        write_articles(large, 10 * arguments.rows, 0.001)
        ten = measure("ours", large, SCHEMA, 1)
        ratios["peak memory in MB, ten times the rows"] = (ten.megabytes, "<= 500")
        ratios["peak memory, ten times the rows to once"] = (ten.megabytes / ours.megabytes, "flat: <= 1.25")
        ratios["seconds, ten times the rows to once"] = (ten.seconds / ours.seconds, "linear: <= 11")
    return ratios


if __name__ == "__main__":
    main()
