"""``build-dataset validate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dataset_builder.cli.progress import QuietOption, progress
from dataset_builder.cli.render import FormatOption, JsonOption, Output

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

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
    quiet: QuietOption = False,
    output_format: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a table against a Frictionless Table Schema.

    The verdicts are those of frictionless.

    Example: build-dataset validate articles.csv --schema intake.json
    """
    output = Output.chosen(output_format, as_json, "build-dataset validate", table.parent, anchor=table.name)
    with output.errors():
        from dataset_builder.validate import validate_table
        from dataset_builder.validate.findings import to_issues
        from dataset_builder.validate.schema_files import load_schema

        descriptor, tables = load_schema(schema), _named_tables(references or [])
        _refuse_unnamed(descriptor, table, tables)
        with progress(quiet) as on_progress:
            report = validate_table(
                table,
                descriptor,
                limit_errors=limit_errors,
                references=tables,
                nested=nested,
                on_progress=on_progress,
            )
        rest = "" if report.stats.complete else f"; stopped at --limit-errors {limit_errors}"
        verdict = "valid" if report.valid else f"NOT valid: {report.stats.errors} errors"
        summary = f"{table}: {verdict}, {report.stats.rows} rows{rest}"
        output.show(tuple(to_issues(report, path=table.name)), report.as_dict(), summary)
    if not report.valid:
        from dataset_builder.errors import EXIT_DATA

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


def _refuse_unnamed(descriptor: Mapping[str, Any], table: Path, tables: Collection[str]) -> None:
    """Every table that a foreign key names must be given; whether the schema is one at all, frictionless says."""
    keys = descriptor.get("foreignKeys")
    references = [key.get("reference") for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []
    names = [reference.get("resource", "") for reference in references if isinstance(reference, dict)]
    unknown = [name for name in names if isinstance(name, str) and name not in {*tables, "", table.stem}]
    if not unknown:
        return
    from frictionless.helpers import slugify

    from dataset_builder.errors import UsageError

    # What frictionless calls a CSV file that nobody has named (Detector.detect_resource).
    own = slugify(table.stem, regex_pattern=r"[^-a-z0-9._/]")
    for name in unknown:
        if name != own:
            raise UsageError(
                f'a foreign key of the schema names the table "{name}", which is not given',
                expected=f"--reference {name}=FILE",
                hint="name each table that a foreign key names with an option of its own",
            )
