"""Files that a caller names and members of a folder that were put there by a stranger: nothing waits, nothing fills the
memory, and the fault has the file's name.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from corpora import write_corpus
from dataset_builder.errors import ConfigError
from dataset_builder.pipeline import build


def pipe(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def outside(path: Path) -> None:
    target = path.parents[1] / "outside.json"
    target.write_text("{}")
    path.symlink_to(target)


def itself(path: Path) -> None:
    path.symlink_to(path.name)


def vast(path: Path) -> None:
    path.touch()
    os.truncate(path, 5 << 30)


@pytest.mark.parametrize(
    ("put", "told"),
    [
        (pipe, "a device, pipe or socket"),
        (Path.mkdir, "a folder"),
        (endless, "outside the corpus"),
        (outside, "outside the corpus"),
        (itself, "outside the corpus"),
        (vast, "more than 1,000,000 bytes"),
    ],
)
@pytest.mark.parametrize("key", ["policy: own.json", "access: {terms: own.json}\n  audience: restricted"])
def test_a_file_that_dataset_yaml_names(tmp_path: Path, put: Callable[[Path], None], told: str, key: str) -> None:
    corpus = write_corpus(tmp_path / "corpus", articles=1)
    config = (corpus / "dataset.yaml").read_text()
    (corpus / "dataset.yaml").write_text(config.replace("build:\n", f"build:\n  {key}\n"))
    put(corpus / "own.json")
    with pytest.raises(ConfigError, match=told):
        build(corpus, tmp_path / "out")
