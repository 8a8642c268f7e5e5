"""What is published: a snapshot that verifies and may leave the house."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataset_builder.errors import SnapshotError, UsageError
from dataset_builder.progress import BYTES, OnProgress, counted, silent
from dataset_builder.snapshot.identity import file_sha256
from dataset_builder.snapshot.manifest import MANIFEST, SEAL, read_manifest
from dataset_builder.snapshot.verify import require_valid

#: As in schema/config.schema.json; a version becomes a tag and a part of keys.
VERSION = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})")


@dataclass(frozen=True)
class ReleaseFile:
    """One file of a snapshot: its path below it, size in bytes, SHA-256, and where it lies."""

    path: str
    bytes: int
    sha256: str
    source: Path


@dataclass(frozen=True)
class Release:
    """A snapshot that may be published.

    Attributes:
        files: all of them, manifest and seal last.
        doi: the one that its descriptions state, or ``""``.
    """

    root: Path
    name: str
    version: str
    identity: str
    audience: str
    doi: str
    files: tuple[ReleaseFile, ...]

    @property
    def tag(self) -> str:
        """The version as it is named at the target."""
        return f"v{self.version}"

    @property
    def restricted(self) -> bool:
        """Whether it may only go where a gate is."""
        return self.audience == "restricted"

    @property
    def bytes(self) -> int:
        """Of all files together."""
        return sum(file.bytes for file in self.files)


def open_release(root: Path, on_progress: OnProgress = silent) -> Release:
    """The snapshot at ``root``, after it has been verified.

    Raises:
        UsageError: there is no such folder, or the snapshot is private.
        SnapshotError: it does not verify.
    """
    manifest = read_manifest(root)
    if manifest.get("audience") == "private":
        raise _private(root)
    require_valid(root, on_progress)
    version = str(manifest["version"])
    if VERSION.fullmatch(version) is None:
        raise SnapshotError(f"the version {version[:40]!r}", expected="MAJOR.MINOR.PATCH", place=str(root))
    return Release(
        root,
        str(manifest["name"]),
        version,
        str(manifest["identity"]),
        str(manifest["audience"]),
        str(manifest.get("doi") or ""),
        tuple(_files(root, manifest)),
    )


def _files(root: Path, manifest: dict[str, Any]) -> list[ReleaseFile]:
    listed = [ReleaseFile(one["path"], one["bytes"], one["sha256"], root / one["path"]) for one in manifest["files"]]
    sealed = [
        ReleaseFile(name, (root / name).stat().st_size, file_sha256(root / name), root / name)
        for name in (MANIFEST, SEAL)
    ]
    return [*listed, *sealed]


def _private(root: Path) -> UsageError:
    return UsageError(
        f"{root} is private: it holds texts whatever their rights",
        expected="a snapshot for a public or restricted audience",
        hint="build one without --private; a private snapshot is published nowhere",
    )


def counted_bytes(files: Sequence[ReleaseFile], step: str, on_progress: OnProgress) -> Iterator[ReleaseFile]:
    """``files`` as they are, with a report after each of how many bytes have passed."""
    total = sum(file.bytes for file in files)
    return counted(files, step, on_progress, size=lambda file: file.bytes, total=total, unit=BYTES)


def version_order(version: str) -> tuple[int, int, int]:
    """A version as numbers, to compare it; what is no version comes before all of them."""
    match = VERSION.fullmatch(version)
    return (int(match[1]), int(match[2]), int(match[3])) if match else (-1, -1, -1)
