"""Fuzz one target in this process: ``fuzz_one.py NAME SECONDS EXECUTIONS FINDS GROWN SEED [swift]``.

Parsers of ours are guided by coverage (atheris, on libFuzzer); inputs that reach new code are added to the folder
GROWN. Counting coverage takes most of the time, so with ``swift`` the parser itself runs as it is, and libFuzzer
mutates the inputs that guided runs have put into GROWN, up to half as long: several times the executions. What runs a
large library takes seeded mutations, as its time goes into code that nobody has instrumented. The last line says ``NAME
executions N seconds S``; a find is written to the folder FINDS and ends the process with another code than 0.
"""

from __future__ import annotations

import faulthandler
import gc
import hashlib
import importlib.util
import os
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


def kept_inputs(target: Target) -> list[bytes]:
    """The inputs that were found before, then the seeds."""
    folder = KEPT / target.name
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [*(path.read_bytes() for path in found), *target.seeds]


def run_guided(
    target: Target, seconds: int, executions: int, finds: Path, grown: Path, seed: int, *, swift: bool
) -> None:
    """By atheris, coverage-guided unless ``swift``; does not return."""
    import atheris

    with atheris.instrument_imports(include=[] if swift else target.modules):
        feed = target.prepare()
    if swift:
        feed = _with_a_branch(feed)
    for content in kept_inputs(target):
        (grown / hashlib.sha256(content).hexdigest()[:16]).write_bytes(content)
    options = {
        "max_total_time": seconds,
        "runs": executions,
        "max_len": target.longest // 2 if swift else target.longest,
        "timeout": SECONDS,
        "rss_limit_mb": MEMORY >> 20,
        "artifact_prefix": f"{finds}/",
        "seed": seed,
        "print_final_stats": 1,
        "verbosity": 1,
    }
    _frozen()
    atheris.Setup([sys.argv[0], *(f"-{name}={value}" for name, value in options.items()), str(grown)], feed)
    atheris.Fuzz()


def _with_a_branch(feed: Feed) -> Feed:
    """``feed`` with two branches to cover: libFuzzer gives up where it sees none."""
    import atheris

    @atheris.instrument_func  # type: ignore[misc,untyped-decorator,unused-ignore]
    def branched(data: bytes) -> None:
        if len(data) % 2:
            feed(data)
        else:
            feed(data)

    return branched


def run_blind(target: Target, seconds: int, executions: int, finds: Path, grown: Path, seed: int) -> None:
    """Seeded mutations, no guide; GROWN stays as it is."""
    feed = target.prepare()
    draw = random.Random(seed)
    pool = kept_inputs(target)
    resource.setrlimit(resource.RLIMIT_AS, (2 * MEMORY, 2 * MEMORY))
    last = os.open(finds / "last-input", os.O_RDWR | os.O_CREAT)
    _frozen()
    started, done = time.monotonic(), 0
    while done < executions and time.monotonic() - started < seconds:
        _fed(feed, mutated(draw, pool, target.longest), finds, last)
        done += 1
    print(f"{target.name} executions {done} seconds {time.monotonic() - started:.0f}", flush=True)


def _fed(feed: Feed, content: bytes, finds: Path, last: int) -> None:
    os.ftruncate(last, len(content))
    os.pwrite(last, content, 0)  # stays behind where the process dies
    faulthandler.dump_traceback_later(SECONDS, exit=True)
    try:
        feed(content)
    except BaseException:
        (finds / f"crash-{hashlib.sha256(content).hexdigest()[:16]}").write_bytes(content)
        raise
    finally:
        faulthandler.cancel_dump_traceback_later()


def _frozen() -> None:
    """What was imported is not looked at by the garbage collector again and again."""
    gc.collect()
    gc.freeze()


def main(name: str, seconds: str, executions: str, finds: str, grown: str, seed: str, swift: str = "") -> None:
    """The command line."""
    target = TARGETS[name]
    guided = not target.library and importlib.util.find_spec("atheris") is not None
    if not guided and not target.library:
        print("atheris is not installed for this Python: mutations without a guide", flush=True)
    numbers, folders = (int(seconds), int(executions)), (Path(finds), Path(grown))
    if guided:
        run_guided(target, *numbers, *folders, int(seed), swift=bool(swift))
    else:
        run_blind(target, *numbers, *folders, int(seed))


if __name__ == "__main__":
    main(*sys.argv[1:])
