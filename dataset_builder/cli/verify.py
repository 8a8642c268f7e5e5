"""``build-dataset verify``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def verify_command(
    snapshot: Annotated[Path, typer.Argument(metavar="SNAPSHOT", help="The snapshot's folder.")],
    expect: Annotated[
        str | None, typer.Option("--expect", metavar="ID", help="The identity that a citation quotes.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Check a snapshot's digests, files, rows, schema, keys and card.

    Example: build-dataset verify out/seeds
    """
    from dataset_builder.cli.render import print_issues, print_json
    from dataset_builder.errors import EXIT_DATA
    from dataset_builder.snapshot.verify import verify

    outcome = verify(snapshot, expect=expect)
    if as_json:
        document = {
            "valid": outcome.valid,
            "identity": outcome.identity,
            "files": outcome.files,
            "rows": outcome.rows,
            "issues": [issue.as_dict() for issue in outcome.issues],
        }
        print_json(document)
    else:
        print_issues(outcome.issues)
        rows = ", ".join(f"{name} {count}" for name, count in outcome.rows.items())
        verdict = "verified" if outcome.valid else f"NOT verified: {len(outcome.issues)} findings"
        typer.echo(f"{snapshot}: {verdict}\n  {outcome.files} files, rows: {rows}\n  identity {outcome.identity}")
    if not outcome.valid:
        raise typer.Exit(EXIT_DATA)
