"""``build-dataset report``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dataset_builder.cli.progress import QuietOption, progress
from dataset_builder.cli.render import JsonOption, Output


def report_command(
    snapshot: Annotated[Path, typer.Argument(metavar="SNAPSHOT", help="The snapshot's folder.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The page; outside of every snapshot.")],
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="OLD", help="An earlier snapshot: begin with what has changed since."),
    ] = None,
    findings: Annotated[
        Path | None,
        typer.Option("--findings", metavar="FILE", help="What build --json printed: count its findings by kind."),
    ] = None,
    rows: Annotated[
        int | None,
        typer.Option("--rows", metavar="N", min=0, help="Articles that the list holds at most; default 100,000."),
    ] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write one HTML page about a snapshot, for people.

    For editors, reviewers and funders: what is in it, from where and when, what its rights allow, what was cleaned, and
    a list of all articles that can be searched. The page is one file and asks for nothing from outside. It holds
    nothing that the snapshot withholds.

    Example: build-dataset report out/seeds --out seeds.html
    """
    output = Output.chosen(None, as_json, "build-dataset report", snapshot, anchor="manifest.json")
    with output.errors():
        from dataset_builder.report.write import MOST_LISTED, write_report

        with progress(quiet) as on_progress:
            most = MOST_LISTED if rows is None else rows
            report = write_report(snapshot, out, against=against, findings=findings, rows=most, on_progress=on_progress)
        members = {"out": str(report.path), **{n: getattr(report, n) for n in ("bytes", "articles", "listed", "valid")}}
        listed = "" if report.listed == report.articles else f", the last {report.listed:,} of them listed"
        verdict = "" if report.valid else f"\n  the snapshot does NOT verify: build-dataset verify {snapshot}"
        summary = (
            f"{report.path}: {report.articles:,} articles{listed}, {report.bytes / 1e6:.1f} MB{verdict}\n"
            f"  next     open {report.path} in a browser"
        )
        output.show((), members, summary)
