"""Every command's help shows an example, and the example is a call that the command takes."""

from __future__ import annotations

import shlex
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

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


def shown_at_80_columns(arguments: list[str]) -> list[str]:
    done = CliRunner().invoke(app, [*arguments, "--help"], env={"COLUMNS": "80", "NO_COLOR": "1"}, terminal_width=80)
    assert done.exit_code == 0
    return done.stdout.splitlines()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_fits_eighty_columns_and_its_example_one_line(name: str) -> None:
    lines = shown_at_80_columns([name])
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 45
    for example in examples(COMMANDS[name]):
        assert f"  Example: {example}" in lines


def test_the_list_of_commands_says_each_in_whole_words() -> None:
    lines = shown_at_80_columns([])
    listed = lines[lines.index("Commands:") + 1 :]
    assert [line.split()[0] for line in listed] == list(COMMANDS)
    assert [line for line in listed if line.endswith("...")] == []
    assert any(line.startswith("  Example: build-dataset ") for line in lines)
