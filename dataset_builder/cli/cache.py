"""``build-dataset cache``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dataset_builder.cli.render import JsonOption, Output

if TYPE_CHECKING:
    from dataset_builder.cache.housekeeping import Pack, Shelves

_MEGABYTE = 1_000_000


def cache_command(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="The cache; default: the one that a build takes by itself.")
    ] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Delete: all of it, or only what the two options below name.")
    ] = False,
    unused: Annotated[
        float | None, typer.Option("--unused", metavar="DAYS", min=0, help="With --prune: what was of no use so long.")
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option("--keep", metavar="MB", min=0, help="With --prune: the longest unused beyond so many megabytes."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what is kept from build to build, or delete it.

    Nothing is lost by deleting but time: a build makes anew what it does not find.

    Example: build-dataset cache --prune --unused 30
    """
    output = Output.chosen(None, as_json, "build-dataset cache", folder or Path())
    with output.errors():
        from dataset_builder.cache.housekeeping import by_step, packs_of
        from dataset_builder.cache.housekeeping import prune as pruned
        from dataset_builder.cache.places import default_cache
        from dataset_builder.errors import UsageError

        if not prune and (unused is not None or keep is not None):
            raise UsageError("--unused or --keep without --prune", expected="--prune with them")
        place = folder or default_cache()
        if place is None:
            raise UsageError("no cache", expected="a folder", hint="$BUILD_DATASET_CACHE is empty: name the folder")
        gone = pruned(place, unused_days=unused, most_bytes=None if keep is None else keep * _MEGABYTE) if prune else []
        shelves = by_step(packs_of(place))
        output.show((), document(place, shelves, gone), summary(place, shelves, gone, prune))


def document(place: Path, shelves: list[Shelves], gone: list[Pack]) -> dict[str, Any]:
    """The cache as one JSON object."""
    from dataclasses import asdict

    return {
        "folder": str(place),
        "bytes": sum(it.size for it in shelves),
        "steps": [asdict(it) for it in shelves],
        "deleted": {"packs": len(gone), "bytes": sum(pack.size for pack in gone)},
    }


def summary(place: Path, shelves: list[Shelves], gone: list[Pack], pruned: bool) -> str:
    """The cache for people."""
    lines = [f"{place}: {_megabytes(sum(it.size for it in shelves))} in {sum(it.packs for it in shelves)} packs"]
    lines += [
        f"  {it.step:<12} {_megabytes(it.size):>12} in {it.packs} packs of {it.recipes} recipe{'s' * (it.recipes != 1)}"
        for it in shelves
    ]
    if pruned:
        lines.append(f"  deleted {len(gone)} packs, {_megabytes(sum(pack.size for pack in gone))}")
    return "\n".join(lines)


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:,.1f} MB"
