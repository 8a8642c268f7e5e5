"""A snapshot to look at: built once, or the one that ``BUILT_SNAPSHOT`` names (mutation testing builds it ahead)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The snapshot of a small corpus; nobody may change it."""
    if named := os.environ.get("BUILT_SNAPSHOT"):
        return Path(named)
    from corpora import write_corpus
    from dataset_builder.pipeline import build

    folder = tmp_path_factory.mktemp("built")
    return build(write_corpus(folder / "corpus"), folder / "snapshot").out


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(built, tmp_path / "copy"))
