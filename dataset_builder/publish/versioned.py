"""Versions side by side: ``PREFIX/vX.Y.Z/…`` that never change, and ``PREFIX/latest.json`` that is written last.

The manifest and its seal are the last files of a version. A version without them is one that was interrupted; nothing
points to it, and the same call finishes it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from dataset_builder.errors import OutsideError, UsageError
from dataset_builder.progress import OnProgress, silent
from dataset_builder.publish.plan import Plan, Published, compare
from dataset_builder.publish.release import VERSION, Release, ReleaseFile, counted_bytes, version_order
from dataset_builder.publish.store import Store
from dataset_builder.snapshot.manifest import MANIFEST, render_json
from dataset_builder.visible import one_line

#: What points to the newest version.
POINTER = "latest.json"
POINTER_FORMAT = "news-dataset-latest/1"
_MAX_POINTER_BYTES = 64 * 1024
_CHUNK = 1024 * 1024
_SHOWN = 5
_NOT_ALONE = "the place has no locks: see to it that nothing else publishes there or purges it meanwhile"


@dataclass(frozen=True)
class VersionedTarget:
    """See :class:`dataset_builder.publish.plan.Target`."""

    store: Store

    @property
    def address(self) -> str:
        """As the caller wrote it."""
        return self.store.address

    def plan(self, release: Release, on_progress: OnProgress = silent) -> Plan:
        """What would be written; nothing is."""
        self._refuse_missing_gate(release)
        pointer = self._pointer(release)
        there = self.store.listing(release.tag)
        plan = Plan(self.address, release.tag, release.identity)
        plan = compare(plan, release, there, lambda file: self._same(release, file, there[file.path]), on_progress)
        if plan.changed or plan.deleted:
            names = [change.path for change in (*plan.changed, *plan.deleted)]
            raise UsageError(
                f"{release.tag} is published with other content: {_some(names)}",
                expected=f"a version that is not at {self.address} yet",
                hint="raise version in dataset.yaml and build again; a published version never changes",
            )
        return replace(plan, published=plan.empty and _points_at(pointer, release))

    def publish(self, release: Release, plan: Plan, on_progress: OnProgress = silent) -> Published:
        """Write the version, read it back, then point to it; nobody else publishes there meanwhile."""
        with self.store.alone(make=True) as alone:
            if alone:
                self.store.sweep()
            if not plan.published:
                self._pointer(release)  # whoever was here meanwhile may have made it a place of another dataset
                self.store.add_version(release.tag, release.files, on_progress)
                self._read_back(release, on_progress)
                self._refuse_missing_gate(release)
                self._point(release)
        load = self.store.load_line(_articles(release))
        return Published(plan, f"{self.address}/{release.tag}", load, () if alone else (_NOT_ALONE,))

    def _same(self, release: Release, file: ReleaseFile, size: int) -> bool:
        return size == file.bytes and self._digest(f"{release.tag}/{file.path}") == file.sha256

    def _digest(self, path: str) -> str:
        digest = hashlib.sha256()
        with self.store.open(path) as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    def _read_back(self, release: Release, on_progress: OnProgress) -> None:
        there = self.store.listing(release.tag)
        wrong = sorted({file.path for file in release.files} ^ set(there))
        wrong += [
            file.path
            for file in counted_bytes(release.files, "read back", on_progress)
            if file.path in there and not self._same(release, file, there[file.path])
        ]
        if wrong:
            raise OutsideError(
                f"{self.address}/{release.tag} does not hold what was sent: {_some(wrong)}",
                expected="every file with its digest",
                hint=f"nothing points to it; delete {release.tag} there and call again",
            )

    def _refuse_missing_gate(self, release: Release) -> None:
        if release.restricted and (missing := self.store.missing_gate()):
            raise UsageError(
                f"the snapshot is restricted, and {missing}",
                expected="a place that only those may read who were let in",
                hint="close it to the public, then call again",
                place=self.address,
            )

    def _pointer(self, release: Release) -> dict[str, Any] | None:
        content = self.store.peek(POINTER, _MAX_POINTER_BYTES)
        try:
            value = json.loads(content) if content is not None else None
        except (ValueError, RecursionError):
            value = {}
        if value is not None and (not isinstance(value, dict) or value.get("format") != POINTER_FORMAT):
            raise UsageError(
                f"{self.address}/{POINTER} is not build-dataset's",
                expected=f"nothing, or a pointer of the format {POINTER_FORMAT}",
                hint="publish to another prefix or folder",
            )
        if value is not None and value.get("name") != release.name:
            raise UsageError(
                f"{self.address} holds the dataset {one_line(str(value.get('name')))!r}",
                expected=f"a place of {release.name!r}",
                hint="publish to another prefix or folder",
            )
        return value

    def _point(self, release: Release) -> None:
        """The pointer never goes back: a mended older version is published, and the newest stays the latest."""
        before, pointer = self.store.peek(POINTER, _MAX_POINTER_BYTES), self._pointer(release)
        if pointer and version_order(str(pointer.get("version"))) > version_order(release.version):
            return
        manifest = next(file for file in release.files if file.path == MANIFEST)
        content = {
            "format": POINTER_FORMAT,
            "name": release.name,
            "version": release.version,
            "path": release.tag,
            "identity": release.identity,
            "manifest_sha256": manifest.sha256,
        }
        text = render_json(content).encode()
        if text != before:
            self.store.replace(POINTER, text, before)


def newest(store: Store) -> str:
    """The folder that the pointer names; ``""`` where there is no pointer of ours."""
    content = store.peek(POINTER, _MAX_POINTER_BYTES)
    if content is None:
        return ""
    try:
        path = str(json.loads(content)["path"])
    except (ValueError, RecursionError, KeyError, TypeError):
        return ""
    return path if is_version(path) else ""


def is_version(folder: str) -> bool:
    """Whether a folder's name is that of a version."""
    return folder.startswith("v") and VERSION.fullmatch(folder[1:]) is not None


def _points_at(pointer: dict[str, Any] | None, release: Release) -> bool:
    return bool(pointer) and version_order(str(pointer.get("version"))) >= version_order(release.version)  # type: ignore[union-attr]


def _articles(release: Release) -> str:
    """The pattern of the shards that a reader wants first."""
    texts = any(file.path.startswith("articles/") for file in release.files)
    return f"{release.tag}/articles/*/train-*.parquet" if texts else f"{release.tag}/catalog/train-*.parquet"


def _some(names: list[str]) -> str:
    shown = ", ".join(one_line(name, 80) for name in names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"
