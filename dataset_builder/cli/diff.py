"""``build-dataset diff``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dataset_builder.cli.progress import QuietOption, progress
from dataset_builder.cli.render import JsonOption, say


class DiffFormat(StrEnum):
    """How a difference is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def diff_command(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The earlier snapshot's folder.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The later snapshot's folder.")],
    limit: Annotated[
        int, typer.Option("--limit", min=0, help="Articles listed of each kind; 0 lists all. Counts are always whole.")
    ] = 20,
    output_format: Annotated[
        DiffFormat | None, typer.Option("--output-format", help="Markdown is for the note on a release; default text.")
    ] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Say what has changed between two snapshots.

    Articles added, removed and changed field by field; schemas, rights, sources and counts; and which version follows
    from it. A difference is no error.

    Example: build-dataset diff out/old out/new --output-format markdown
    """
    from dataset_builder.cli.render import print_json
    from dataset_builder.comparison import diff
    from dataset_builder.errors import UsageError

    if as_json and output_format not in (None, DiffFormat.JSON):
        raise UsageError(f"--json and --output-format {output_format}", expected="one of the two")
    with progress(quiet) as on_progress:
        found = diff(old, new, limit=limit, on_progress=on_progress)
    if as_json or output_format is DiffFormat.JSON:
        print_json(found.as_dict())
    elif output_format is DiffFormat.MARKDOWN:
        from dataset_builder.comparison.markdown import render_markdown

        # A document for a file, whose headings begin with ##; only what a build server reads in a log is taken apart.
        typer.echo(render_markdown(found).replace("##[", "#\\u{23}[").replace("##vso[", "#\\u{23}vso["), nl=False)
    else:
        from dataset_builder.comparison.text import render_text

        say(render_text(found))
