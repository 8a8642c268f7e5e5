"""Listing a corpus imports no parser: each comes with the first file of its form."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = ("trafilatura", "lxml", "htmldate", "justext", "charset_normalizer", "fastwarc", "fsspec", "pyarrow.parquet")


def test_the_readers_are_light_until_they_read(repository: Path) -> None:
    code = f"import sys, dataset_builder.read.corpus; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=repository)
    assert done.stdout.split() == []
