"""Fuzz every target for a while, each in a process of its own: ``run_fuzz.py --seconds 30 [--only NAME …] [--note]``.

An input that is a find is put into ``corpus/NAME/``, where the short form in ``make test`` runs it again from then on;
the exit code is 1 then. ``--note`` adds the executions to ``results.json`` and writes RESULTS.md from it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from fuzz_registry import TARGETS

HERE = Path(__file__).resolve().parent
ACCOUNT = HERE / "results.json"
_DONE = re.compile(r"(?:^Done |executions )(\d+)(?: runs in (\d+) second| seconds (\d+))", re.MULTILINE)
#: What libFuzzer calls an input that it keeps, and what ``fuzz_one`` does.
_MEMORY = "/dev/shm"
_FINDS = ("crash-", "timeout-", "oom-", "slow-unit-", "last-input")


def fuzz(name: str, seconds: int, executions: int, seed: int) -> tuple[int, int, list[Path]]:
    """(executions, seconds, kept inputs) of one target."""
    memory = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix=f"fuzz-{name}-", dir=memory) as place:
        command = [sys.executable, str(HERE / "fuzz_one.py"), name, str(seconds), str(executions), place, str(seed)]
        environment = {**os.environ, "PYTHONPATH": f"{HERE.parent}{os.pathsep}{HERE.parent.parent}", "TMPDIR": place}
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


def known() -> dict[str, dict[str, int]]:
    """Executions and seconds of each target so far."""
    account: dict[str, dict[str, int]] = json.loads(ACCOUNT.read_text(encoding="utf-8")) if ACCOUNT.exists() else {}
    return account


def note(name: str, done: int, spent: int) -> None:
    """Add one run to the account and write the page anew."""
    account = known()
    entry = account.setdefault(name, {"executions": 0, "seconds": 0})
    entry["executions"] += done
    entry["seconds"] += spent
    ACCOUNT.write_text(json.dumps(dict(sorted(account.items())), indent=1) + "\n", encoding="utf-8")
    (HERE / "RESULTS.md").write_text(_page(account), encoding="utf-8")


def _page(account: dict[str, dict[str, int]]) -> str:
    libraries = sorted({target.library for target in TARGETS.values() if target.library} | {"atheris"})
    versions = [f"{name} {_version(name)}" for name in libraries]
    rows = []
    for name, target in sorted(TARGETS.items(), key=lambda item: (bool(item[1].library), item[0])):
        entry = account.get(name, {"executions": 0, "seconds": 0})
        kept = len(list((HERE / "corpus" / name).glob("*"))) if (HERE / "corpus" / name).is_dir() else 0
        aim = "reached" if entry["executions"] >= target.executions else f"of {target.executions:,}"
        rows.append(
            f"| {name} | {target.library or 'ours'} | {entry['executions']:,} | {aim} | {entry['seconds']:,} | {kept} |"
        )
    return "\n".join(
        [
            "# What was fuzzed, and how often",
            "",
            "Written by `make fuzz FUZZ_OPTIONS=--note`; executions add up. Parsers of our own are guided by",
            "coverage (atheris), aim 1,000,000; readers behind a large library take seeded byte mutations, aim 20,000.",
            "Kept are the inputs that were finds; each was mended, and `make test` runs them all again.",
            f"The latest run: Python {platform.python_version()}, {', '.join(versions)}, on a machine with other work.",
            "",
            "| target | code | executions | aim | seconds | kept finds |",
            "|---|---|---:|---|---:|---:|",
            *rows,
            "",
        ]
    )


def _version(library: str) -> str:
    if library == "zlib":
        import zlib

        return zlib.ZLIB_RUNTIME_VERSION
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"


def main() -> int:
    """The command line; the number of targets with a find decides the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=30, help="for each target")
    parser.add_argument("--executions", type=int, default=0, help="stop earlier; 0: at the target's aim")
    parser.add_argument("--only", action="append", choices=sorted(TARGETS), help="may be given again")
    parser.add_argument("--note", action="store_true")
    given = parser.parse_args()
    with_finds = 0
    for name in given.only or sorted(TARGETS):
        executions = given.executions or TARGETS[name].executions
        # A later run draws other inputs than those that are counted already.
        done, spent, kept = fuzz(name, given.seconds, executions, known().get(name, {}).get("executions", 0) + 1)
        with_finds += bool(kept) or not done
        print(f"{name}: {done:,} executions in {spent} s" + "".join(f"\n  FOUND {path}" for path in kept), flush=True)
        if given.note:
            note(name, done, spent)
    return min(with_finds, 1)


if __name__ == "__main__":
    sys.exit(main())
