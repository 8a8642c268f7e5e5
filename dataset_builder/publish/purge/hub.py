"""The Hub: large files are deleted from the storage and from every commit that points to them.

A shard that is kept in git itself, which the Hub's own settings do not do with Parquet, goes only with the history: the
tags of the versions that hold it are deleted, and ``main`` becomes one commit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from dataset_builder.errors import OutsideError, UsageError
from dataset_builder.progress import OnProgress, counted, silent
from dataset_builder.publish.address import HubAddress
from dataset_builder.publish.hub.session import HubSession, RemoteFile, hub_session
from dataset_builder.publish.purge.plan import Doomed, Purge, holds_any, is_shard, still_current


@contextmanager
def hub_purger(address: HubAddress) -> Iterator[HubPurger]:
    """What can purge a dataset repository."""
    with hub_session(address, writes=True) as session:
        yield HubPurger(session)


@dataclass(frozen=True)
class _Held:
    """One file of one revision that holds the articles."""

    revision: str
    path: str
    file: RemoteFile


@dataclass(frozen=True)
class HubPurger:
    """See :class:`dataset_builder.publish.purge.plan.Purger`."""

    session: HubSession

    def plan(self, articles: Iterable[str], on_progress: OnProgress = silent) -> Purge:
        """Look into every shard of every tag and of every commit of ``main``."""
        wanted = tuple(sorted(set(articles)))
        revisions = self._revisions()
        held, unread = self._held(wanted, revisions, on_progress)
        self._refuse_newest(held, revisions)
        shards, beyond = (
            tuple(sorted({Doomed(revisions[one.revision], one.path, one.file.bytes) for one in those}))
            for those in (held, unread)
        )
        return Purge(str(self.session.address), wanted, shards, self._notes(held, revisions), beyond)

    def carry_out(self, purge: Purge, on_progress: OnProgress = silent) -> None:
        """Delete large files; for what is kept in git, tags and history."""
        revisions = self._revisions()
        held, _ = self._held(purge.articles, revisions, on_progress)
        self._refuse_newest(held, revisions)
        digests = {one.file.sha256 for one in held} - {""}
        if digests:
            self.session.delete_large_files(one for one in self.session.large_files() if one.file_oid in digests)
        inside = [one for one in held if not one.file.sha256]
        if inside:
            for tag in _tags_of(inside, self.session):
                self.session.delete_tag(tag)
            self.session.squash("One commit in the place of a history that held withdrawn articles")
        left, _ = self._held(purge.articles, self._revisions(), on_progress)
        stored = [one.filename for one in self.session.large_files() if one.file_oid in digests]
        if left or stored:
            raise OutsideError(
                f"still there after the purge: {', '.join([*(one.path for one in left), *stored][:3])}",
                expected="nothing left",
                hint="ask the Hub's support to remove it",
                place=str(self.session.address),
            )

    def _refuse_newest(self, held: list[_Held], revisions: dict[str, str]) -> None:
        head = next(iter(revisions), "")
        if standing := [one.path for one in held if one.revision == head]:
            raise still_current(str(self.session.address), revisions[head], standing)

    def _revisions(self) -> dict[str, str]:
        """Commit -> how it is shown; the head of ``main`` first."""
        there = self.session.repository()
        if not there.exists:
            raise UsageError("there is no such repository", hint="check the name", place=str(self.session.address))
        names = {commit: name for name, commit in there.tags}
        commits = [*self.session.history(), *names]
        return {commit: names.get(commit, commit[:12]) for commit in dict.fromkeys(commits)}

    def _held(
        self, articles: tuple[str, ...], revisions: Collection[str], on_progress: OnProgress
    ) -> tuple[list[_Held], list[_Held]]:
        """What holds the articles, and what cannot be read; a content of many commits is fetched once."""
        known: dict[str, bool | None] = {}
        held: list[_Held] = []
        unread: list[_Held] = []
        with TemporaryDirectory(prefix="build-dataset-") as scratch:
            for revision in counted(revisions, "look", on_progress, total=len(revisions), unit="commits"):
                for path, file in sorted(self.session.files(revision).items()):
                    if not is_shard(path):
                        continue
                    content = file.sha256 or file.blob
                    if content not in known:
                        shard = self.session.fetch(path, revision, Path(scratch))
                        known[content] = holds_any(shard, path, articles)
                        shard.unlink()
                    if known[content] is not False:
                        (held if known[content] else unread).append(_Held(revision, path, file))
        return held, unread

    def _notes(self, held: list[_Held], revisions: dict[str, str]) -> tuple[str, ...]:
        if not held:
            return ()
        inside = [one for one in held if not one.file.sha256]
        notes = ["the Hub rewrites the commits that point to these files; tags keep their names"]
        if inside:
            tags = ", ".join(sorted({revisions[one.revision] for one in inside}))
            notes = [f"these files are kept in git: the tags {tags} are deleted and main becomes one commit"]
        return tuple(notes)


def _tags_of(held: list[_Held], session: HubSession) -> list[str]:
    commits = {one.revision for one in held}
    return [name for name, commit in session.repository().tags if commit in commits]
