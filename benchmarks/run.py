"""Every benchmark, or one: ``python benchmarks/run.py [--only NAME] [--quick] [--table]``.

Each leaves its figures in ``benchmarks/results/NAME.json``; RESULTS.md is the table of all that are there.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import figures

#: name -> what it measures. The module ``benchmarks.NAME`` has ``rows(quick)``, and may have ``versions()``.
BENCHMARKS = {
    "whole_build": "a build without a model, all gates on, against a datatrove pipeline",
    "engine_overhead": "what the pool adds to a bare loop of the same stage functions",
    "html_reader": "reading HTML against bare trafilatura",
    "entities": "the stage against nlp.pipe of the same model",
    "validate_speed": "validation against frictionless",
    "start_up": "--help against frictionless and hf",
    "rebuild": "a rebuild after 1 % changed, against the first build and against read, hash and write",
    "xet": "new bytes for the Hub after 1 % newer articles, and after ten withdrawals",
    "scale": "time an article and memory of builds of growing size",
    "limits": "what the machine can do at best, step by step, and how far the build is from it",
}


def measure(name: str, quick: bool) -> None:
    """Run one benchmark, keep its figures, print them."""
    module = import_module(f"benchmarks.{name}")
    rows: Callable[[bool], Sequence[figures.Row]] = module.rows
    found = rows(quick)
    figures.write(name, found, module.versions() if hasattr(module, "versions") else None, quick=quick)
    figures.show(found)


def main() -> None:
    """Measure what is asked for, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=BENCHMARKS, action="append", help="one of them; may be given again")
    parser.add_argument("--quick", action="store_true", help="less work and one turn: whether it runs, not how fast")
    parser.add_argument("--table", action="store_true", help="measure nothing, write RESULTS.md from what is there")
    options = parser.parse_args()
    for name, about in () if options.table else BENCHMARKS.items():
        if not options.only or name in options.only:
            print(f"{name}: {about}", flush=True)
            measure(name, options.quick)
    figures.PAGE.write_text(figures.render(), encoding="utf-8")


if __name__ == "__main__":
    main()
