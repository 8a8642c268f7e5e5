"""What a start imports and reads: the help of all commands needs no option of any, and no library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dataset_builder.cli.commands import NAMES, OnDemand

HEAVY = ("pyarrow", "numpy", "yaml", "spacy", "frictionless", "pydantic", "rich", "lxml")


def test_the_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from dataset_builder.cli import main\n"
        "sys.argv = ['build-dataset', '--help']\n"
        "try:\n    main()\n"
        f"finally:\n    print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stderr == "[]\n"
    assert [name for name in NAMES if f"\n  {name} " not in done.stdout] == []


def test_every_module_of_a_command_is_one_of_the_commands() -> None:
    folder = Path(__file__).resolve().parents[3] / "dataset_builder" / "cli"
    written = {path.stem for path in folder.glob("*.py") if f"def {path.stem}_command(" in path.read_text()}
    assert written == set(NAMES)
    assert set(OnDemand()) == set(NAMES)


def test_an_unknown_command_is_none() -> None:
    with pytest.raises(KeyError):
        OnDemand()["errors"]
    assert OnDemand().get("render") is None
