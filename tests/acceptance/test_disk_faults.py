"""Disks that fill up, writes that fail, two builds on one OUT: the old snapshot stays, the new is whole or absent."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corpora import write_corpus
from dataset_builder.errors import OutsideError
from dataset_builder.pipeline import build
from dataset_builder.snapshot.verify import verify

#: What a child says with its exit code.
DONE, REFUSED = 0, 3


@pytest.fixture(scope="module")
def server() -> multiprocessing.context.ForkServerContext:
    """Children are forked from a server that has imported the build and holds no threads."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["dataset_builder.pipeline"])
    return context


def build_within(corpus: Path, out: Path, limit: int | None) -> None:
    """Build in a process whose files may not grow beyond ``limit`` bytes: a write that crosses it fails (EFBIG)."""
    if limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    try:
        build(corpus, out)
    except OutsideError:
        os._exit(REFUSED)
    os._exit(DONE)


def leftovers(out: Path) -> list[Path]:
    return sorted(out.parent.glob(f".{out.name}.build-*"))


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("disk")
    return [write_corpus(folder / name, articles=count) for name, count in (("a", 3), ("b", 5))]


@pytest.fixture(scope="module")
def identities(corpora: list[Path], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("whole")
    return [build(corpus, folder / corpus.name).facts.identity for corpus in corpora]


LIMITS = [0, 3_000, 10_000, 20_000]
EVERY = [*range(0, 4_000, 250), *range(4_000, 60_000, 1_000)]


@pytest.mark.parametrize("limits", [LIMITS, pytest.param(EVERY, marks=pytest.mark.slow)], ids=["some", "every"])
@pytest.mark.timeout(1_800)
def test_a_write_that_fails_leaves_the_old_snapshot(
    tmp_path: Path,
    corpora: list[Path],
    identities: list[str],
    server: multiprocessing.context.ForkServerContext,
    limits: list[int],
) -> None:
    out = tmp_path / "out" / "notes"
    build(corpora[0], out)
    refused = 0
    for limit in limits:
        child = server.Process(target=build_within, args=(corpora[1], out, limit))
        child.start()
        child.join()
        assert child.exitcode in (DONE, REFUSED), f"a limit of {limit} bytes ended otherwise than in words"
        outcome = verify(out)
        assert outcome.valid, (limit, outcome.issues)
        assert outcome.identity == identities[child.exitcode == DONE]
        refused += child.exitcode == REFUSED
        if child.exitcode == DONE:
            build(corpora[0], out)
        assert leftovers(out) == [], "a build that ends in words takes its workspace with it"
    assert refused > len(limits) // 3, "no limit was low enough to show anything"


_IN_A_SMALL_DISK = """
import json, os, shutil, subprocess, sys
from pathlib import Path
from dataset_builder.errors import OutsideError
from dataset_builder.pipeline import build
from dataset_builder.snapshot.verify import verify
disk, first, second, rooms = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), json.loads(sys.argv[4])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)], check=True)
out = disk / "notes"
told = []
for room in rooms:
    build(first, out)
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    (disk / "filler").write_bytes(b"x" * max(0, free - room))
    try:
        build(second, out)
        ended = "done"
    except OutsideError as error:
        ended = str(error)
    (disk / "filler").unlink()
    outcome = verify(out)
    told.append([room, ended, outcome.valid, outcome.identity, sorted(p.name for p in disk.iterdir())])
print(json.dumps(told))
"""


def test_a_disk_that_fills_up(tmp_path: Path, corpora: list[Path], identities: list[str], repository: Path) -> None:
    unshare = shutil.which("unshare")
    inside = [unshare or "unshare", "--map-root-user", "--mount"]
    probe = [*inside, "mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(tmp_path)]
    if unshare is None or subprocess.run(probe, check=False, capture_output=True).returncode:
        pytest.skip("this system lets nobody mount a small disk of their own; the failing writes remain")
    rooms = [0, 16_384, 65_536, 1_000_000]
    command = [*inside, sys.executable, "-c", _IN_A_SMALL_DISK, str(tmp_path), *map(str, corpora), json.dumps(rooms)]
    environment = {**os.environ, "PYTHONPATH": str(repository)}
    ran = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert ran.returncode == 0, ran.stderr
    full = 0
    for room, ended, valid, identity, left in json.loads(ran.stdout):
        assert valid, (room, ended)
        assert left == ["notes"], (room, left)
        assert identity == identities[ended == "done"], (room, ended)
        full += "No space left" in ended
    assert full >= 2, ran.stdout


@pytest.mark.parametrize("rounds", [1, pytest.param(30, marks=pytest.mark.slow)])
@pytest.mark.timeout(1_800)
def test_two_builds_at_once(
    tmp_path: Path,
    corpora: list[Path],
    identities: list[str],
    server: multiprocessing.context.ForkServerContext,
    rounds: int,
) -> None:
    out = tmp_path / "out" / "notes"
    for _ in range(rounds):
        children = [server.Process(target=build_within, args=(corpus, out, None)) for corpus in (*corpora, *corpora)]
        for child in children:
            child.start()
        for child in children:
            child.join()
        ends = [child.exitcode for child in children]
        assert set(ends) <= {DONE, REFUSED}
        assert DONE in ends
        outcome = verify(out)
        assert outcome.valid, outcome.issues
        assert outcome.identity in identities
        assert leftovers(out) == []
