"""``hf://datasets/ORG/NAME``: one commit upon a known parent, read back by its name, then the tag."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dataset_builder.errors import OutsideError, SnapshotError, UsageError
from dataset_builder.progress import ASIDE, OnProgress, silent
from dataset_builder.publish.address import HubAddress
from dataset_builder.publish.hub.card import CARD, check_hub_card
from dataset_builder.publish.hub.session import HubSession, RemoteFile, Repository, hub_session
from dataset_builder.publish.plan import Plan, Published, compare
from dataset_builder.publish.release import Release, ReleaseFile, counted_bytes, version_order
from dataset_builder.snapshot.identity import file_sha256
from dataset_builder.snapshot.manifest import MANIFEST, MAX_MANIFEST_BYTES, SEAL
from dataset_builder.visible import one_line

#: The Hub's own file in every repository: which files are large.
ATTRIBUTES = ".gitattributes"
#: What a repository that was made on the web may hold before its first snapshot.
_NEWBORN = frozenset({ATTRIBUTES, CARD})
_READERS = 4
_CHUNK = 1024 * 1024
_SHOWN = 5


@contextmanager
def hub_target(address: HubAddress) -> Iterator[HubTarget]:
    """The repository at ``address`` as a target.

    Raises:
        UsageError: there is no token, or the address names a revision.
    """
    if address.revision:
        raise UsageError(
            f"the target {address} names a revision",
            expected="a repository",
            hint="publish makes a commit and tags it with the snapshot's version; leave the @… away",
        )
    with hub_session(address, writes=True) as session:
        yield HubTarget(session)


@dataclass(frozen=True)
class HubTarget:
    """See :class:`dataset_builder.publish.plan.Target`."""

    session: HubSession

    @property
    def address(self) -> str:
        """As the caller wrote it."""
        return str(self.session.address)

    def plan(self, release: Release, on_progress: OnProgress = silent) -> Plan:
        """What one commit would change; nothing is written."""
        _refuse_card(release)
        there = self.session.repository()
        self._refuse_open_gate(release, there)
        plan = Plan(self.address, release.tag, release.identity, creates=not there.exists, base=there.head)
        if not there.exists:
            return compare(plan, release, {}, lambda _: False)
        if tagged := there.tag(release.tag):
            return self._tagged(plan, release, tagged, on_progress)
        files = self.session.files(there.head)
        self._refuse_other_content(release, there.head, files)
        return _difference(plan, release, files, on_progress)

    def publish(self, release: Release, plan: Plan, on_progress: OnProgress = silent) -> Published:
        """One commit, read back, tagged; a run that follows an interrupted one finds what is left to do."""
        if plan.published:
            return self._published(plan, self.session.repository().tag(release.tag))
        base = plan.base
        if plan.creates:
            self.session.create()
            base = self.session.repository().head
        commit = base
        if not plan.empty:
            on_progress(ASIDE)  # the Hub's own client shows how much it has sent
            commit = self.session.commit(
                lambda: _operations(release, plan),
                base,
                f"Version {release.version}",
                lambda head: self._holds(release, head),
                watched=on_progress is not silent,
            )
        self._read_back(release, commit, on_progress)
        self._refuse_open_gate(release, self.session.repository())
        self.session.tag(release.tag, commit, release.identity)
        return self._published(plan, commit)

    def _published(self, plan: Plan, commit: str) -> Published:
        repo = self.session.address.repo_id
        return Published(plan, commit, f'load_dataset("{repo}", revision="{commit}")')

    def _tagged(self, plan: Plan, release: Release, commit: str, on_progress: OnProgress) -> Plan:
        """The plan where the version stands there already."""
        found = _difference(plan, release, self.session.files(commit), on_progress)
        if found.empty:
            return replace(found, published=True)
        differing = [change.path for change in (*found.changed, *found.new, *found.deleted)]
        raise UsageError(
            f"{release.tag} is published with other content: {_some(differing)}",
            expected=f"a version that is not at {self.address} yet",
            hint="raise version in dataset.yaml and build again; a published version never changes",
            place=self.address,
        )

    def _holds(self, release: Release, commit: str) -> bool:
        plan = Plan(self.address, release.tag, release.identity)
        return _difference(plan, release, self.session.files(commit)).empty

    def _refuse_open_gate(self, release: Release, there: Repository) -> None:
        if release.restricted and not there.gate:
            found = "has no gate" if there.exists else "is not there, so that it has no gate"
            raise UsageError(
                f"the snapshot is restricted, and the repository {found}",
                expected="a gated dataset repository: access is asked for and granted",
                hint="make the repository, switch on 'Access requests' in its settings, then call again",
                place=self.address,
            )

    def _refuse_other_content(self, release: Release, head: str, files: Mapping[str, RemoteFile]) -> None:
        """A typing error must not delete somebody's files, nor an old build go on top of a newer one."""
        manifest = self._manifest(head, files)
        if manifest is None:
            foreign = sorted(set(files) - _NEWBORN)
        elif manifest.get("name") != release.name:
            raise UsageError(
                f"the repository holds the dataset {one_line(str(manifest.get('name')))!r}",
                expected=f"a repository of {release.name!r}",
                hint="publish to another repository",
                place=self.address,
            )
        else:
            listed = {str(entry.get("path")) for entry in manifest.get("files") or [] if isinstance(entry, dict)}
            foreign = sorted(set(files) - listed - {MANIFEST, SEAL, ATTRIBUTES})
        if foreign:
            raise UsageError(
                f"the repository holds files that no snapshot brought: {_some(foreign)}",
                expected="an empty repository, or one that holds an earlier version",
                hint="move them to another repository; build-dataset deletes nothing that it did not write",
                place=self.address,
            )
        newer = str(manifest.get("version")) if manifest else ""
        if version_order(newer) > version_order(release.version):
            raise UsageError(
                f"the repository is at version {newer} already",
                expected=f"a version above {newer}",
                hint="raise version in dataset.yaml and build again",
                place=self.address,
            )

    def _manifest(self, commit: str, files: Mapping[str, RemoteFile]) -> dict[str, Any] | None:
        """The manifest of what is there; None where there is none that can be read."""
        if MANIFEST not in files or files[MANIFEST].bytes > MAX_MANIFEST_BYTES:
            return None
        with TemporaryDirectory(prefix="build-dataset-") as folder:
            content = self.session.fetch(MANIFEST, commit, Path(folder)).read_bytes()
        try:
            manifest = json.loads(content)
        except (ValueError, RecursionError):
            return None
        return manifest if isinstance(manifest, dict) else None

    def _read_back(self, release: Release, commit: str, on_progress: OnProgress) -> None:
        """Every file of the commit, fetched and compared.

        Raises:
            OutsideError: one is not what was sent.
        """
        files = self.session.files(commit)
        wrong = [file.path for file in release.files if file.path not in files]
        wrong += sorted(set(files) - {file.path for file in release.files} - {ATTRIBUTES})
        with TemporaryDirectory(prefix="build-dataset-") as folder, ThreadPoolExecutor(_READERS) as readers:
            fetched = [file for file in release.files if file.path in files]
            altered = readers.map(lambda file: self._altered(file, commit, Path(folder)), fetched)
            watched = zip(counted_bytes(fetched, "read back", on_progress), altered, strict=True)
            wrong += [path for _, path in watched if path]
        if wrong:
            raise OutsideError(
                f"the commit {commit[:12]} does not hold what was sent: {_some(wrong)}",
                expected="every file with its digest",
                hint="nothing was tagged; call again, and it is sent anew",
                place=self.address,
            )

    def _altered(self, file: ReleaseFile, commit: str, folder: Path) -> str:
        fetched = self.session.fetch(file.path, commit, folder)
        try:
            return "" if file_sha256(fetched) == file.sha256 else file.path
        finally:
            fetched.unlink()


