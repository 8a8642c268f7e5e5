"""What is in a cache, and what may go."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dataset_builder.cache.places import is_cache
from dataset_builder.cache.store import PACK_SUFFIX, unfinished_packs
from dataset_builder.errors import UsageError

_DAY_SECONDS = 24 * 60 * 60
#: An unfinished pack this old was left by a build that was killed.
_ABANDONED_SECONDS = 60 * 60


@dataclass(frozen=True, order=True)
class Pack:
    """One pack: when it was last of use (seconds since the epoch), its path and its size in bytes."""

    used: float
    path: Path
    size: int

    @property
    def step(self) -> str:
        """What its rows are: a stage's name, or ``articles`` for all that is made of an article by itself."""
        return self.path.parent.parent.name


@dataclass(frozen=True)
class Shelves:
    """The packs of one step, of all its recipes together."""

    step: str
    recipes: int
    packs: int
    size: int


def packs_of(folder: Path) -> list[Pack]:
    """Every pack of the cache in ``folder``, the longest unused first; none where there is no folder.

    Raises:
        UsageError: the folder is there and no cache.
    """
    if not folder.exists():
        return []
    if not is_cache(folder):
        raise UsageError(
            f"{folder} is no cache of build-dataset",
            expected="a folder that a build was given with --cache",
            hint="name the folder itself, or leave it out for the default one",
        )
    return sorted(_packs(folder))


def _packs(folder: Path) -> Iterator[Pack]:
    for path in folder.glob(f"*/*/*{PACK_SUFFIX}"):
        with suppress(OSError):  # another build may prune at the same time
            state = path.stat()
            yield Pack(state.st_mtime, path, state.st_size)


def by_step(packs: list[Pack]) -> list[Shelves]:
    """The packs counted by step, the largest first."""
    steps = {pack.step for pack in packs}
    counted = []
    for step in steps:
        own = [pack for pack in packs if pack.step == step]
        recipes = {pack.path.parent.name for pack in own}
        counted.append(Shelves(step, len(recipes), len(own), sum(pack.size for pack in own)))
    return sorted(counted, key=lambda shelves: (-shelves.size, shelves.step))


def prune(
    folder: Path, *, unused_days: float | None = None, most_bytes: int | None = None, now: float | None = None
) -> list[Pack]:
    """Delete packs, the longest unused first; a build that wants them makes their rows anew.

    Args:
        unused_days: those that were of no use for so long go; None: age is no reason.
        most_bytes: as many go as have to, so that so much is left; None: size is no reason. Without any reason, all go.
        now: seconds since the epoch; the clock's if None.

    Returns:
        What was deleted.

    Raises:
        UsageError: the folder is no cache.
    """
    packs = packs_of(folder)
    now = time.time() if now is None else now
    left = sum(pack.size for pack in packs)
    gone: list[Pack] = []
    for pack in packs:
        unused = unused_days is not None and now - pack.used > unused_days * _DAY_SECONDS
        too_much = most_bytes is not None and left > most_bytes
        if unused or too_much or (unused_days is None and most_bytes is None):
            with suppress(OSError):
                pack.path.unlink()
                gone.append(pack)
            left -= pack.size
    _sweep(folder, now)
    return gone


def _sweep(folder: Path, now: float) -> None:
    """Delete what killed builds left, and folders without packs."""
    for path in unfinished_packs(folder):
        with suppress(OSError):
            if now - path.stat().st_mtime > _ABANDONED_SECONDS:
                path.unlink()
    for level in ("*/*", "*"):
        for path in folder.glob(level):
            if path.is_dir():
                with suppress(OSError):  # not empty
                    path.rmdir()
