"""The reference of the command line, from the help of every command."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from dataset_builder import errors
from dataset_builder.cli.app import app
from generators.markdown import code, fenced, page, table

WIDTH = 80  # what a page of the site holds beside its navigation
_WHOLE = 200  # no first sentence is longer

EXIT_CODES = (
    (errors.EXIT_DONE, "done; withholding is no error"),
    (errors.EXIT_DATA, "the data failed a check"),
    (errors.EXIT_CALL, "the call or the configuration is wrong"),
    (errors.EXIT_OUTSIDE, "a fault outside the program: disk, permission, network"),
)


def render() -> str:
    """The page."""
    sections = [f"## {name}\n\n{fenced(text)}" for name, text in helps(typer.main.get_command(app), "build-dataset")]
    about = (
        "Data and summaries go to standard output, findings and progress to standard error. With `--json` a command "
        "prints one JSON document on standard output."
    )
    exits = table(("Exit code", "Meaning"), [(str(exit_code), meaning) for exit_code, meaning in EXIT_CODES])
    return page("Command line", "the help of every command", about, *sections, "## Exit codes", exits)


def overview() -> str:
    """Every command with its first sentence, as a table."""
    command = typer.main.get_command(app)
    rows = [(code(f"build-dataset {name}"), child.get_short_help_str(_WHOLE)) for name, child in _children(command)]
    return table(("Command", "What it does"), rows)


def _children(command: Any) -> list[tuple[str, Any]]:
    return list(getattr(command, "commands", {}).items())


def helps(command: Any, name: str, parent: Any = None) -> Iterator[tuple[str, str]]:
    """(full name, help) of a command and those below it, in the order of the help."""
    context = command.make_context(
        name.rpartition(" ")[2],
        [],
        parent=parent,
        resilient_parsing=True,
        terminal_width=WIDTH,
        max_content_width=WIDTH,
    )
    yield name, command.get_help(context)
    for child_name, child in _children(command):
        yield from helps(child, f"{name} {child_name}", context)