def _refuse_card(release: Release) -> None:
    if issues := check_hub_card(release.root / CARD):
        raise SnapshotError(
            f"the Hub would reject the card: {len(issues)} findings",
            expected="identifiers of the Hub's own lists",
            hint="mend dataset.yaml and build again",
            issues=tuple(issues),
        )


def _difference(
    plan: Plan, release: Release, files: Mapping[str, RemoteFile], on_progress: OnProgress = silent
) -> Plan:
    there = {path: file.bytes for path, file in files.items() if path != ATTRIBUTES}
    return compare(plan, release, there, lambda file: _same(file, files[file.path]), on_progress)


def _same(file: ReleaseFile, remote: RemoteFile) -> bool:
    if file.bytes != remote.bytes:
        return False
    return file.sha256 == remote.sha256 if remote.sha256 else _git_blob(file) == remote.blob


def _git_blob(file: ReleaseFile) -> str:
    """The name that git gives to a file's content (gitformat: ``blob SIZE NUL CONTENT``)."""
    digest = hashlib.sha1(f"blob {file.bytes}\0".encode(), usedforsecurity=False)
    with file.source.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _operations(release: Release, plan: Plan) -> list[Any]:
    """Everything that the commit does, in the order of the paths."""
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

    wanted = {change.path for change in (*plan.new, *plan.changed)}
    added = [
        CommitOperationAdd(path_in_repo=file.path, path_or_fileobj=file.source)
        for file in release.files
        if file.path in wanted
    ]
    return [*added, *(CommitOperationDelete(path_in_repo=change.path) for change in plan.deleted)]


def _some(paths: list[str]) -> str:
    shown = ", ".join(one_line(path, 80) for path in paths[:_SHOWN])
    return shown if len(paths) <= _SHOWN else f"{shown} and {len(paths) - _SHOWN} more"
