"""Every command's help shows an example, and the example is a call that the command takes."""

from __future__ import annotations

import shlex
from typing import Any

import pytest
import typer

from dataset_builder.cli.app import app

COMMANDS: dict[str, Any] = dict(getattr(typer.main.get_command(app), "commands"))  # noqa: B009 - not known to typer's types


def examples(command: Any) -> list[str]:
    return [line.split("Example: ", 1)[1] for line in (command.help or "").splitlines() if "Example: " in line]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_shows_an_example_that_parses(name: str) -> None:
    command = COMMANDS[name]
    shown = examples(command)
    assert shown, f"build-dataset {name} --help shows no example"
    for example in shown:
        program, called, *arguments = shlex.split(example)
        assert (program, called) == ("build-dataset", name)
        command.make_context(name, arguments).close()
