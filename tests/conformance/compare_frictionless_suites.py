"""Run frictionless's own suites with both engines: ``make conformance``.

The suites and their 634 data files are in frictionless's source distribution only, so it is fetched from the package
index (the version that is installed), unpacked below a temporary folder, and its tests are run there with
``frictionless_recorder`` watching every ``Resource.validate``. Exit code 1 where a case differs that
``known-differences.json`` does not name with its reason, or where fewer cases were met than there should be.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
#: Fewer compared cases than this, and something went wrong with the suites themselves.
LEAST_COMPARED = 200


def fetch(folder):
    """Frictionless's source distribution, unpacked."""
    number = version("frictionless")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--no-build-isolation", "--no-binary", "frictionless", f"frictionless=={number}", "--dest", str(folder)]
    subprocess.run(command, check=True)
    with tarfile.open(folder / f"frictionless-{number}.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    return folder / f"frictionless-{number}"


def suites(source):
    """The test files that validate something."""
    tests = sorted((source / "frictionless").rglob("__spec__/**/test_*.py"))
    return [test for test in tests if "validate" in test.read_text(encoding="utf-8")]


def record(source, cases):
    """Run the suites; what their own assertions say is not our matter."""
    environment = {**os.environ, "RECORDED_CASES": str(cases), "PYTHONPATH": os.pathsep.join((str(ROOT), str(HERE)))}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--noconftest",
        "-p",
        "frictionless_recorder",
        "-p",
        "no:cacheprovider",
    ]
    command += ["-o", "addopts=", "--import-mode=importlib", "--continue-on-collection-errors", "--timeout=120"]
    command += [str(test.relative_to(source)) for test in suites(source)]
    subprocess.run(command, cwd=source, env=environment, check=False, stdout=subprocess.DEVNULL)
    return [json.loads(line) for line in cases.read_text(encoding="utf-8").splitlines()]


def main():
    """Compare, print the accounts, return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, help="an unpacked source distribution, in place of fetching it")
    arguments = parser.parse_args()
    known = json.loads((HERE / "known-differences.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        source = arguments.source.resolve() if arguments.source else fetch(Path(folder))
        records = record(source, Path(folder) / "cases.jsonl")
    compared = [case for case in records if "same" in case]
    unknown = [case for case in compared if not case["same"] and case["test"] not in known]
    print(f"{len(records)} calls of Resource.validate, {len(compared)} tables compared, {len(unknown)} differences")
    for reason, count in sorted(Counter(case["left"] for case in records if "left" in case).items()):
        print(f"  {count} left to frictionless: {reason}")
    for case in unknown:
        print(f"{case['test']}\n  ours   {json.dumps(case['ours'])[:600]}\n  theirs {json.dumps(case['theirs'])[:600]}")
    for case in compared:
        if not case["same"] and case["test"] in known:
            print(f"known: {case['test']}: {known[case['test']]}")
    if len(compared) < LEAST_COMPARED:
        print(f"only {len(compared)} tables compared; there should be at least {LEAST_COMPARED}")
    return int(bool(unknown) or len(compared) < LEAST_COMPARED)


if __name__ == "__main__":
    sys.exit(main())
