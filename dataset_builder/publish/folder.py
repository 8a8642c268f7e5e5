"""A folder as a target: a version is copied beside its place and gets its name in one step.

Whoever writes holds the folder's lock. An unfinished copy that is there while nobody else holds it was left by a
publish that was killed.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import shutil
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from dataset_builder.errors import OutsideError, UsageError
from dataset_builder.folder_lock import folder_lock
from dataset_builder.progress import OnProgress, silent
from dataset_builder.publish.release import ReleaseFile, counted_bytes
from dataset_builder.publish.store import Stored
from dataset_builder.regular_file import open_regular
from dataset_builder.snapshot.durable import flush_file, flush_folder
from dataset_builder.snapshot.identity import file_sha256
from dataset_builder.visible import one_line

_UNFINISHED = ".publish-"
#: What a rename answers where another folder has come to stand.
_TAKEN = frozenset({errno.EEXIST, errno.ENOTEMPTY})


@dataclass(frozen=True)
class FolderStore:
    """See :class:`dataset_builder.publish.store.Store`."""

    root: Path

    @property
    def address(self) -> str:
        """As the caller wrote it."""
        return str(self.root)

    def missing_gate(self) -> str:
        """The gate of a folder is that others may not enter it."""
        if os.name != "posix":
            return f"who may read {self.root} cannot be told on this system"
        here = self.root if self.root.is_dir() else self.root.parent
        open_to_all = here.is_dir() and here.stat().st_mode & (stat.S_IROTH | stat.S_IXOTH)
        return f"everybody on this machine may enter {here}" if open_to_all else ""

    @contextmanager
    def alone(self, *, make: bool) -> Iterator[bool]:
        """The folder's lock; False where its file system has none."""
        with contextlib.ExitStack() as held:
            with _faults(self.root, "written"):
                if make:
                    self.root.mkdir(parents=True, exist_ok=True)
                there = self.root.is_dir()
                kept = held.enter_context(folder_lock(self.root, "another publish or purge")) if there else True
            yield kept

    def leftovers(self) -> list[Stored]:
        """The files of unfinished copies."""
        with _faults(self.root, "read"):
            return [
                Stored(f"{top.name}/{path}", size)
                for top in self._unfinished()
                for path, size in sorted(self.listing(top.name).items())
            ]

    def sweep(self) -> None:
        """Delete unfinished copies; what cannot be deleted stays."""
        for top in self._unfinished():
            if top.is_dir():
                shutil.rmtree(top, ignore_errors=True)
            else:
                with contextlib.suppress(OSError):
                    top.unlink()

    def _unfinished(self) -> list[Path]:
        found = sorted(self.root.glob(f"{_UNFINISHED}*"))
        for top in found:
            _refuse_irregular(top)
        return found

    def listing(self, below: str) -> dict[str, int]:
        """Files below a folder of the target, unfinished copies aside.

        Raises:
            UsageError: a link, a device, a pipe or a socket is among them.
        """
        found: dict[str, int] = {}
        with _faults(self.root, "read"):
            top = self._place(below)
            for folder, subfolders, names in os.walk(top):
                subfolders[:] = sorted(name for name in subfolders if not name.startswith(_UNFINISHED))
                for name in (*subfolders, *names):
                    _refuse_irregular(Path(folder) / name)
                for name in names:
                    path = Path(folder) / name
                    found[path.relative_to(top).as_posix()] = path.lstat().st_size
        return found

    def peek(self, path: str, most: int) -> bytes | None:
        """The first bytes of a file, if there is one."""
        with _faults(self.root, "read"):
            if not self._place(path).is_file():
                return None
        with self.open(path) as stream:
            return stream.read(most)

    @contextmanager
    def open(self, path: str, generation: str = "") -> Iterator[BinaryIO]:  # noqa: ARG002 - a folder has one
        """A file as a stream."""
        with _faults(self.root, "read"), open_regular(self._place(path)) as stream:
            yield stream

    def add_version(self, folder: str, files: Sequence[ReleaseFile], on_progress: OnProgress = silent) -> None:
        """Copy, have it on the disk, rename: the version is there whole or not at all."""
        place = self.root / folder
        whole = {file.path: file.bytes for file in files}
        if os.path.lexists(place):
            if whole != self.listing(folder):
                raise UsageError(f"{place} is there and is not whole", hint=f"delete {place} and call again")
            return
        with _faults(self.root, "written"):
            self.root.mkdir(parents=True, exist_ok=True)
            beside = self.root / f"{_UNFINISHED}{secrets.token_hex(4)}"
            try:
                for file in counted_bytes(files, "copy", on_progress):
                    _copy(file, beside / file.path)
                if self.listing(beside.name) != whole:
                    raise _meddled(beside)
                _name(beside, place)
                flush_folder(self.root)
            finally:
                shutil.rmtree(beside, ignore_errors=True)

    def replace(self, path: str, content: bytes, before: bytes | None) -> None:
        """Write beside and rename, so that nobody reads half of it."""
        target = self.root / path
        beside = target.with_name(f"{_UNFINISHED}{secrets.token_hex(4)}")
        with _faults(self.root, "written"):
            if self.peek(path, len(before or b"") + 1) != before:
                raise _meddled(target)
            try:
                beside.write_bytes(content)
                flush_file(beside)
                beside.replace(target)
                flush_folder(self.root)
            finally:
                with contextlib.suppress(FileNotFoundError):
                    beside.unlink()

    def generations(self) -> list[Stored]:
        """The files themselves; a folder keeps no older generations."""
        return [Stored(path, size) for path, size in sorted(self.listing("").items())]

    def erase(self, things: Iterable[Stored]) -> None:
        """Delete files."""
        with _faults(self.root, "written"):
            for thing in things:
                (self.root / thing.path).unlink(missing_ok=True)

    def _place(self, path: str) -> Path:
        """Where ``path`` stands below the target; a link on the way is not followed."""
        place = self.root
        for part in PurePosixPath(path).parts:
            place /= part
            _refuse_irregular(place)
        return place

    def load_line(self, pattern: str) -> str:
        """The line of Python that loads the Parquet files of ``pattern``."""
        return f'load_dataset("parquet", data_files={json.dumps(str(self.root / pattern))}, split="train")'


def _refuse_irregular(path: Path) -> None:
    """Whoever may write into the target could put a link to somewhere else there, or a pipe that is waited for."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise UsageError(
            f"{one_line(str(path), 400)} is {'a link' if stat.S_ISLNK(mode) else 'a device, pipe or socket'}",
            expected="files and folders, as build-dataset publish writes them",
            hint="look where it comes from and remove it; what a link leads to is neither read nor deleted",
        )


def _name(beside: Path, place: Path) -> None:
    try:
        beside.rename(place)
    except OSError as error:
        raise (_meddled(place) if error.errno in _TAKEN else error) from error


def _meddled(place: Path) -> OutsideError:
    return OutsideError(
        f"{place} was written by somebody else meanwhile",
        expected="one publish to a folder at a time",
        hint="call again: what is there is compared first",
    )


def _copy(file: ReleaseFile, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file.source, target)
    flush_file(target)
    if file_sha256(target) != file.sha256:
        raise OutsideError(
            f"{file.path} changed while it was copied", hint="build-dataset verify says what has changed"
        )


@contextmanager
def _faults(root: Path, done: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutsideError(
            f"{root} cannot be {done}: {error.strerror or error}",
            expected="a folder on a disk with room, and permission",
            hint="free some space or ask for permission, then call again",
        ) from error
