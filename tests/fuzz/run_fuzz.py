"""Fuzz every target for a while, each in a process of its own: ``run_fuzz.py --seconds 30 [--only NAME …] [--note]``.

An input that is a find is put into ``corpus/NAME/``, where the short form in ``make test`` runs it again from then on;
the exit code is 1 then. ``--note`` adds the executions to ``results.json`` and writes RESULTS.md from it. Inputs that
reached new code are kept in ``out/fuzz/NAME/``, where the next run begins. ``--swift`` runs more of them without a
guide: first some minutes with it, then these.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from fuzz_account import HERE, ROOT, known, note
from fuzz_registry import TARGETS

_DONE = re.compile(r"(?:^Done |executions )(\d+)(?: runs in (\d+) second| seconds (\d+))", re.MULTILINE)
#: What libFuzzer calls an input that it keeps, and what ``fuzz_one`` does.
_FINDS = ("crash-", "timeout-", "oom-", "slow-unit-", "last-input")
_MEMORY = "/dev/shm"


def fuzz(name: str, seconds: int, executions: int, seed: int, *, swift: bool) -> tuple[int, int, list[Path]]:
    """(executions, seconds, kept inputs) of one target."""
    memory = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    grown = ROOT / "out" / "fuzz" / name
    grown.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"fuzz-{name}-", dir=memory) as place:
        numbers = [str(seconds), str(executions)]
        command = [sys.executable, str(HERE / "fuzz_one.py"), name, *numbers, place, str(grown), str(seed)]
        command += ["swift"] * swift
        environment = {**os.environ, "PYTHONPATH": f"{HERE.parent}{os.pathsep}{ROOT}", "TMPDIR": place}
        ran = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            env=environment,
            timeout=seconds + 600,
        )
        found = _DONE.findall(ran.stdout + ran.stderr)
        done, spent = (int(found[-1][0]), int(found[-1][1] or found[-1][2])) if found else (0, 0)
        failed = ran.returncode != 0
        if failed:
            print((ran.stdout + ran.stderr)[-3_000:], file=sys.stderr)
        kept = [_keep(name, path) for path in sorted(Path(place).iterdir()) if failed and path.name.startswith(_FINDS)]
    return done, spent, kept


def _keep(name: str, find: Path) -> Path:
    content = find.read_bytes()
    target = HERE / "corpus" / name / f"{find.name.partition('-')[0]}-{hashlib.sha256(content).hexdigest()[:12]}"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(find, target)
    return target


def main() -> int:
    """The command line; the number of targets with a find decides the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=30, help="for each target")
    parser.add_argument("--executions", type=int, default=0, help="stop earlier; 0: at the target's aim")
    parser.add_argument("--only", action="append", choices=sorted(TARGETS), help="may be given again")
    parser.add_argument("--short", action="store_true", help="only targets that are short of their aim, up to it")
    parser.add_argument("--note", action="store_true")
    parser.add_argument("--swift", action="store_true", help="do not count coverage: mutate what guided runs have kept")
    given = parser.parse_args()
    with_finds = 0
    for name in given.only or sorted(TARGETS):
        target = TARGETS[name]
        counted = known(target)
        if given.short and counted >= target.executions:
            continue
        executions = given.executions or target.executions - (counted if given.short else 0)
        # A later run draws other inputs than those that are counted already.
        done, spent, kept = fuzz(name, given.seconds, executions, counted + 1, swift=given.swift)
        with_finds += bool(kept) or not done
        print(f"{name}: {done:,} executions in {spent} s" + "".join(f"\n  FOUND {path}" for path in kept), flush=True)
        if given.note:
            note(target, done, spent, TARGETS, swift=given.swift)
    return min(with_finds, 1)


if __name__ == "__main__":
    sys.exit(main())
