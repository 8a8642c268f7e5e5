"""What publishing would change at the target, and what it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from dataset_builder.progress import OnProgress, silent
from dataset_builder.publish.release import Release, ReleaseFile, counted_bytes


@dataclass(frozen=True, order=True)
class FileChange:
    """One file at the target: its path and its size in bytes."""

    path: str
    bytes: int


@dataclass(frozen=True)
class Plan:
    """The difference between a target and a release.

    Attributes:
        target: the address.
        tag: the name of the version there.
        new, changed, deleted: files, sorted by path; the bytes are those that are sent, or those that go.
        unchanged: how many files stay.
        creates: whether the repository is made first.
        published: whether the version is there already, with this content; then nothing is left to do.
        identity: of the release.
        base: the revision that the plan was made upon, where the target has revisions.
    """

    target: str
    tag: str
    identity: str
    new: tuple[FileChange, ...] = ()
    changed: tuple[FileChange, ...] = ()
    deleted: tuple[FileChange, ...] = ()
    unchanged: int = 0
    creates: bool = False
    published: bool = False
    base: str = ""

    @property
    def empty(self) -> bool:
        """Whether every file is as it should be."""
        return not (self.new or self.changed or self.deleted)


@dataclass(frozen=True)
class Published:
    """What stands at the target now.

    Attributes:
        plan: what was changed.
        revision: what never moves: a commit, or the prefix of the version's keys.
        load: the line of Python that loads this version.
        notes: what the place could not see to, one sentence each.
    """

    plan: Plan
    revision: str
    load: str
    notes: tuple[str, ...] = ()


class Target(Protocol):
    """A place where snapshots are published."""

    @property
    def address(self) -> str:
        """As the caller wrote it."""

    def plan(self, release: Release, on_progress: OnProgress = silent) -> Plan:
        """What would change; nothing is written.

        Raises:
            UsageError: the target refuses this release, and says what to do.
            OutsideError: it cannot be reached.
        """

    def publish(self, release: Release, plan: Plan, on_progress: OnProgress = silent) -> Published:
        """Carry out ``plan``: write, read back, compare, and name the version last.

        Raises:
            UsageError: the target refuses.
            OutsideError: a fault on the way; the same call finishes the job.
        """


def compare(
    plan: Plan,
    release: Release,
    there: Mapping[str, int],
    same: Callable[[ReleaseFile], bool],
    on_progress: OnProgress = silent,
) -> Plan:
    """``plan`` with the changes from ``there`` (path -> bytes at the target) to ``release``.

    Args:
        same: whether a file that is at both has the release's content at the target.
    """
    new, changed, unchanged = [], [], 0
    for file in counted_bytes(release.files, "compare", on_progress):
        change = FileChange(file.path, file.bytes)
        if file.path not in there:
            new.append(change)
        elif same(file):
            unchanged += 1
        else:
            changed.append(change)
    kept = {file.path for file in release.files}
    deleted = [FileChange(path, size) for path, size in there.items() if path not in kept]
    return replace(
        plan,
        new=tuple(sorted(new)),
        changed=tuple(sorted(changed)),
        deleted=tuple(sorted(deleted)),
        unchanged=unchanged,
    )
