"""Fuzz one target in this process: ``fuzz_one.py NAME SECONDS EXECUTIONS FINDS SEED``.

Parsers of ours are guided by coverage (atheris, on libFuzzer); what runs a large library takes seeded mutations, as
its time goes into code that nobody has instrumented. The last line says ``NAME executions N seconds S``; a find is
written to the folder FINDS and ends the process with another code than 0.
"""

from __future__ import annotations

import faulthandler
import hashlib
import importlib.util
import random
import resource
import sys
import time
from pathlib import Path

from fuzz_registry import TARGETS
from fuzz_target import Feed, Target
from mutation import mutated

#: What one input may take, seconds and bytes: far above any honest one of its size.
SECONDS = 10
MEMORY = 3 << 30
KEPT = Path(__file__).resolve().parent / "corpus"
_LONGEST = 4_096


def kept_inputs(target: Target) -> list[bytes]:
    """The inputs that were found before, then the seeds."""
    folder = KEPT / target.name
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [*(path.read_bytes() for path in found), *target.seeds]


def run_guided(target: Target, seconds: int, executions: int, finds: Path, seed: int) -> None:
    """Coverage-guided, by atheris; does not return."""
    import atheris

    with atheris.instrument_imports(include=["dataset_builder"]):
        feed = target.prepare()
    seeds = finds / "seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    for content in kept_inputs(target):
        (seeds / hashlib.sha256(content).hexdigest()[:16]).write_bytes(content)
    work = finds / "work"
    work.mkdir(exist_ok=True)
    options = {
        "max_total_time": seconds,
        "runs": executions,
        "max_len": _LONGEST,
        "timeout": SECONDS,
        "rss_limit_mb": MEMORY >> 20,
        "artifact_prefix": f"{finds}/",
        "seed": seed,
        "print_final_stats": 1,
        "verbosity": 1,
    }
    arguments = [f"-{name}={value}" for name, value in options.items()]
    atheris.Setup([sys.argv[0], *arguments, str(work), str(seeds)], feed)
    atheris.Fuzz()


def run_blind(target: Target, seconds: int, executions: int, finds: Path, seed: int) -> None:
    """Seeded mutations, no guide."""
    feed = target.prepare()
    draw = random.Random(seed)
    pool = kept_inputs(target)
    resource.setrlimit(resource.RLIMIT_AS, (2 * MEMORY, 2 * MEMORY))
    finds.mkdir(parents=True, exist_ok=True)
    started, done = time.monotonic(), 0
    while done < executions and time.monotonic() - started < seconds:
        _fed(feed, mutated(draw, pool), finds)
        done += 1
    print(f"{target.name} executions {done} seconds {time.monotonic() - started:.0f}", flush=True)


def _fed(feed: Feed, content: bytes, finds: Path) -> None:
    last = finds / "last-input"
    last.write_bytes(content)  # stays behind where the process dies
    faulthandler.dump_traceback_later(SECONDS, exit=True)
    try:
        feed(content)
    except BaseException:
        last.rename(finds / f"crash-{hashlib.sha256(content).hexdigest()[:16]}")
        raise
    finally:
        faulthandler.cancel_dump_traceback_later()


def main(name: str, seconds: str, executions: str, finds: str, seed: str) -> None:
    """The command line."""
    target = TARGETS[name]
    guided = not target.library and importlib.util.find_spec("atheris") is not None
    if not guided and not target.library:
        print("atheris is not installed for this Python: mutations without a guide", flush=True)
    (run_guided if guided else run_blind)(target, int(seconds), int(executions), Path(finds), int(seed))


if __name__ == "__main__":
    main(*sys.argv[1:])
