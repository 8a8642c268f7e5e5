"""The files of a deposit: the snapshot as one archive, and beside it what people want to read first.

A record takes few files and none in folders. The archive holds no time but 1980, the first that the format knows, and
is not compressed, as Parquet is already: the same snapshot gives the same bytes.
"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

from dataset_builder.describe.cite import read_citation_facts, render_citation
from dataset_builder.progress import OnProgress, silent
from dataset_builder.publish.release import Release, counted_bytes
from dataset_builder.snapshot.manifest import MANIFEST, SEAL

_BESIDE = ("README.md", "CITATION.cff", MANIFEST, SEAL)
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class DepositFile:
    """One file of a deposit; ``md5`` is what the repository states of it."""

    key: str
    bytes: int
    md5: str
    source: Path


def deposit_files(release: Release, scratch: Path, on_progress: OnProgress = silent) -> list[DepositFile]:
    """The files of a deposit, the archive and the DataCite record made in ``scratch``."""
    archive = scratch / f"{release.name}-{release.tag}.zip"
    _pack(release, archive, on_progress)
    record = scratch / "datacite.json"
    record.write_text(render_citation(read_citation_facts(release.root), "datacite"), encoding="utf-8")
    beside = [release.root / name for name in _BESIDE]
    return [_measured(path) for path in (archive, record, *beside)]


def _pack(release: Release, archive: Path, on_progress: OnProgress) -> None:
    ordered = sorted(release.files, key=lambda file: file.path)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for file in counted_bytes(ordered, "pack", on_progress):
            entry = zipfile.ZipInfo(f"{release.name}-{release.tag}/{file.path}", _EPOCH)
            entry.external_attr = 0o644 << 16
            with file.source.open("rb") as source, packed.open(entry, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, _CHUNK)


def _measured(path: Path) -> DepositFile:
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return DepositFile(path.name, path.stat().st_size, digest.hexdigest(), path)
