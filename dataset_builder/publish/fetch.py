"""A published snapshot in a temporary folder, so that it is verified as a local one is.

Nothing that the far side says is believed: paths that lead outside are not written, and a file is fetched only if its
size is the one that the manifest states. Another, and one that the manifest does not list, is represented by a hole of
its size, which is enough to find it wrong.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from dataset_builder.errors import OutsideError, SnapshotError, UsageError
from dataset_builder.progress import BYTES, OnProgress, counted, silent
from dataset_builder.publish.address import Address, FolderAddress, HubAddress, parse_address
from dataset_builder.snapshot.manifest import MANIFEST, MAX_MANIFEST_BYTES, SEAL
from dataset_builder.visible import is_unsafe, one_line

#: More files than any snapshot has, fewer than fill a disk with names.
MOST_FILES = 1_000_000
_SEALED = {MANIFEST: MAX_MANIFEST_BYTES, SEAL: 4096}
_READERS = 4
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Remote:
    """A published version: path -> bytes, and how to bring one file to a place."""

    address: str
    sizes: Mapping[str, int]
    bring: Callable[[str, Path], None]


@contextmanager
def fetched(text: str, on_progress: OnProgress = silent) -> Iterator[Path]:
    """The snapshot at ``hf://datasets/ORG/NAME[@REVISION]`` or ``s3://BUCKET/PREFIX[/vX.Y.Z]``, in a folder that goes.

    Raises:
        UsageError: the address is none, or nothing is there.
        SnapshotError: what is there is no snapshot.
        OutsideError: it cannot be fetched, or the disk has no room for it.
    """
    with _remote(parse_address(text)) as remote, TemporaryDirectory(prefix="build-dataset-") as folder:
        bring_snapshot(remote, Path(folder), on_progress)
        yield Path(folder)


def bring_snapshot(remote: Remote, folder: Path, on_progress: OnProgress = silent) -> None:
    """Fetch what the manifest lists; see the module."""
    if MANIFEST not in remote.sizes:
        raise SnapshotError(
            f"{remote.address} is no snapshot: it has no {MANIFEST}",
            expected="what build-dataset publish wrote there",
            hint="name a version: …@v1.2.0 on the Hub, …/v1.2.0 in a bucket",
        )
    if len(remote.sizes) > MOST_FILES:
        raise SnapshotError(f"{remote.address} holds {len(remote.sizes)} files", expected=f"at most {MOST_FILES}")
    for name, most in _SEALED.items():
        if remote.sizes.get(name, 0) <= most and name in remote.sizes:
            _bring(remote, name, folder)
    stated = {**_stated(folder / MANIFEST), **{name: remote.sizes.get(name, -1) for name in _SEALED}}
    wanted = [path for path, size in remote.sizes.items() if stated.get(path) == size and path not in _SEALED]
    wanted.sort()
    total = sum(remote.sizes[path] for path in wanted)
    _refuse_full_disk(remote, folder, total)
    with ThreadPoolExecutor(_READERS) as readers:
        arrived = readers.map(lambda path: _bring(remote, path, folder), wanted)
        sizes = counted(wanted, "fetch", on_progress, size=lambda path: remote.sizes[path], total=total, unit=BYTES)
        for _ in zip(sizes, arrived, strict=True):
            pass
    for path in sorted(set(remote.sizes) - set(wanted)):
        if not (place := _place(folder, path)).exists():
            _hole(place, remote.sizes[path])


def _stated(path: Path) -> dict[str, int]:
    """Path -> bytes as the manifest has it; a manifest that cannot be read states nothing."""
    try:
        files = json.loads(path.read_bytes())["files"]
        return {str(entry["path"]): int(entry["bytes"]) for entry in files}
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        return {}


def _bring(remote: Remote, path: str, folder: Path) -> None:
    place = _place(folder, path)
    place.parent.mkdir(parents=True, exist_ok=True)
    remote.bring(path, place)


def _place(folder: Path, path: str) -> Path:
    """Where a file goes; one whose name leads outside goes under a name that says so, and is found not to belong."""
    pure = PurePosixPath(path)
    inside = bool(pure.parts) and not pure.is_absolute() and ".." not in pure.parts and "\\" not in path
    if inside and not is_unsafe(path) and len(path.encode()) < 1000 and all(len(part) < 200 for part in pure.parts):
        return folder / path
    return folder / f"unsafe name {one_line(path, 60).replace('/', '_')}"


def _hole(place: Path, size: int) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("wb") as file:
            file.truncate(size)
    except OSError:
        place.with_name(f"{place.name}.unfetched").touch()


def _refuse_full_disk(remote: Remote, folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise OutsideError(
            f"{remote.address} needs {needed} bytes, and {folder.parent} has {free}",
            hint="set TMPDIR to a folder on a disk with more room",
        )


@contextmanager
def _remote(address: Address) -> Iterator[Remote]:
    if isinstance(address, HubAddress):
        with _from_hub(address) as remote:
            yield remote
    elif isinstance(address, FolderAddress):
        raise UsageError(f"{address} is a folder", expected="an address that begins with hf:// or s3://")
    else:
        from dataset_builder.publish.targets import open_store
        from dataset_builder.publish.versioned import is_version, newest

        with open_store(address) as store:
            last = address.prefix.rpartition("/")[2]
            folder = "" if is_version(last) else newest(store)

            def bring(path: str, place: Path) -> None:
                with store.open(f"{folder}/{path}" if folder else path) as stream, place.open("wb") as file:
                    shutil.copyfileobj(stream, file, _CHUNK)

            yield Remote(f"{address}/{folder}" if folder else str(address), store.listing(folder), bring)


@contextmanager
def _from_hub(address: HubAddress) -> Iterator[Remote]:
    from dataset_builder.publish.hub.session import BRANCH, hub_session
    from dataset_builder.publish.hub.target import ATTRIBUTES

    with hub_session(address, writes=False) as session, TemporaryDirectory(prefix="build-dataset-") as scratch:
        commit = session.commit_of(address.revision or BRANCH)
        sizes = {path: file.bytes for path, file in session.files(commit).items() if path != ATTRIBUTES}

        def bring(path: str, place: Path) -> None:
            shutil.move(session.fetch(path, commit, Path(scratch)), place)

        yield Remote(f"{address} ({commit[:12]})", sizes, bring)
