"""Speed and memory of validation, as ratios measured in one run.

    python benchmarks/validate_speed.py [--quick] [--million]

Every figure is a process of its own, started, run and ended, so that imports count. The programs take turns.
Stock frictionless runs without this project's plugin, over the columns that it can read; it and frictionless over
in-memory cells get fewer rows, rows a second being what is compared.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import Row
from benchmarks.meter import in_turn, median, ratio, run
from benchmarks.validate_corpus import FLAT_SCHEMA, SCHEMA, write_articles

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
    """One run: rows a second, seconds, megabytes, errors found."""

    rate: float
    seconds: float
    megabytes: float
    errors: int


def measured(name: str, path: Path, schema: dict[str, object], limit: int = 0) -> Callable[[], Measure]:
    """A run of a program, to be had."""

    def one() -> Measure:
        found = _run(name, path, schema, limit)
        print(
            f"{name:6} {path.stem:12} {found.rate:9.0f} rows/s {found.megabytes:6.0f} MB", file=sys.stderr, flush=True
        )
        return found

    return one


def _run(name: str, path: Path, schema: dict[str, object], limit: int) -> Measure:
    command = [sys.executable, "-c", _FRAME.format(program=PROGRAMS[name]), str(path), json.dumps(schema), str(limit)]
    used = run(command)
    found = json.loads(used.output)
    seconds = found["inside"] or used.seconds
    return Measure(found["rows"] / seconds, seconds, found["memory"] / 1024, found["errors"])


def rows(quick: bool) -> Sequence[Row]:
    """The ratios and their bounds."""
    size, few, turns = (10_000, 1_000, 1) if quick else (100_000, 10_000, 3)
    with tempfile.TemporaryDirectory(prefix="validate-speed-") as folder:
        return compare(Path(folder), size, few, turns)


def compare(folder: Path, size: int, few: int, turns: int) -> list[Row]:
    """Stock frictionless and frictionless over in-memory cells get ``few`` rows, the others ``size``."""
    good, many, flat, small, flat_many = (
        folder / f"{name}.parquet" for name in ("nested", "nested-5pc", "flat", "few", "flat-5pc")
    )
    write_articles(good, size, 0.001)
    write_articles(many, size, 0.05)
    write_articles(flat, few, 0.001, flat=True)
    write_articles(small, few, 0.001)
    write_articles(flat_many, max(few, 25_000), 0.05, flat=True)
    programs = {
        "read": measured("read", good, SCHEMA),
        "ours": measured("ours", good, SCHEMA),
        "limited": measured("ours", many, SCHEMA, limit=1000),
        "unlimited": measured("ours", many, SCHEMA),
        "stock": measured("stock", flat, FLAT_SCHEMA),
        # To a limit of 1000 errors at 5 % bad rows: 20,000 rows at most, for both.
        "stock limited": measured("stock", flat_many, FLAT_SCHEMA, limit=1000),
        "cells": measured("cells", small, SCHEMA),
    }
    runs = dict(zip(programs, in_turn(turns, *programs.values()), strict=True))

    def rate(ours: str, theirs: str) -> float:
        return ratio([it.rate for it in runs[ours]], [it.rate for it in runs[theirs]])

    return [
        Row("rows a second, ours to stock frictionless, 0.1 % bad", rate("ours", "stock"), "times", ">= 25"),
        Row("— to frictionless over in-memory cells, 0.1 % bad", rate("ours", "cells"), "times", ">= 10"),
        Row("— to stock frictionless, 5 % bad, limit 1000", rate("limited", "stock limited"), "times", ">= 5"),
        Row("— to stock frictionless, 5 % bad, no limit", rate("unlimited", "stock"), "times", ">= 5"),
        Row("seconds, ours to the bare two-threaded read", rate("read", "ours"), "times", "<= 2.5"),
        Row(f"ours, {size:,} rows", median([it.rate for it in runs["ours"]]), "rows/s"),
        *(
            Row(f"{name}, memory", max(it.megabytes for it in runs[name]), "MB", "<= 500" if name == "ours" else "")
            for name in ("ours", "read", "stock", "cells")
        ),
    ]


def memory_of_a_million() -> list[Row]:
    """Whether memory is flat and time linear: ten times the rows."""
    with tempfile.TemporaryDirectory(prefix="validate-speed-") as name:
        once, ten = Path(name) / "nested.parquet", Path(name) / "million.parquet"
        write_articles(once, 100_000, 0.001)
        write_articles(ten, 1_000_000, 0.001)
        small, large = measured("ours", once, SCHEMA)(), measured("ours", ten, SCHEMA)()
    return [
        Row("memory, a million rows", large.megabytes, "MB", "<= 500"),
        Row("memory, ten times the rows to once", large.megabytes / small.megabytes, "times", "<= 1.25"),
        Row("seconds, ten times the rows to once", large.seconds / small.seconds, "times", "<= 11"),
    ]


if __name__ == "__main__":
    for row in memory_of_a_million() if "--million" in sys.argv else rows(quick="--quick" in sys.argv):
        print(f"{row.what:70} {row.figure:8.2f} {row.unit:6} {row.target}")
