"""``build-dataset crate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dataset_builder.cli.progress import QuietOption, progress
from dataset_builder.cli.render import JsonOption, Output


def crate_command(
    snapshot: Annotated[Path, typer.Argument(metavar="SNAPSHOT", help="A snapshot.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the crate goes; a new or empty folder.")],
    articles: Annotated[
        list[str] | None,
        typer.Option("--article", metavar="ID", help="Also tell the way of this article; repeatable."),
    ] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Export a snapshot with its provenance as an RO-Crate.

    Who built it, from which sources, with which versions of which tools, under which licences, into which files. The
    crate holds a copy of every file; the sealed snapshot is only read.

    Example: build-dataset crate out/seeds --out out/crate
    """
    output = Output.chosen(None, as_json, "build-dataset crate", snapshot)
    with output.errors():
        from dataset_builder.crate.export import METADATA, export_crate

        with progress(quiet) as on_progress:
            result = export_crate(snapshot, out, articles=articles or (), on_progress=on_progress)
        document = {
            "out": str(result.out),
            "identity": result.identity,
            "files": result.files,
            "entities": result.entities,
        }
        told = f"{result.out / METADATA}: {result.entities} entities, {result.files} files of {result.identity}"
        output.show((), document, told)
