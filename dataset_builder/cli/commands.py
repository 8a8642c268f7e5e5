"""The commands, each imported when it is asked for: reading the options of all of them is half of a start."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

from typer.core import TyperCommand, TyperGroup
from typer.main import get_command_from_info
from typer.models import CommandInfo

#: In the order of the help. Command NAME is the function ``NAME_command`` of the module ``NAME`` in this folder.
NAMES = (
    "init",
    "check",
    "build",
    "explain",
    "lint",
    "verify",
    "validate",
    "cite",
    "diff",
    "report",
    "evidence",
    "crate",
    "publish",
    "rehydrate",
    "withdraw",
    "cache",
    "docs",
    "schema",
    "doctor",
)


def function(name: str) -> Callable[..., None]:
    """What a command runs."""
    found: Callable[..., None] = getattr(import_module(f"dataset_builder.cli.{name}"), f"{name}_command")
    return found


class OnDemand(Mapping[str, Any]):
    """The commands by name."""

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)

    def __getitem__(self, name: str) -> Any:
        if name not in NAMES:
            raise KeyError(name)
        info = CommandInfo(name=name, callback=function(name))
        return get_command_from_info(info, pretty_exceptions_short=True, rich_markup_mode=None)


class Commands(TyperGroup):
    """The group of all commands."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = OnDemand()  # type: ignore[assignment]  # nobody adds to it

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write every command with its first sentence, for which its options need not be read."""
        bare = [TyperCommand(name, help=inspect.getdoc(function(name))) for name in NAMES]
        TyperGroup(commands=bare, rich_markup_mode=None).format_commands(ctx, formatter)
