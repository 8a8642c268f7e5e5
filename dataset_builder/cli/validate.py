"""``build-dataset validate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dataset_builder.validate.run import ReferenceTable


def validate_command(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="A Parquet, CSV or JSONL file.")],
    schema: Annotated[
        Path, typer.Option("--schema", metavar="FILE", help="A Frictionless Table Schema, JSON or YAML.")
    ],
    limit_errors: Annotated[
        int, typer.Option("--limit-errors", metavar="N", min=0, help="Stop after N errors; 0 means never.")
    ] = 1000,
    references: Annotated[
        list[str] | None,
        typer.Option("--reference", metavar="NAME=FILE", help="A table that a foreign key names; may be repeated."),
    ] = None,
    nested: Annotated[
        bool, typer.Option("--nested/--no-nested", help="Also check the members that the schema names inside objects.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Check a table against a Frictionless Table Schema; the verdicts are frictionless's.

    Example: build-dataset validate articles.parquet --schema article.schema.json
    """
    from dataset_builder.cli.render import print_issues, print_json
    from dataset_builder.errors import EXIT_DATA
    from dataset_builder.validate import validate_table
    from dataset_builder.validate.findings import to_issues
    from dataset_builder.validate.schema_files import load_schema

    report = validate_table(
        table,
        load_schema(schema),
        limit_errors=limit_errors,
        references=_named_tables(references or []),
        nested=nested,
    )
    if as_json:
        print_json(report.as_dict())
    else:
        print_issues(to_issues(report, path=table.name))
        rest = "" if report.stats.complete else f"; stopped at --limit-errors {limit_errors}"
        verdict = "valid" if report.valid else f"NOT valid: {report.stats.errors} errors"
        typer.echo(f"{table}: {verdict}, {report.stats.rows} rows{rest}")
    if not report.valid:
        raise typer.Exit(EXIT_DATA)


def _named_tables(pairs: list[str]) -> dict[str, ReferenceTable]:
    from dataset_builder.errors import UsageError

    tables: dict[str, ReferenceTable] = {}
    for pair in pairs:
        name, separator, path = pair.partition("=")
        if not name or not separator or not path:
            raise UsageError(f"--reference {pair}", expected="NAME=FILE, such as sources=sources.parquet")
        tables[name] = Path(path)
    return tables
