"""Versions side by side: every generation of the shards is deleted, and so are copies that were never finished."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from dataset_builder.errors import OutsideError, UsageError
from dataset_builder.progress import BYTES, OnProgress, counted, silent
from dataset_builder.publish.address import FolderAddress, S3Address
from dataset_builder.publish.purge.plan import Doomed, Purge, holds_any, is_shard, still_current
from dataset_builder.publish.release import version_order
from dataset_builder.publish.store import Store, Stored
from dataset_builder.publish.targets import open_store
from dataset_builder.publish.versioned import POINTER, is_version, newest


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
        with self._alone():
            found = self._found(wanted, on_progress)
            self._refuse_newest(found.held)
        left = {_split(thing.path)[0]: "" for thing in found.left}
        notes = tuple(f"{name} was left by a publish that was killed, and goes whole" for name in left)
        shards = tuple(sorted(_doomed((*found.held, *found.left))))
        return Purge(self.store.address, wanted, shards, notes, tuple(sorted(_doomed(found.unread))))

    def carry_out(self, purge: Purge, on_progress: OnProgress = silent) -> None:
        """Delete the generations that hold the articles, the markers of those paths, and what was never finished."""
        with self._alone():
            held = self._found(purge.articles, on_progress).held
            self._refuse_newest(held)
            paths = {thing.path for thing in held}
            markers = [thing for thing in self.store.generations() if thing.marker and thing.path in paths]
            doomed = [*held, *markers]
            self.store.sweep()
            self.store.erase(counted(doomed, "delete", on_progress, total=len(doomed), unit="files"))
            found = self._found(purge.articles, on_progress)
        if left := (*found.held, *found.left):
            raise OutsideError(
                f"still there after the purge: {', '.join(thing.path for thing in left[:3])}",
                expected="nothing left",
                hint="a lock or a retention rule may forbid it; ask who keeps the place",
                place=self.store.address,
            )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Without a lock it cannot be told whether an unfinished copy is still being written: it is not deleted."""
        with self.store.alone(make=False) as alone:
            if not alone and (left := self.store.leftovers()):
                raise OutsideError(
                    f"{_split(left[0].path)[0]} is an unfinished copy, and a publish may be under way",
                    expected="a place with locks, or one without unfinished copies",
                    hint="if nothing publishes there now, delete it by hand, then call again",
                    place=self.store.address,
                )
            yield

    def _refuse_newest(self, held: Iterable[Stored]) -> None:
        """The newest is the highest version that is there; ``latest.json`` must not say otherwise."""
        paths = sorted({thing.path for thing in held})
        if not paths:
            return
        folders = {_split(path)[0] for path in self.store.listing("")}
        highest = max(filter(is_version, folders), key=lambda name: version_order(name[1:]), default="")
        named = newest(self.store)
        if named != highest and self.store.peek(POINTER, 1) is not None:
            raise UsageError(
                f"{POINTER} names {named or 'no version'}, and the highest version there is {highest or 'none'}",
                expected=f"a {POINTER} that names the newest version",
                hint="publish the newest version again, which writes it; until then nothing is deleted",
                place=self.store.address,
            )
        if standing := [path for path in paths if highest and path.startswith(f"{highest}/")]:
            raise still_current(self.store.address, highest, standing)

    def _found(self, articles: tuple[str, ...], on_progress: OnProgress) -> _Found:
        things = [thing for thing in self.store.generations() if not thing.marker and _is_candidate(thing.path)]
        total = sum(thing.bytes for thing in things)
        held: dict[bool | None, list[Stored]] = {True: [], False: [], None: []}
        with TemporaryDirectory(prefix="build-dataset-") as scratch:
            for thing in counted(things, "look", on_progress, size=lambda it: it.bytes, total=total, unit=BYTES):
                held[self._holds(thing, articles, Path(scratch) / "shard")].append(thing)
        left = [thing for thing in self.store.leftovers() if is_shard(_split(thing.path)[1])]
        return _Found(held[True], held[None], left)

    def _holds(self, thing: Stored, articles: tuple[str, ...], place: Path) -> bool | None:
        with self.store.open(thing.path, thing.generation) as stream, place.open("wb") as file:
            shutil.copyfileobj(stream, file)
        return holds_any(place, _split(thing.path)[1], articles)


@dataclass(frozen=True)
class _Found:
    """Shards that hold the articles, those that cannot be read, and those of unfinished copies, which may be cut."""

    held: list[Stored]
    unread: list[Stored]
    left: list[Stored]


def _doomed(things: Iterable[Stored]) -> Iterator[Doomed]:
    return (Doomed(*_split(thing.path), thing.bytes) for thing in things)


def _split(path: str) -> tuple[str, str]:
    version, _, below = path.partition("/")
    return version, below


def _is_candidate(path: str) -> bool:
    version, below = _split(path)
    return is_version(version) and is_shard(below)
