"""Workers that are killed, caches whose bytes flip, builds that share a cache: the same bytes, or a named input."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from corpora import digests, write_corpus
from dataset_builder.errors import OutsideError
from dataset_builder.pipeline import BuildResult, build
from dataset_builder.progress import OnProgress, Progress, silent
from dataset_builder.snapshot.verify import verify

ARTICLES = 60


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("corpus"), articles=ARTICLES)


@pytest.fixture(scope="module")
def whole(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a build that nobody disturbs makes, in one process and without a cache."""
    done = build(corpus, tmp_path_factory.mktemp("whole") / "notes", workers=1)
    assert done.accounts.balanced
    assert done.accounts.read == 2 * ARTICLES + 1
    return digests(done.out)


def leftovers(out: Path) -> list[Path]:
    return sorted(out.parent.glob(f".{out.name}.build-*"))


def workers_of(process: int) -> list[int]:
    """The pool's workers that ``process`` has started, by /proc."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            command = (entry / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue  # it is gone by now
        if parent == process and b"dataset_builder.engines.worker" in command:
            found.append(int(entry.name))
    return sorted(found)


@contextmanager
def killing(moments: random.Random, most: int, longest: float) -> Iterator[list[int]]:
    """Kill a worker of this process at random moments, at most so many of them; yields those that were killed."""
    killed: list[int] = []
    over = threading.Event()

    def kill() -> None:
        while len(killed) < most and not over.wait(moments.uniform(0, longest)):
            if workers := [number for number in workers_of(os.getpid()) if number not in killed]:
                worker = moments.choice(workers)
                try:
                    os.kill(worker, signal.SIGKILL)
                except ProcessLookupError:
                    continue  # it had done its work
                killed.append(worker)

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for workers in /proc")
@pytest.mark.parametrize("turns", [2, pytest.param(40, marks=pytest.mark.slow)])
@pytest.mark.timeout(1_800)
def test_workers_that_are_killed_at_random(tmp_path: Path, corpus: Path, whole: dict[str, str], turns: int) -> None:
    """One killed worker costs time only; where one after the other dies, the build says what it had in hand."""
    out, cache = tmp_path / "out" / "notes", tmp_path / "cache"
    before = digests(build(write_corpus(tmp_path / "small", articles=1), out).out)
    moments = random.Random(20241105)
    dead = finished = 0
    for turn in range(turns):
        most = (1, 3, 12)[turn % 3]
        kept = cache if turn % 2 else None
        with killing(moments, most, 0.3) as killed:
            done = build_or_error(corpus, out, kept)
        if isinstance(done, OutsideError):
            assert most > 1, "one death is no reason to end"
            assert "a worker process died twice, exit status -9, with this in hand: " in done.found
            assert digests(out) == before, "the snapshot before is untouched"
        else:
            assert done.accounts.balanced
            assert done.accounts.read == 2 * ARTICLES + 1
            assert digests(out) == whole
            finished += 1
            before = whole
        dead += len(killed)
        assert verify(out).valid
        assert leftovers(out) == []
        shutil.rmtree(cache, ignore_errors=True)
    assert dead >= turns // 2, "the kills came too late to show anything"
    assert finished > 0, "the kills were too many to show anything"
    assert workers_of(os.getpid()) == [], "no worker outlives its build"


def build_or_error(
    corpus: Path, out: Path, cache: Path | None, workers: int = 2, on_progress: OnProgress = silent
) -> BuildResult | OutsideError:
    """What two workers make of the corpus, or why they could not."""
    try:
        return build(corpus, out, workers=workers, cache=cache, on_progress=on_progress)
    except OutsideError as error:
        return error


def flip(content: bytes, moments: random.Random) -> bytes:
    """One kind of damage: a bit, a byte, a stretch of zeros, an end that is missing, something more at the end."""
    place = moments.randrange(len(content))
    kind = moments.randrange(6)
    if kind == 0:
        return content[:place]
    if kind == 1:
        return content + moments.randbytes(7)
    if kind == 2:
        return content[:place] + bytes(min(64, len(content) - place)) + content[place + 64 :]
    # The flips fall into the last part more often than chance would have it: there stands what says where all else is.
    place = moments.randrange(max(0, len(content) - 2_000), len(content)) if kind == 3 else place
    damaged = bytearray(content)
    damaged[place] ^= 1 << moments.randrange(8) if kind < 5 else 0xFF
    return bytes(damaged)


@pytest.mark.parametrize("turns", [3, pytest.param(100, marks=pytest.mark.slow)])
@pytest.mark.timeout(1_800)
def test_a_cache_whose_bytes_flip_changes_nothing(tmp_path: Path, turns: int) -> None:
    corpus = write_corpus(tmp_path / "corpus", articles=4)
    cache, kept, out = tmp_path / "cache", tmp_path / "kept", tmp_path / "out" / "notes"
    expected = digests(build(corpus, tmp_path / "uncached").out)
    build(corpus, out, cache=kept)
    packs = sorted(path.relative_to(kept) for path in kept.rglob("*.pack"))
    assert packs
    moments = random.Random(20241105)
    for turn in range(turns):
        shutil.rmtree(cache, ignore_errors=True)
        shutil.copytree(kept, cache)
        damaged = moments.sample(packs, min(len(packs), 1 + turn % 3))
        for path in damaged:
            (cache / path).write_bytes(flip((cache / path).read_bytes(), moments))
        done = build(corpus, out, cache=cache)
        assert digests(out) == expected, (turn, damaged)
        assert done.accounts.balanced
        again = build(corpus, out, cache=cache)
        assert digests(again.out) == expected, "what was mended is whole"
    assert leftovers(out) == []


class Flipping:
    """Damages files of a build's workspace where one step ends and another begins, at most so many of them."""

    def __init__(self, out: Path, moments: random.Random, step: int, most: int) -> None:
        self.out, self.moments, self.step, self.most = out, moments, step, most
        self.steps: list[str] = []
        self.damaged: list[str] = []

    def __call__(self, event: Progress) -> None:
        """A report of the build."""
        if event.step in self.steps:
            return
        self.steps.append(event.step)
        if len(self.steps) - 1 != self.step:
            return
        spools = [path for place in leftovers(self.out) for path in sorted(place.rglob("*.arrow"))]
        for path in self.moments.sample(spools, min(len(spools), self.most)):
            path.write_bytes(flip(path.read_bytes(), self.moments))
            self.damaged.append(path.name)


