"""``build-dataset cite``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def cite_command(
    snapshot: Annotated[Path, typer.Argument(metavar="SNAPSHOT", help="The snapshot's folder.")],
    style: Annotated[str, typer.Option("--style", help="bibtex, apa, cff, ris, csl-json or datacite.")] = "bibtex",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Print the citation of a snapshot.

    Example: build-dataset cite out/seeds --style apa
    """
    from dataset_builder.cli.render import print_json
    from dataset_builder.describe.cite import read_citation_facts, render_citation

    citation = render_citation(read_citation_facts(snapshot), style)
    if as_json:
        print_json({"style": style, "citation": citation})
    else:
        typer.echo(citation.rstrip("\n"))
