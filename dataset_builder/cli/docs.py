"""``build-dataset docs``."""

from __future__ import annotations

from typing import Annotated

import typer

from dataset_builder.cli.render import JsonOption


def docs_command(
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="A finding's code; all codes without it.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Explain a finding by its code, with an example.

    Example: build-dataset docs front-matter-invalid
    """
    from dataclasses import asdict

    from dataset_builder.cli.render import print_json
    from dataset_builder.issues import issue_kinds

    kinds = issue_kinds()
    if code is None:
        if as_json:
            print_json([asdict(kind) for _, kind in sorted(kinds.items())])
        else:
            typer.echo("\n".join(f"{kind.severity:8}{name}: {kind.summary}" for name, kind in sorted(kinds.items())))
        return
    if code not in kinds:
        _refuse(code)
    kind = kinds[code]
    if as_json:
        print_json(asdict(kind))
        return
    example = "\n".join(f"    {line}" for line in kind.example.splitlines())
    typer.echo(
        f"{kind.severity} {kind.code}: {kind.summary}\n\n{kind.explanation}\n\n"
        f"  example\n{example}\n\n  to mend it: {kind.mend}"
    )


def _refuse(code: str) -> None:
    from dataset_builder.errors import UsageError
    from dataset_builder.issues import issue_kinds
    from dataset_builder.nearest import nearest_hint
    from dataset_builder.visible import one_line

    raise UsageError(
        f"no finding has the code {one_line(code)}",
        expected="a code as findings show it",
        hint=nearest_hint(code, issue_kinds()) or "build-dataset docs lists all codes",
    )