@pytest.mark.parametrize(
    ("workers", "turns"),
    [(1, 6), pytest.param(1, 102, marks=pytest.mark.slow), pytest.param(2, 102, marks=pytest.mark.slow)],
)
@pytest.mark.timeout(1_800)
def test_a_workspace_whose_bytes_flip(tmp_path: Path, workers: int, turns: int) -> None:
    """Between any two steps: an error that names the file, or the right bytes; the old snapshot stays whole."""
    corpus = write_corpus(tmp_path / "corpus", articles=4)
    out = tmp_path / "out" / "notes"
    expected = digests(build(corpus, out, workers=workers).out)
    moments = random.Random(20241106)
    errors = 0
    for turn in range(turns):
        flipping = Flipping(out, moments, step=1 + turn % 6, most=3 - turn // 6 % 3)
        done = build_or_error(corpus, out, None, workers=workers, on_progress=flipping)
        if isinstance(done, OutsideError):
            assert any(name in done.found for name in flipping.damaged), done.found
            errors += 1
        assert digests(out) == expected, (turn, flipping.damaged)
        assert leftovers(out) == []
    assert errors >= turns // 4, "some flips are in what is read again"
    assert verify(out).valid


@pytest.fixture(scope="module")
def server() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["dataset_builder.pipeline"])
    return context


def build_with(corpus: Path, out: Path, cache: Path) -> None:
    """Build in a process of its own; being the later of two at once is no failure."""
    try:
        build(corpus, out, cache=cache)
    except OutsideError:
        os._exit(3)
    os._exit(0)


@pytest.mark.parametrize("rounds", [1, pytest.param(25, marks=pytest.mark.slow)])
@pytest.mark.timeout(1_800)
def test_builds_at_once_on_one_out_and_one_cache(
    tmp_path: Path, server: multiprocessing.context.ForkServerContext, rounds: int
) -> None:
    """Three builds of two corpora, one of which is killed; then the cache is as good as none."""
    corpora = [write_corpus(tmp_path / name, articles=count) for name, count in (("a", 3), ("b", 5))]
    expected = [digests(build(corpus, tmp_path / f"whole-{corpus.name}").out) for corpus in corpora]
    out = tmp_path / "out" / "notes"
    moments = random.Random(20241105)
    for turn in range(rounds):
        cache = tmp_path / f"cache-{turn % 3}"  # fresh in the first rounds, filled by others later
        children = [server.Process(target=build_with, args=(corpus, out, cache)) for corpus in (*corpora, corpora[0])]
        for child in children:
            child.start()
        children[2].join(moments.uniform(0, 0.6))
        children[2].kill()
        for child in children:
            child.join()
        assert {child.exitcode for child in children[:2]} <= {0, 3}
        assert 0 in {child.exitcode for child in children[:2]}
        assert verify(out).valid
        assert digests(out) in expected
        for corpus, bytes_ in zip(corpora, expected, strict=True):
            assert digests(build(corpus, out, cache=cache).out) == bytes_
    for root in leftovers(out):
        if not (root / "lock").exists():  # killed between two system calls
            os.utime(root, (0, 0))
    build(corpora[0], out)
    assert leftovers(out) == [], "the next start sweeps what killed builds left"
