"""A cache folder that cannot be written: one clear error from the shell, and nothing is built."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corpora import write_corpus

READ_ONLY = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs -o ro none "$1" && shift && exec "$@"', "sh"]


def build(corpus: Path, cache: Path, before: list[str]) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "dataset_builder", "build", str(corpus), "--out", str(corpus.parent / "out")]
    command = [*before, *call, "--cache", str(cache), "--quiet"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def told(done: subprocess.CompletedProcess[str], cache: Path, reason: str, corpus: Path) -> None:
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"error: the cache {cache} cannot be written: {reason}",
        "  expected: a folder on a disk with room and permission to write",
        "  to mend it: place it elsewhere with --cache, make room with build-dataset cache --prune, "
        "or build with --no-cache",
    ]
    assert not (corpus.parent / "out").exists()


def test_a_file_in_its_place(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    cache = tmp_path / "cache"
    cache.write_text("in the way")
    told(build(corpus, cache, []), cache, "File exists", corpus)


def test_a_disk_that_is_mounted_to_be_read_only(tmp_path: Path) -> None:
    mountable = shutil.which("unshare") and shutil.which("mount")
    if not mountable or subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
        pytest.skip("no mount namespace can be made here")
    corpus = write_corpus(tmp_path / "corpus")
    cache = tmp_path / "cache"
    cache.mkdir()
    told(build(corpus, cache, [*READ_ONLY, str(cache)]), cache, "Read-only file system", corpus)
