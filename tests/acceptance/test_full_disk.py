"""Every command that writes, on a real disk that fills up: what was there stays, what is new is whole or absent."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from corpora import write_corpus
from dataset_builder.pipeline import build

MANY = [*range(0, 65_536, 8_192), *range(65_536, 720_000, 65_536)]
COMMANDS = ["build", "withdraw", "rehydrate", "report", "publish"]
#: A whole disk without a byte left, for those that no other test puts on one; then every command and many sizes.
_CASES = [
    *(pytest.param(name, [0], id=f"{name}-full") for name in ("withdraw", "publish")),
    *(pytest.param(name, MANY, id=f"{name}-many", marks=pytest.mark.slow) for name in COMMANDS),
]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A corpus, its snapshot, and the snapshot of its next version."""
    folder = tmp_path_factory.mktemp("disk")
    corpus = write_corpus(folder / "corpus", articles=3)
    first = build(corpus, folder / "first").out
    config = corpus / "dataset.yaml"
    config.write_text(config.read_text().replace("version: 1.0.0", "version: 1.1.0"))
    return {"corpus": corpus, "first": first, "second": build(corpus, folder / "second").out}


def article_of(snapshot: Path) -> str:
    (path,) = sorted((snapshot / "catalog").rglob("*.parquet"))
    return str(pq.read_table(path, partitioning=None).column("id")[0].as_py())


def job_of(name: str, sources: dict[str, Path]) -> dict[str, Any]:
    """What stands on the disk, what is run while there is room, and what while there is none."""
    first, second, corpus = (str(sources[key]) for key in ("first", "second", "corpus"))
    originals = ["--originals", corpus, "--out", "private"]
    return {
        "build": ({}, [["build", corpus, "--out", "notes", "--private"]], ["build", corpus, "--out", "notes"]),
        "withdraw": (
            {"corpus": corpus},
            [],
            ["withdraw", article_of(sources["first"]), "corpus", "--reason", "A reader asked. " * 30, "--yes"],
        ),
        "rehydrate": ({}, [["rehydrate", first, *originals]], ["rehydrate", second, *originals]),
        "report": ({}, [["report", first, "--out", "page.html"]], ["report", second, "--out", "page.html"]),
        "publish": ({}, [["publish", first, "published"]], ["publish", second, "published"]),
    }[name]  # type: ignore[return-value]


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """How to run in a namespace in which a disk may be mounted."""
    unshare = shutil.which("unshare")
    command = [unshare or "unshare", "--map-root-user", "--mount"]
    folder = str(tmp_path_factory.mktemp("probe"))
    probe = [*command, "mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder]
    if unshare is None or subprocess.run(probe, check=False, capture_output=True).returncode:
        pytest.skip("this system lets nobody mount a small disk of their own; the failing writes remain")
    return command


@pytest.mark.parametrize(("name", "rooms"), _CASES)
@pytest.mark.timeout(1_800)
def test_a_command_on_a_disk_that_is_full(
    tmp_path: Path, sources: dict[str, Path], inside: list[str], repository: Path, name: str, rooms: list[int]
) -> None:
    holds, before, command = job_of(name, sources)
    (tmp_path / "disk").mkdir()
    job = {"disk": str(tmp_path / "disk"), "holds": holds, "before": before, "command": command, "rooms": rooms}
    (tmp_path / "job.json").write_text(json.dumps(job))
    environment = {**os.environ, "PYTHONPATH": str(repository), "BUILD_DATASET_CACHE": ""}
    driver = [*inside, sys.executable, str(repository / "tests" / "small_disk.py"), str(tmp_path / "job.json")]
    ran = subprocess.run(driver, check=False, capture_output=True, text=True, env=environment)
    assert ran.returncode == 0, ran.stderr
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [entry["room"] for entry in told] == rooms
    full = 0
    for entry in told:
        assert entry["code"] in (0, 3), entry
        assert "Traceback" not in entry["errors"], entry
        assert entry["again"] == 0 or name == "withdraw", entry
        if entry["code"] == 3:
            full += 1
            assert "No space left" in entry["errors"], entry
            assert entry["after"] == entry["before"], (entry["room"], sorted(entry["after"].items()))
        else:
            assert entry["after"] == entry["in_the_end"], "whole at once"
    ends = {json.dumps(entry["in_the_end"], sort_keys=True) for entry in told}
    assert len(ends) == 1, "with room, all end alike"
    assert full > 0, "no disk was small enough to show anything"
