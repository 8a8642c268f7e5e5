"""The options that say how a build works, and change nothing of what it makes: workers and cache."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

WorkersOption = Annotated[
    int | None,
    typer.Option("--workers", help="Processes; default: one for a small corpus, else one for each processor."),
]
CacheOption = Annotated[
    Path | None,
    typer.Option(
        "--cache",
        metavar="DIR",
        help="Where results are kept from build to build; default $BUILD_DATASET_CACHE or the user's cache folder.",
    ),
]
NoCacheOption = Annotated[bool, typer.Option("--no-cache", help="Keep nothing from build to build, and use nothing.")]


def chosen_cache(place: Path | None, no_cache: bool) -> Path | None:
    """The cache that the two options mean together; None for none.

    A folder that somebody has named must be of use; without the default one the build is only slower.

    Raises:
        UsageError: the options contradict each other.
        OutsideError: ``place`` cannot be written to.
    """
    from dataset_builder.cache.places import default_cache, prepare_cache
    from dataset_builder.errors import OutsideError, UsageError

    if no_cache:
        if place is not None:
            raise UsageError(f"--no-cache and --cache {place}", expected="one of the two")
        return None
    if place is not None:
        return prepare_cache(place)
    if (default := default_cache()) is None:
        return None
    try:
        return prepare_cache(default)
    except OutsideError as error:
        typer.echo(f"note: {error.found}; the build goes on without it", err=True)
        return None
