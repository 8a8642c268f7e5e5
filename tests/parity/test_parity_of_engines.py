"""Whoever does the work, the snapshot has the same bytes, and the findings are the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpora import article, digests, write_corpus
from dataset_builder.engines.pool import Pool
from dataset_builder.errors import OutsideError
from dataset_builder.pipeline import BuildResult, build
from dataset_builder.progress import Progress
from dataset_builder.read.portions import portions
from pool_jobs import DyingReading


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles for several portions, with exact copies and near copies far from each other."""
    folder = write_corpus(tmp_path_factory.mktemp("corpus"), articles=150)
    (folder / "ledger" / "9998.txt").write_text(article(3, day=4), encoding="utf-8")
    (folder / "ledger" / "9999.txt").write_text(article(1005, day=6).replace("Ada", "Eda"), encoding="utf-8")
    (folder / "ledger" / "9997.txt").write_text("---\nlicence: none\n---\nThe bell rang.\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def alone(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    out = tmp_path_factory.mktemp("alone") / "out"
    return build(corpus, out, workers=1, allow_rejected=True)


def test_the_corpus_is_worth_the_comparison(alone: BuildResult):
    codes = {issue.code for issue in alone.issues}
    assert {"exact-copy", "near-copy-terms"} <= codes
    assert alone.accounts.merged == 1
    assert alone.accounts.rejected == 1
    assert alone.accounts.released > 140


@pytest.mark.parametrize("workers", [2, pytest.param(3, marks=pytest.mark.slow)])
def test_a_pool_makes_the_same_snapshot(corpus: Path, alone: BuildResult, tmp_path: Path, workers: int):
    together = build(corpus, tmp_path / "out", workers=workers, allow_rejected=True)
    assert digests(together.out) == digests(alone.out)
    assert together.issues == alone.issues


def test_the_corpus_comes_in_several_portions(corpus: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    seen: list[int] = []
    monkeypatch.setattr(Pool, "map", lambda _self, job, tasks: seen.append(len(tasks)) or map(job, tasks))
    events: list[Progress] = []
    build(corpus, tmp_path / "out", workers=2, allow_rejected=True, on_progress=events.append)
    assert min(seen) > 1
    assert {event.step for event in events} >= {"read", "process", "write"}
    last = [event for event in events if event.step == "process"][-1]
    assert last.done == last.total > 300


def test_a_killed_worker_names_what_was_in_hand_and_the_old_snapshot_stays(corpus, tmp_path, monkeypatch):
    out = tmp_path / "out"
    build(write_corpus(tmp_path / "small"), out)
    before = digests(out)
    monkeypatch.setattr("dataset_builder.pipeline.Reading", DyingReading)
    with pytest.raises(OutsideError, match=r"with this in hand: .*txt"):
        build(corpus, out, workers=2, allow_rejected=True)
    assert digests(out) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_portions_hold_every_file_once_and_in_order():
    files = [f"{number:03d}" for number in range(500)]
    sizes = [(number * 7919) % 300_000 for number in range(500)]
    for workers in (1, 2, 7):
        cut = portions(files, sizes, workers)  # type: ignore[arg-type]
        assert [file for portion in cut for file in portion.files] == files
        assert [portion.number for portion in cut] == list(range(len(cut)))
    assert portions([], [], 2) == []
