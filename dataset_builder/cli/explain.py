"""``build-dataset explain``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dataset_builder.cli.progress import QuietOption, progress
from dataset_builder.cli.render import JsonOption, Output, say

if TYPE_CHECKING:
    from dataset_builder.explain.explanation import Explanation


def explain_command(
    reference: Annotated[
        str,
        typer.Argument(metavar="REF", help="An id or at least 6 digits of it, a path (path#L3 in a table), or a URL."),
    ],
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="The folder with the articles.")] = Path(),
    audience: Annotated[
        str | None, typer.Option("--audience", help="public, restricted or private; overrides dataset.yaml.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Show every change, those of blank space included.")] = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show one article's way from raw to released.

    What was removed, who said what, what was decided and why. Shows text that a release may withhold: it is your
    corpus and your terminal. Do not publish the output.

    Example: build-dataset explain ledger/2024/quay-wall.txt seeds
    """
    output = Output.chosen(None, as_json, "build-dataset explain", folder)
    with output.errors():
        from dataset_builder.explain.explanation import explain

        with progress(quiet) as on_progress:
            explanation = explain(reference, folder, audience=audience, on_progress=on_progress)
        if as_json:
            from dataset_builder.cli.render import print_json

            print_json(document(explanation))
        else:
            from dataset_builder.cli.explain_text import render_explanation
            from dataset_builder.cli.terminal import paint_for, plain

            paint = paint_for("stdout")
            say("\n".join(render_explanation(explanation, paint, every=every)), color=paint is not plain)


def document(explanation: Explanation) -> dict[str, Any]:
    """The explanation as one JSON object; each edit with its line and what it removed."""
    from dataclasses import asdict

    from dataset_builder.explain.diff import line_of

    text = explanation.text or ""
    return {
        **asdict(explanation),
        "sightings": [{"locator": locator, "source": source} for locator, source in explanation.sightings],
        "edits": [
            {**asdict(edit), "line": line_of(text, edit.start), "removed": text[edit.start : edit.end]}
            for edit in explanation.edits
        ],
        "issues": [issue.as_dict() for issue in explanation.issues],
    }
