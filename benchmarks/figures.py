"""The results: one JSON file a benchmark below ``results/``, and the table of all of them in RESULTS.md."""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results"
PAGE = RESULTS.parent / "RESULTS.md"
LIBRARIES = ("news-dataset-builder", "pyarrow", "numpy", "py3langid", "rensa", "spacy", "trafilatura", "frictionless")
_TARGET = re.compile(r"(?P<sign><=|>=|<|>) ?(?P<bound>[0-9.]+)|(?P<least>[0-9.]+) to (?P<most>[0-9.]+)")
ABOUT = """# Benchmarks

Made by `make bench` from `benchmarks/results/*.json`. Each ratio was measured in one run on one machine, the two sides
in turn; of the turns the median holds. Memory is resident memory summed over all processes. What the figures mean and
where the limits lie: [docs/explanation/scale.md](../docs/explanation/scale.md).
"""


@dataclass(frozen=True)
class Row:
    """One figure: what it is of, its unit, and what it should be; a target like ``>= 2`` or ``0.85 to 1.15``."""

    what: str
    figure: float | str
    unit: str = ""
    target: str = ""


def machine() -> str:
    """The processors and the memory, without a name."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} processors ({model or platform.machine()}), {memory:.0f} GiB of memory"


def write(
    benchmark: str,
    rows: Sequence[Row],
    others: Mapping[str, str] | None = None,
    *,
    quick: bool = False,
    path: Path | None = None,
) -> None:
    """Keep the rows of a benchmark, below ``results/`` or at ``path``.

    Args:
        benchmark: its name.
        rows: its figures.
        others: versions of what it was measured against.
        quick: whether it ran in the short form.
        path: the file to write instead.
    """
    versions = {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}, **(others or {})}
    content = {
        "benchmark": benchmark,
        "machine": machine(),
        "versions": versions,
        "quick": quick,
        "rows": [_rounded(row) for row in rows],
    }
    path = path or RESULTS / f"{benchmark}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def show(rows: Sequence[Row]) -> None:
    """The rows as lines in the terminal."""
    for row in rows:
        figure = f"{row.figure:12.3f}" if isinstance(row.figure, float) else f"{row.figure:>12}"
        print(f"{row.what:<78} {figure} {row.unit:<8} {row.target:<8} {verdict(row.figure, row.target)}", flush=True)


def _rounded(row: Row) -> dict[str, Any]:
    figure = float(f"{row.figure:.3g}") if isinstance(row.figure, float) else row.figure
    return {**asdict(row), "figure": int(figure) if isinstance(figure, float) and abs(figure) >= 1000 else figure}


def render() -> str:
    """RESULTS.md."""
    parts = [ABOUT]
    for path in sorted(RESULTS.glob("*.json")):
        found = json.loads(path.read_text(encoding="utf-8"))
        versions = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
        lines = [f"| {cell(row)} |" for row in found["rows"]]
        table = "\n".join(["| What | Figure | Unit | Target | |", "|---|---:|---|---|---|", *lines])
        short = (
            "In the short form: one turn over little work, which says whether it runs. " if found.get("quick") else ""
        )
        parts.append(f"## {found['benchmark']}\n\n{short}{found['machine']}; {versions}.\n\n{table}\n")
    return "\n".join(parts)


def cell(row: Mapping[str, Any]) -> str:
    """The cells of one row."""
    figure = f"{row['figure']:,}" if isinstance(row["figure"], int | float) else row["figure"]
    target = row["target"].replace("<=", "≤").replace(">=", "≥")
    return " | ".join((row["what"], figure, row["unit"], target, verdict(row["figure"], row["target"])))


def verdict(figure: float | str, target: str) -> str:
    """``met`` or ``missed``; empty where there is no target, or no number to hold against it."""
    match = _TARGET.search(target)
    if match is None or isinstance(figure, str):
        return ""
    if match["sign"] is None:
        return "met" if float(match["least"]) <= figure <= float(match["most"]) else "missed"
    bound = float(match["bound"])
    held = {"<=": figure <= bound, ">=": figure >= bound, "<": figure < bound, ">": figure > bound}
    return "met" if held[match["sign"]] else "missed"
