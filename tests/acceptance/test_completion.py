"""Shells complete the commands."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

#: What a shell sets to ask, by shell: the protocol of Typer's scripts.
ASKED = {
    "bash": {"COMP_WORDS": "build-dataset ver", "COMP_CWORD": "1"},
    "zsh": {"_TYPER_COMPLETE_ARGS": "build-dataset ver"},
    "fish": {"_TYPER_COMPLETE_ARGS": "build-dataset ver", "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
}


def run(*arguments: str, **environment: str) -> str:
    command = [sys.executable, "-m", "dataset_builder", *arguments]
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=60
    )
    return done.stdout


@pytest.mark.parametrize("shell", ASKED)
def test_the_script_is_printed_and_answers(shell: str) -> None:
    # Typer finds out which shell it runs in; its own tests switch that off in this way.
    script = run("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert f"_BUILD_DATASET_COMPLETE=complete_{shell}" in script.replace("_COMPLETE=complete-", "_COMPLETE=complete_")
    answer = run(_BUILD_DATASET_COMPLETE=f"complete_{shell}", **ASKED[shell])
    assert "verify" in answer
    assert "build " not in answer.replace("verify", "")
