"""``build-dataset schema``."""

from __future__ import annotations

from typing import Annotated

import typer

from dataset_builder.cli.render import JsonOption


def schema_command(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="article, catalog, intake, config, rights/policy …"),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print a schema, a policy or a lexicon; without NAME, list them.

    Example: build-dataset schema article
    """
    from dataset_builder.cli.render import print_json
    from dataset_builder.schema_catalog import schema_names, schema_text, schema_value

    if name is None:
        names = schema_names()
        if as_json:
            print_json([{"name": key, "says": says} for key, says in names.items()])
        else:
            width = max(map(len, names)) + 2
            typer.echo("\n".join(f"{key:{width}}{says}".rstrip() for key, says in names.items()))
    elif as_json:
        print_json(schema_value(name))
    else:
        typer.echo(schema_text(name).rstrip("\n"))
