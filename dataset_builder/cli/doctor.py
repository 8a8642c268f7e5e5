"""``build-dataset doctor``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dataset_builder.cli.render import JsonOption

if TYPE_CHECKING:
    from dataset_builder.doctor import Diagnosis


def doctor_command(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where snapshots would be written.")] = Path(),
    as_json: JsonOption = False,
) -> None:
    """Check the installation, and say how to mend it. Exit code 3 where a build would fail.

    Example: build-dataset doctor
    """
    from dataset_builder.cli.render import print_json
    from dataset_builder.doctor import State, examine
    from dataset_builder.errors import EXIT_OUTSIDE, UsageError

    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}", expected="the folder where snapshots would be written")
    found = examine(folder)
    broken = any(entry.state is State.ERROR for entry in found)
    if as_json:
        print_json({"whole": not broken, "found": [entry.as_dict() for entry in found]})
    else:
        typer.echo("\n".join(_lines(found)))
        typer.echo("something is to be mended" if broken else "everything that a build needs is there")
    if broken:
        raise typer.Exit(EXIT_OUTSIDE)


def _lines(found: tuple[Diagnosis, ...]) -> list[str]:
    from dataset_builder.visible import one_line

    lines: list[str] = []
    for entry in found:
        lines.append(f"{entry.state:8}{entry.area:10}{entry.subject}: {one_line(entry.found, 120)}")
        if entry.mend:
            lines.append(f"{'':18}to mend it: {one_line(entry.mend, 300)}")
    return lines
