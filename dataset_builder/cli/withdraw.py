"""``build-dataset withdraw``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dataset_builder.cli.progress import QuietOption, progress
from dataset_builder.cli.render import JsonOption, Output, say

if TYPE_CHECKING:
    from dataset_builder.config import Withdrawal
    from dataset_builder.withdraw.request import Request, Touched

#: Articles that are listed for people; --json lists all.
_LISTED = 50


def withdraw_command(
    reference: Annotated[
        str,
        typer.Argument(
            metavar="REF", help="An id or the beginning of one, a path, a URL, a domain; with --person a name."
        ),
    ],
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="The folder with the articles.")] = Path(),
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, in one line; it is published.")] = "",
    date: Annotated[
        str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Since when; default: created of dataset.yaml.")
    ] = None,
    person: Annotated[
        bool,
        typer.Option("--person", help="REF is a person's name: the articles whose title, text or entities name it."),
    ] = False,
    snapshot: Annotated[
        list[Path] | None,
        typer.Option(
            "--snapshot",
            metavar="DIR",
            help="An earlier version, to ask whether it holds the text; repeatable. Default: out/NAME.",
        ),
    ] = None,
    purge: Annotated[
        str | None,
        typer.Option(
            "--purge",
            metavar="TARGET",
            help="Delete what is withdrawn already from earlier versions: hf://…, s3://… or a folder.",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Record or purge without being asked.")] = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Take articles back, as somebody asks for it.

    Lists what the request means, then records it in dataset.yaml; the next build leaves a tombstone in
    withdrawals.json. Without --yes, asks on a terminal and else only lists.

    Example: build-dataset withdraw 872c52674fc2 seeds --reason "on request"
    """
    output = Output.chosen(None, as_json, "build-dataset withdraw", folder)
    with output.errors():
        from dataset_builder.errors import OutsideError, UsageError
        from dataset_builder.withdraw.request import find_withdrawn, record

        if purge is not None:
            from dataset_builder.cli.purge import purge as purged

            purged(reference, folder, purge, output, person=person, snapshots=snapshot or [], yes=yes, quiet=quiet)
            return
        with progress(quiet) as on_progress:
            request = find_withdrawn(
                reference, folder, person=person, snapshots=snapshot or (), on_progress=on_progress
            )
        if not as_json:
            say("\n".join(listing(request)))
        if yes and request.new and not reason.strip():
            raise UsageError("no reason", expected="--reason TEXT", hint="say in a sentence why; it is published")
        recorded: tuple[Withdrawal, ...] = ()
        if request.new and (yes or (reason.strip() and not as_json and _agreed(len(request.new)))):
            recorded = record(request, reason=reason, day=date)
            if not recorded:
                raise OutsideError(
                    "another call has recorded all of this meanwhile", hint="the same call says what is recorded"
                )
        output.show((), document(request, recorded), summary(request, recorded, folder))


def _agreed(count: int) -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return typer.confirm(f"Withdraw {count} article{'' if count == 1 else 's'}?")


def listing(request: Request) -> list[str]:
    """What would be touched, one article a line, controls escaped."""
    lines = [_line(article) for article in request.touched[:_LISTED]]
    if (more := len(request.touched) - _LISTED) > 0:
        lines.append(f"and {more} more; --json lists all")
    return lines


def _line(article: Touched) -> str:
    from dataset_builder.visible import one_line

    place = one_line(article.locator or article.url or "in an earlier version only", 200)
    title = f"  {one_line(article.title, 100)}" if article.title else ""
    state = f"withdrawn since {article.withdrawn}" if article.withdrawn else f"by {article.why}"
    held = f", text in {', '.join(article.versions)}" if article.versions else ", text in no known version"
    return f"{article.id}  {place}{title}  ({state}{held})"


def summary(request: Request, recorded: tuple[Withdrawal, ...], folder: Path) -> str:
    """What was done, and what comes next."""
    version = request.config.version
    if not request.new:
        return "nothing to record: what was asked for is withdrawn already"
    count = f"{len(request.new)} article{'' if len(request.new) == 1 else 's'}"
    if not recorded:
        return f"{count} would be withdrawn; nothing was recorded\n  next     the same call with --reason TEXT --yes"
    asked = ", ".join(f"{root} ({held})" for root, held in request.holders)
    source = f"asked {asked}" if asked else f"no earlier snapshot was at hand; {version} is taken to hold the text"
    return (
        f"{count} withdrawn since {recorded[0].date}, recorded in {folder / 'dataset.yaml'}\n  versions {source}\n"
        f"  next     raise version in dataset.yaml above {version}, then build-dataset build {folder}"
    )


def document(request: Request, recorded: tuple[Withdrawal, ...]) -> dict[str, Any]:
    """The request as one JSON object."""
    from dataclasses import asdict

    return {
        "touched": [asdict(article) for article in request.touched],
        "snapshots": [{"path": root, "version": version} for root, version in request.holders],
        "recorded": [asdict(entry) for entry in recorded],
    }
