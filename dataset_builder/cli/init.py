"""``build-dataset init``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dataset_builder.cli.render import JsonOption, Output

if TYPE_CHECKING:
    from dataset_builder.scaffold import Scaffold

#: What is asked on a terminal where no flag answers, and in which words.
QUESTIONS = {
    "title": "Title of the dataset",
    "source": "Name of the publication",
    "url": "Its address (may be empty)",
    "email": "Mail address for removals (may be empty)",
    "license": "Licence of its articles, such as CC-BY-4.0 (empty: unknown)",
    "license_url": "Where that licence is stated (may be empty)",
    "language": "Language of its articles",
}


def init_command(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="The folder of the new corpus.")] = Path(),
    title: Annotated[str | None, typer.Option("--title", help="Title of the dataset.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="Name of the publication.")] = None,
    url: Annotated[str | None, typer.Option("--url", help="The publication's address.")] = None,
    email: Annotated[str | None, typer.Option("--email", help="Where a removal is asked for.")] = None,
    license_: Annotated[str | None, typer.Option("--license", help="Licence of its articles.")] = None,
    license_url: Annotated[str | None, typer.Option("--license-url", help="Where that licence is stated.")] = None,
    language: Annotated[str | None, typer.Option("--language", help="Language of its articles, such as en.")] = None,
    timezone: Annotated[str | None, typer.Option("--timezone", help="Such as Europe/London.")] = None,
    contributor: Annotated[
        str | None, typer.Option("--contributor", help='Whom a citation names; a person as "Family, Given".')
    ] = None,
    target: Annotated[
        str | None, typer.Option("--publish-to", metavar="TARGET", help="Where a tag is published by the CI workflow.")
    ] = None,
    ci: Annotated[str, typer.Option("--ci", help="Whose workflow to write: github, gitlab or none.")] = "github",
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; what no flag says stays to be filled in.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Start a corpus that builds at once.

    Writes a commented dataset.yaml, an example article, a CI workflow and a .gitignore. Overwrites nothing.

    Example: build-dataset init briefs --title "Port News" --license CC0-1.0
    """
    output = Output.chosen(None, as_json, "build-dataset init", folder)
    with output.errors():
        from datetime import UTC, datetime

        from dataset_builder.scaffold import Answers, scaffold

        given = {
            "title": title, "source": source, "url": url, "email": email, "license": license_,
            "license_url": license_url, "language": language, "timezone": timezone, "contributor": contributor,
            "target": target,
        }  # fmt: skip
        asks = not (yes or as_json) and sys.stdin.isatty() and sys.stdout.isatty()
        answers = {**(_ask(given) if asks else {}), **{name: text for name, text in given.items() if text is not None}}
        done = scaffold(folder, Answers(**answers, ci=ci), datetime.now(UTC).date())
        members = {
            "folder": str(done.folder),
            "written": [str(path) for path in done.written],
            "kept": [str(path) for path in done.kept],
        }
        output.show((), members, summary(done))


def _ask(given: dict[str, str | None]) -> dict[str, str]:
    from dataset_builder.scaffold import Answers

    defaults = Answers()
    return {
        name: typer.prompt(words, default=getattr(defaults, name), show_default=bool(getattr(defaults, name)))
        for name, words in QUESTIONS.items()
        if given[name] is None
    }


def summary(done: Scaffold) -> str:
    """What was written, and what to do next."""
    from dataset_builder.findings.report import base_of
    from dataset_builder.visible import one_line

    def shown(path: Path) -> str:
        return one_line(base_of(path) or ".", 300)

    lines = [f"  wrote    {shown(path)}" for path in done.written]
    lines += [f"  kept     {shown(path)}, which was there already" for path in done.kept]
    place = "" if done.folder == Path() else f" {shown(done.folder)}"
    return "\n".join([f"a corpus in {shown(done.folder)}", *lines, f"  next     build-dataset check{place}"])
