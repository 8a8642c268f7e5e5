"""OUT is replaced atomically or not at all, whatever kills the build."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from pathlib import Path

import pytest

from corpora import write_corpus
from dataset_builder.pipeline import build
from dataset_builder.snapshot.verify import verify


@pytest.fixture(scope="module")
def server() -> multiprocessing.context.ForkServerContext:
    """Children are forked from a server that has imported the build and holds no threads."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["dataset_builder.pipeline"])
    return context


def leftovers(out: Path) -> list[Path]:
    return sorted(out.parent.glob(f".{out.name}.build-*"))


@pytest.mark.parametrize("kills", [15, pytest.param(100, marks=pytest.mark.slow)])
@pytest.mark.timeout(900)
def test_sigkill_at_random_moments(
    tmp_path: Path, server: multiprocessing.context.ForkServerContext, kills: int
) -> None:
    corpora = [write_corpus(tmp_path / name, articles=count) for name, count in (("a", 3), ("b", 5))]
    out = tmp_path / "out" / "notes"
    identities = {build(corpus, tmp_path / f"whole-{corpus.name}").facts.identity for corpus in corpora}
    assert len(identities) == 2
    _finish(server, corpora[0], out)  # the first start is the server's own
    started = time.monotonic()
    _finish(server, corpora[0], out)
    duration = time.monotonic() - started
    moments = random.Random(20241105)
    survived = killed = 0
    for turn in range(kills):
        child = server.Process(target=build, args=(corpora[turn % 2], out))
        child.start()
        # Every other kill falls into the last part, where the snapshot is written and exchanged.
        started = time.monotonic()
        child.join(moments.uniform(0 if turn % 2 else duration * 0.5, duration * 1.05))
        if child.is_alive():
            os.kill(child.pid or 0, signal.SIGKILL)
            killed += 1
            # The machine may slow down while the kills go on: expect more of each, until one comes too late.
            duration *= 1.2
        else:
            duration = time.monotonic() - started
        child.join()
        survived += child.exitcode == 0
        outcome = verify(out)
        assert outcome.valid, (turn, outcome.issues)
        assert outcome.identity in identities
    assert killed > kills // 4, "the kills came too late to show anything"
    assert survived > 0, "the kills came too early to show anything"
    for root in leftovers(out):
        if not (root / "lock").exists():  # killed between two system calls: for a minute it may be somebody's beginning
            os.utime(root, (0, 0))
    _finish(server, corpora[1], out)
    assert leftovers(out) == [], "the next start sweeps what killed builds left"


def _finish(server: multiprocessing.context.ForkServerContext, corpus: Path, out: Path) -> None:
    child = server.Process(target=build, args=(corpus, out))
    child.start()
    child.join()
    assert child.exitcode == 0


def test_a_workspace_loses_its_lock_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataset_builder.snapshot import workspace

    removed: list[str] = []
    remove = workspace.shutil.rmtree

    def watched(folder: Path, ignore_errors: bool) -> None:
        removed.append(folder.name)
        assert (tmp_path / root / "lock").exists()
        remove(folder, ignore_errors=ignore_errors)

    with workspace.Workspace(tmp_path / "notes") as work:
        root = work.snapshot.parent.name
        monkeypatch.setattr(workspace.shutil, "rmtree", watched)
    assert sorted(removed[:-1]) == ["scratch", "snapshot"]
    assert removed[-1] == root
    assert leftovers(tmp_path / "notes") == []


def test_a_live_build_is_not_swept(tmp_path: Path) -> None:
    from dataset_builder.snapshot.workspace import Workspace

    out = tmp_path / "notes"
    with Workspace(out) as first:
        with Workspace(out) as second:
            assert first.snapshot.is_dir()
            assert second.snapshot.is_dir()
        assert first.snapshot.is_dir()
    assert leftovers(out) == []


def test_a_snapshot_in_hand_is_put_back(tmp_path: Path) -> None:
    """Where folders cannot be exchanged, a build may die between its two renames."""
    from dataset_builder.snapshot.workspace import Workspace

    out = tmp_path / "notes"
    root = tmp_path / ".notes.build-dead"
    (root / "previous").mkdir(parents=True)
    (root / "previous" / "manifest.json").write_text("{}")
    (root / "lock").touch()
    with Workspace(out):
        assert (out / "manifest.json").is_file()
    assert not root.exists()


def test_a_folder_of_somebody_else_is_never_replaced(tmp_path: Path) -> None:
    from dataset_builder.errors import UsageError

    corpus = write_corpus(tmp_path / "corpus")
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match="other things in it"):
        build(corpus, precious)
    assert (precious / "thesis.txt").read_text() == "years of work"
    assert leftovers(precious) == []
