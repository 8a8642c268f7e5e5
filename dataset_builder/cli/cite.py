"""``build-dataset cite``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def cite_command(
    snapshot: Annotated[Path, typer.Argument(metavar="SNAPSHOT", help="The snapshot's folder.")],
    style: Annotated[str, typer.Option("--style", help="bibtex, apa, cff, ris, csl-json or datacite.")] = "bibtex",
    article: Annotated[str, typer.Option("--article", metavar="ID", help="One article in it, by its id.")] = "",
    repository: Annotated[
        str,
        typer.Option("--repository", metavar="ORG/NAME", help="Where it is published: adds the load line."),
    ] = "",
    revision: Annotated[
        str, typer.Option("--revision", metavar="REV", help="Commit or tag of that line; default vVERSION.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Print the citation of a snapshot, or of one article in it.

    Example: build-dataset cite out/seeds --style apa
    """
    from dataset_builder.cli.render import print_json
    from dataset_builder.describe.cite import pinned, read_article_citation, read_citation_facts, render_citation
    from dataset_builder.errors import UsageError

    facts = read_article_citation(snapshot, article) if article else read_citation_facts(snapshot)
    if revision and not repository:
        raise UsageError("--revision alone", expected="--repository ORG/NAME with it")
    if repository:
        facts = pinned(facts, repository, revision)
    citation = render_citation(facts, style)
    if as_json:
        print_json({"style": style, "citation": citation})
    else:
        typer.echo(citation.rstrip("\n"))
