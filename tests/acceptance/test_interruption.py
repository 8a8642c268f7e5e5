"""A build that is interrupted or killed: at once, in one line, and what was finished is of use to the next."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpora import write_corpus
from dataset_builder.cache.store import _keys_of
from dataset_builder.errors import OutsideError
from dataset_builder.pipeline import build
from dataset_builder.progress import Progress
from dataset_builder.snapshot.verify import verify


def start(corpus: Path, out: Path, cache: Path, workers: int) -> subprocess.Popen[str]:
    """A build in a process group of its own, as a terminal would have it."""
    command = [sys.executable, "-m", "dataset_builder", "build", str(corpus), "--out", str(out)]
    command += ["--cache", str(cache), "--workers", str(workers)]
    # Whatever runs these tests in the background may have told them to ignore an interrupt, which a child inherits.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, **pipes, start_new_session=True)
    finally:
        signal.signal(signal.SIGINT, before)


def wait_for(cache: Path, process: subprocess.Popen[str]) -> None:
    """Until some articles are finished and others are not."""
    deadline = time.monotonic() + 120
    while not list(cache.rglob("articles/*/*.pack")):
        assert process.poll() is None, "the build was over before it was seen to work"
        assert time.monotonic() < deadline
        time.sleep(0.02)


def children(process: int) -> set[int]:
    """The processes that ``process`` has started."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
            if parent == process:
                found.add(int(entry.name))
    return found


def gone(processes: set[int]) -> bool:
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{number}").exists() for number in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("corpus"), articles=700)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_ends_everything_at_once_with_one_line(corpus: Path, tmp_path: Path, workers: int):
    process = start(corpus, tmp_path / "out", tmp_path / "cache", workers)
    wait_for(tmp_path / "cache", process)
    others = children(process.pid)
    assert len(others) >= (workers if workers > 1 else 0)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    (line,) = err.strip().splitlines()
    assert line.startswith("interrupted; what was at --out before is untouched")
    assert gone(others)
    assert not list(tmp_path.glob("out*"))
    assert not list(tmp_path.glob(".out*"))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_a_killed_build_leaves_nobody_working_and_the_next_goes_on_from_there(corpus: Path, tmp_path: Path):
    small = write_corpus(tmp_path / "small")
    build(small, tmp_path / "out")
    process = start(corpus, tmp_path / "out", tmp_path / "cache", 2)
    wait_for(tmp_path / "cache", process)
    others = children(process.pid)
    process.kill()
    process.communicate(timeout=60)
    assert gone(others), "workers outlive their build"
    assert verify(tmp_path / "out").valid, "the snapshot before is whole"
    finished = sum(len(_keys_of(path)) for path in (tmp_path / "cache").rglob("articles/*/*.pack"))
    assert 0 < finished < 1400
    packs = set((tmp_path / "cache").rglob("articles/*/*.pack"))
    done = build(corpus, tmp_path / "out", cache=tmp_path / "cache")
    later = set((tmp_path / "cache").rglob("articles/*/*.pack"))
    assert packs <= later, "what was finished was kept"
    assert sum(len(_keys_of(path)) for path in later) == done.accounts.read
    assert not list(tmp_path.glob(".out.build-*"))


def test_a_full_disk_is_one_error_and_the_snapshot_before_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    corpus = write_corpus(tmp_path / "corpus")
    build(corpus, tmp_path / "out")
    identity = verify(tmp_path / "out").identity
    (corpus / "ledger" / "0000.txt").write_text("The bell rang.\n")
    full = OSError(28, "No space left on device")

    def refuse(*_: object, **__: object) -> None:
        raise full

    for place in ("dataset_builder.engines.spool.pa.OSFile", "dataset_builder.snapshot.shards.pq.ParquetWriter"):
        with monkeypatch.context() as patch:
            patch.setattr(place, refuse)
            with pytest.raises(OutsideError, match="No space left") as caught:
                build(corpus, tmp_path / "out")
        assert caught.value.exit_code == 3
        assert caught.value.hint
        assert caught.value.place.startswith("at ")
        assert verify(tmp_path / "out").identity == identity
    assert not list(tmp_path.glob(".out.build-*"))


def test_what_progress_raises_ends_the_build(tmp_path: Path):
    corpus = write_corpus(tmp_path / "corpus")

    def stop(event: Progress) -> None:
        if event.step == "process":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(corpus, tmp_path / "out", on_progress=stop)
    assert not list(tmp_path.glob("*out*"))
