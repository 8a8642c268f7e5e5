"""``build-dataset lint``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dataset_builder.cli.progress import QuietOption, progress
from dataset_builder.cli.render import EveryOption, FormatOption, JsonOption, Output

if TYPE_CHECKING:
    from dataset_builder.lint.run import Linted


def lint_command(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder with somebody's dataset.")],
    every: EveryOption = False,
    quiet: QuietOption = False,
    output_format: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look at what somebody else's dataset says about its rights.

    Reads README.md, datapackage.json, Croissant descriptors, licence files, and the columns for rights of Parquet, CSV
    and JSONL tables. Reports statements that are missing, invalid or contradict each other. Writes nothing and asks no
    server. Exit code 1 where there are errors.

    Example: build-dataset lint downloads/some-dataset --output-format github
    """
    output = Output.chosen(output_format, as_json, "build-dataset lint", folder, anchor="README.md", every=every)
    with output.errors():
        from dataset_builder.lint.run import lint

        with progress(quiet) as on_progress:
            result = lint(folder, on_progress=on_progress)
        output.show(result.issues, document(result), summary(result, folder), aloud=True)
    if not result.valid:
        from dataset_builder.errors import EXIT_DATA

        raise typer.Exit(EXIT_DATA)


def document(result: Linted) -> dict[str, Any]:
    """What was found, as one JSON object, but for the findings."""
    return {
        "valid": result.valid,
        "files": list(result.files),
        "rows": result.rows,
        "statements": [
            {
                "path": said.path,
                "field": said.field,
                "row": said.row or None,
                "rows": said.rows or None,
                "words": said.words,
                "license": said.reading.expression,
                "rights_class": said.reading.rights_class,
            }
            for said in result.statements
        ],
    }


def summary(result: Linted, folder: Path) -> str:
    """What was looked at, and what it says."""
    from dataset_builder.findings.report import count_by_severity
    from dataset_builder.visible import one_line

    counts = count_by_severity(result.issues)
    found = ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for name, count in counts.items())
    lines = [f"{folder}: {len(result.files)} files, {result.rows:,} rows; {found}"]
    whole: dict[str, list[str]] = {}
    for said in result.statements:
        if not said.rows:
            whole.setdefault(said.path, []).append(said.reading.expression or f"“{one_line(said.words, 60)}”?")
    lines += [f"  {one_line(path, 60)} says {', '.join(dict.fromkeys(names))}" for path, names in whole.items()]
    by_license: dict[str, int] = {}
    for said in result.statements:
        if said.rows:
            named = said.reading.expression or "not understood"
            by_license[named] = by_license.get(named, 0) + said.rows
    lines += [f"  rows say {name}: {count:,}" for name, count in sorted(by_license.items())[:20]]
    return "\n".join(lines)
