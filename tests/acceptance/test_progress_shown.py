"""Commands on a terminal show how far they are, and leave nothing of it behind; anywhere else they are quiet."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from corpora import write_corpus

ROOT = Path(__file__).resolve().parents[2]
RUN = "import dataset_builder.cli.progress as p; p.PATIENCE = -1; from dataset_builder.cli import main; main()"


def on_a_terminal(*arguments: str, folder: Path) -> str:
    """What a command writes to standard error where that is a terminal, with a patience that is over at once."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", RUN, *arguments],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=theirs, env=environment,
    ) as process:  # fmt: skip
        os.close(theirs)
        written = b""
        try:
            while piece := os.read(ours, 65536):
                written += piece
        except OSError:  # Linux ends a terminal that nobody writes to any more with EIO
            pass
        assert process.wait() == 0
    os.close(ours)
    return written.decode()


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_terminal_sees_the_steps_and_then_nothing_of_them(tmp_path: Path, command: str) -> None:
    write_corpus(tmp_path / "corpus", articles=2)
    seen = on_a_terminal(command, "corpus", folder=tmp_path)
    steps = [line.split()[0] for line in seen.split("\r\x1b[K") if line.strip()]
    assert "read" in steps
    assert steps.index("read") < steps.index("write")
    assert "\r\x1b[K" in seen
    assert "write" not in seen.rpartition("\r\x1b[K")[2]


def test_quiet_is_quiet(tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus", articles=2)
    assert "\r\x1b[K" not in on_a_terminal("build", "corpus", "--quiet", folder=tmp_path)
