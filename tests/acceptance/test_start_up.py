"""What a start costs, as ratios and import lists; no absolute time is asserted."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from corpora import write_corpus

IMPORTED = """
import json, sys
from pathlib import Path
from dataset_builder.pipeline import build
build(Path(sys.argv[1]), Path(sys.argv[2]))
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""
SHARE_OF_FRICTIONLESS = 0.3


def cpu_seconds(command: list[str]) -> float:
    """User and system time of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_help_costs_a_fraction_of_frictionless() -> None:
    script = Path(sys.executable).parent
    ours, theirs = [], []
    for _ in range(5):  # in turn, so that a slow moment of the machine hits both
        ours.append(cpu_seconds([str(script / "build-dataset"), "--help"]))
        theirs.append(cpu_seconds([str(script / "frictionless"), "--help"]))
    assert min(ours) <= SHARE_OF_FRICTIONLESS * min(theirs), (ours, theirs)


def imported_by_a_build(tmp_path: Path, model: str) -> set[str]:
    corpus = write_corpus(tmp_path / "corpus", articles=1, model=model)
    command = [sys.executable, "-W", "ignore", "-c", IMPORTED, str(corpus), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-1000:]
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_a_build_imports_what_it_uses_and_no_more(tmp_path: Path) -> None:
    imported = imported_by_a_build(tmp_path, "none")
    assert "pyarrow" in imported
    assert not imported & {"datasets", "spacy", "trafilatura", "htmldate", "mlcroissant", "fastwarc", "huggingface_hub"}


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["verify", "--help"], ["--version"]])
def test_help_imports_no_library_of_data(arguments: list[str]) -> None:
    code = (
        "import sys; from dataset_builder.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([n for n in ('pyarrow', 'frictionless', 'numpy', 'yaml') if n in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert done.stdout.strip()
