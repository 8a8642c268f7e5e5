"""Versions side by side: the shards' objects, every generation of them, are deleted."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from dataset_builder.errors import OutsideError
from dataset_builder.progress import BYTES, OnProgress, counted, silent
from dataset_builder.publish.address import FolderAddress, S3Address
from dataset_builder.publish.purge.plan import Doomed, Purge, holds_any, is_shard, still_current
from dataset_builder.publish.store import Store, Stored
from dataset_builder.publish.targets import open_store
from dataset_builder.publish.versioned import is_version, newest


@contextmanager
def versioned_purger(address: S3Address | FolderAddress) -> Iterator[VersionedPurger]:
    """What can purge a bucket's prefix or a folder."""
    with open_store(address) as store:
        yield VersionedPurger(store)


@dataclass(frozen=True)
class VersionedPurger:
    """See :class:`dataset_builder.publish.purge.plan.Purger`."""

    store: Store

    def plan(self, articles: Iterable[str], on_progress: OnProgress = silent) -> Purge:
        """Look into every shard of every version, in every generation that is kept."""
        wanted = tuple(sorted(set(articles)))
        held = self._held(wanted, on_progress)
        current = newest(self.store)
        standing = [path for path in sorted({thing.path for thing in held}) if path.startswith(f"{current}/")]
        if current and standing:
            raise still_current(self.store.address, current, standing)
        shards = tuple(sorted(Doomed(*_split(thing.path), thing.bytes) for thing in held))
        return Purge(self.store.address, wanted, shards)

    def carry_out(self, purge: Purge, on_progress: OnProgress = silent) -> None:
        """Delete the generations that hold the articles, and the markers of those paths."""
        held = self._held(purge.articles, on_progress)
        paths = {thing.path for thing in held}
        markers = [thing for thing in self.store.generations() if thing.marker and thing.path in paths]
        doomed = [*held, *markers]
        self.store.erase(counted(doomed, "delete", on_progress, total=len(doomed), unit="files"))
        if left := self._held(purge.articles, on_progress):
            raise OutsideError(
                f"still there after the purge: {', '.join(thing.path for thing in left[:3])}",
                expected="nothing left",
                hint="a lock or a retention rule may forbid it; ask who keeps the bucket",
                place=self.store.address,
            )

    def _held(self, articles: tuple[str, ...], on_progress: OnProgress) -> list[Stored]:
        things = [thing for thing in self.store.generations() if not thing.marker and _is_candidate(thing.path)]
        total = sum(thing.bytes for thing in things)
        with TemporaryDirectory(prefix="build-dataset-") as scratch:
            looked = counted(things, "look", on_progress, size=lambda it: it.bytes, total=total, unit=BYTES)
            return [thing for thing in looked if self._holds(thing, articles, Path(scratch) / "shard")]

    def _holds(self, thing: Stored, articles: tuple[str, ...], place: Path) -> bool:
        with self.store.open(thing.path, thing.generation) as stream, place.open("wb") as file:
            shutil.copyfileobj(stream, file)
        return holds_any(place, _split(thing.path)[1], articles)


def _split(path: str) -> tuple[str, str]:
    version, _, below = path.partition("/")
    return version, below


def _is_candidate(path: str) -> bool:
    version, below = _split(path)
    return is_version(version) and is_shard(below)
