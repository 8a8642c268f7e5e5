"""``build-dataset withdraw --purge``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from dataset_builder.cli.progress import progress
from dataset_builder.cli.render import Output, say
from dataset_builder.cli.terminal import interruptible
from dataset_builder.errors import EXIT_DATA
from dataset_builder.visible import one_line

if TYPE_CHECKING:
    from dataset_builder.issues import Issue
    from dataset_builder.publish.purge.plan import Purge

#: Shards that are listed for people; --json lists all.
_LISTED = 50


def purge(
    reference: str,
    folder: Path,
    target: str,
    output: Output,
    *,
    person: bool,
    snapshots: list[Path],
    yes: bool,
    quiet: bool = False,
) -> None:
    """List what of ``target`` would go, and delete it if that is wanted."""
    from dataset_builder.publish.address import parse_address
    from dataset_builder.publish.purge.plan import open_purger
    from dataset_builder.withdraw.request import withdrawn_ids

    address = parse_address(target)
    with progress(quiet) as on_progress:
        articles = withdrawn_ids(reference, folder, person=person, snapshots=snapshots, on_progress=on_progress)
    with open_purger(address) as purger:
        with progress(quiet) as on_progress:
            planned = purger.plan(articles, on_progress)
        as_text = output.format == "text"
        if as_text:
            say("\n".join(_listing(planned)))
        done = bool(planned.shards) and (yes or (as_text and _agreed(len(planned.shards))))
        if done:
            left = "some of it may be deleted, and the same call deletes the rest"
            with interruptible(left), progress(quiet) as on_progress:
                purger.carry_out(planned, on_progress)
    output.show(_unread(planned), _document(planned, done=done), _summary(planned, done=done))
    if planned.unread:
        raise typer.Exit(EXIT_DATA)


def _agreed(count: int) -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return typer.confirm(f"Delete {count} shard{'' if count == 1 else 's'} for good?")


def _listing(planned: Purge) -> list[str]:
    lines = [f"{one_line(one.version)}  {one_line(one.path, 200)}  {one.bytes} bytes" for one in planned.shards]
    more = len(lines) - _LISTED
    return [
        f"articles  {', '.join(planned.articles[:5])}{' …' if len(planned.articles) > 5 else ''}",
        *lines[:_LISTED],
        *([f"and {more} more; --json lists all"] if more > 0 else []),
        *(f"note: {note}" for note in planned.notes),
    ]


def _unread(planned: Purge) -> tuple[Issue, ...]:
    from dataset_builder.issues import Issue

    return tuple(
        Issue(code="shard-not-read", found=f"{planned.target}: {one_line(f'{one.version}/{one.path}', 200)}")
        for one in planned.unread
    )


def _summary(planned: Purge, *, done: bool) -> str:
    count = f"{len(planned.shards)} shard{'' if len(planned.shards) == 1 else 's'}"
    if not planned.shards:
        sure = f"{len(planned.unread)} could not be looked into" if planned.unread else "nothing to purge"
        return f"{planned.target}: no version {'that can be read ' if planned.unread else ''}holds the articles; {sure}"
    if done:
        return f"{planned.target}: {count} deleted for good; their versions are no longer complete"
    return f"{planned.target}: {count} would be deleted for good; nothing was\n  next     the same call with --yes"


def _document(planned: Purge, *, done: bool) -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(planned), "done": done}
