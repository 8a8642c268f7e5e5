"""The options that say how a build works, and change nothing of what it makes: engine, workers and cache."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dataset_builder.engines.contract import Engine


class EngineName(StrEnum):
    """Who does the work."""

    LOCAL = "local"
    RAY = "ray"


EngineOption = Annotated[
    EngineName, typer.Option("--engine", help="Who does the work: this machine, or a Ray cluster; the bytes are equal.")
]
AddressOption = Annotated[
    str | None,
    typer.Option("--address", metavar="HOST:PORT", help="With --engine ray: the cluster's head; default auto."),
]
StorageOption = Annotated[
    str | None,
    typer.Option(
        "--storage",
        metavar="ADDRESS",
        help="For ray: where nodes leave files for each other, such as s3://BUCKET/tmp; default: beside --out.",
    ),
]

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


def chosen_engine(engine: EngineName, workers: int | None, address: str | None, storage: str | None) -> Engine:
    """The engine that the options mean together.

    Raises:
        UsageError: the options contradict each other.
        MissingDependencyError: Ray is not installed.
        OutsideError: no cluster answers.
    """
    from dataset_builder.errors import UsageError

    if engine is EngineName.RAY:
        if workers is not None:
            raise UsageError("--workers with --engine ray", expected="one of the two", hint="a cluster counts its own")
        from dataset_builder.engines.ray_cluster import RayCluster

        return RayCluster(address or "auto", storage)
    if address is not None or storage is not None:
        raise UsageError("--address or --storage without a cluster", expected="--engine ray with them")
    from dataset_builder.engines.choice import Chosen

    return Chosen(workers)


def chosen_cache(place: Path | None, no_cache: bool) -> Path | None:
    """The cache that the two options mean together; None for none.

    A folder that somebody has named must be of use; without the default one the build is only slower.

    Raises:
        UsageError: the options contradict each other.
        OutsideError: ``place`` cannot be written to.
    """
    from dataset_builder.cache.places import default_cache, prepare_cache
    from dataset_builder.cli.render import say
    from dataset_builder.errors import OutsideError, UsageError
    from dataset_builder.visible import one_line

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
        say(f"note: {one_line(error.found, 400)}; the build goes on without it", err=True)
        return None
