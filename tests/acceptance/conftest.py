"""A sound snapshot for those who do something bad to a copy of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from corpora import write_corpus
from dataset_builder.pipeline import build


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of two articles, for reading only."""
    folder = tmp_path_factory.mktemp("snapshot")
    return build(write_corpus(folder / "corpus", articles=2), folder / "out").out


@pytest.fixture
def copy(snapshot: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copytree(snapshot, tmp_path / "copy"))
