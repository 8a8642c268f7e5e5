"""The engine on a real cluster of two nodes, in a network namespace that has only loopback: the same bytes."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from corpora import article, digests, write_corpus
from dataset_builder.pipeline import BuildResult, build

NODES = Path(__file__).with_name("two_nodes.py")
ISOLATED = ["unshare", "-n", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="the extra [ray] is not installed"),
]


@pytest.fixture(scope="module", autouse=True)
def _namespace() -> None:
    if (
        shutil.which("unshare") is None
        or subprocess.run([*ISOLATED, "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("no network namespace can be made here, and Ray would listen on the machine's own addresses")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_corpus(tmp_path_factory.mktemp("corpus"), articles=150)
    (folder / "ledger" / "9998.txt").write_text(article(3, day=4), encoding="utf-8")
    (folder / "ledger" / "9999.txt").write_text(article(1005, day=6).replace("Ada", "Eda"), encoding="utf-8")
    config = folder / "dataset.yaml"
    config.write_text(config.read_text() + "  splits: {by: hash, into: {test: 0.2}}\n")
    return folder


@pytest.fixture(scope="module")
def alone(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    return build(corpus, tmp_path_factory.mktemp("alone") / "out", workers=1)


def on_two_nodes(*arguments: object) -> dict[str, Any]:
    tests = NODES.parent.parent
    environment = {**os.environ, "PYTHONPATH": f"{tests.parent}:{tests}", "RAY_USAGE_STATS_ENABLED": "0"}
    command = [*ISOLATED, sys.executable, str(NODES), *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_the_bytes_are_those_of_a_local_build(corpus: Path, alone: BuildResult, tmp_path: Path):
    told = on_two_nodes(corpus, tmp_path / "out")
    assert told == {"identity": alone.facts.identity, "workers": 2, "issues": len(alone.issues)}
    assert digests(tmp_path / "out") == digests(alone.out)


def test_nodes_may_leave_files_behind_an_fsspec_address_and_workers_may_die(
    corpus: Path, alone: BuildResult, tmp_path: Path
):
    for name in ("store", "notes"):
        (tmp_path / name).mkdir()
    told = on_two_nodes(
        corpus, tmp_path / "out", "--storage", f"file://{tmp_path / 'store'}", "--kill", tmp_path / "notes"
    )
    assert len(list((tmp_path / "notes").iterdir())) == 2, "nobody was killed"
    assert told["identity"] == alone.facts.identity
    assert digests(tmp_path / "out") == digests(alone.out)
    assert list((tmp_path / "store").iterdir()) == [], "the storage is left as it was found"


def test_storage_that_a_node_does_not_see_is_refused_before_the_first_task(corpus: Path, tmp_path: Path):
    told = on_two_nodes(corpus, tmp_path / "out", "--storage", "memory://nowhere")
    assert "does not see memory://nowhere" in told["error"]
    assert "--storage" in told["hint"]
    assert told["code"] == 3
    assert not (tmp_path / "out").exists()
