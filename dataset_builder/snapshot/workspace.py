"""Never half: a build works beside OUT and exchanges the two atomically at the end.

The workspace is ``.NAME.build-XXXXXXXX`` in OUT's parent folder, so that it is on the same file system. It holds a lock
that dies with the process; a workspace whose lock is free was left by a build that was killed, and the next one sweeps
it. On Linux ``renameat2(RENAME_EXCHANGE)`` swaps two folders in one step. Elsewhere there are two renames, and the name
of the old snapshot lets the next start put it back if the process died between them.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import secrets
import shutil
import time
from pathlib import Path
from types import TracebackType

from dataset_builder.errors import OutsideError, UsageError
from dataset_builder.snapshot.durable import flush_folder, flush_tree

_RENAME_EXCHANGE = 2  # linux/fs.h
_AT_FDCWD = -100  # fcntl.h
#: A folder without a lock this old was left between two system calls, not made just now by somebody else.
_NEWBORN_SECONDS = 60


#: What the system answers when it is a write that fails, whoever in the build has tried it.
_WRITING = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG, errno.EROFS, errno.EIO})


class Workspace:
    """The place where a build writes; use it as a context manager.

    Attributes:
        snapshot: the folder that will become OUT.
        scratch: a folder for what is needed during the build only.
    """

    def __init__(self, out: Path) -> None:
        self.out = Path(os.path.abspath(out))  # noqa: PTH100 - resolve() would follow a link at OUT itself
        self._refuse_foreign()
        try:
            self.out.parent.mkdir(parents=True, exist_ok=True)
            _sweep(self.out)
            self._root = self.out.parent / f"{_prefix(self.out)}{secrets.token_hex(4)}"
            self._root.mkdir()
            self._lock = _lock(self._root / "lock")
            self.snapshot = self._root / "snapshot"
            self.snapshot.mkdir()
            self.scratch = self._root / "scratch"
            self.scratch.mkdir()
        except OSError as error:
            raise _cannot_write(self.out, error) from error

    def __enter__(self) -> Workspace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _remove(self._root)
        if self._lock is not None:
            os.close(self._lock)
        if isinstance(error, OSError) and error.errno in _WRITING:
            raise _cannot_write(self.out, error) from error

    def publish(self) -> None:
        """Make the finished snapshot OUT, atomically; what was OUT before goes with the workspace."""
        try:
            flush_tree(self.snapshot)
            _exchange(self.snapshot, self.out, self._root / "previous")
            flush_folder(self.out.parent)
        except OSError as error:
            raise _cannot_write(self.out, error) from error

    def _refuse_foreign(self) -> None:
        """OUT must be absent, empty, or a snapshot: a typing error must not delete somebody's folder."""
        if not os.path.lexists(self.out):
            return
        if self.out.is_dir() and not self.out.is_symlink():
            if (self.out / "manifest.json").is_file() or not any(self.out.iterdir()):
                return
            found = f"{self.out} is a folder with other things in it"
        else:
            found = f"{self.out} is not a folder"
        raise UsageError(
            found,
            expected="a new path, an empty folder, or a snapshot to replace",
            hint="choose another --out; build-dataset never deletes what it did not write",
        )


def _cannot_write(out: Path, error: OSError) -> OutsideError:
    return OutsideError(
        f"{out} cannot be written: {os.strerror(error.errno) if error.errno else error}",
        expected="a folder on a disk with room and permission to write",
        hint="choose another --out, free some space, or ask for permission; what was there before is untouched",
    )


def _prefix(out: Path) -> str:
    return f".{out.name}.build-"


def _lock(path: Path) -> int | None:
    try:
        import fcntl
    except ImportError:  # Windows: no lock that dies with the process; leftovers are swept by age alone
        path.touch()
        return None
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def _sweep(out: Path) -> None:
    """Delete the workspaces of builds that were killed, and put back a snapshot that one of them had in hand."""
    for root in sorted(out.parent.glob(f"{_prefix(out)}*")):
        if root.is_dir() and not root.is_symlink() and _abandoned(root):
            previous = root / "previous"
            if previous.is_dir() and not out.exists():
                previous.rename(out)
            _remove(root)


def _remove(root: Path) -> None:
    """Delete a workspace, its lock last: whoever is killed on the way leaves what the next start knows as abandoned."""
    with contextlib.suppress(OSError):
        for folder in root.iterdir():
            if folder.name != "lock":
                shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(root, ignore_errors=True)


def _abandoned(root: Path) -> bool:
    try:
        import fcntl

        descriptor = os.open(root / "lock", os.O_RDWR)
    except (ImportError, OSError):
        with contextlib.suppress(OSError):
            return time.time() - root.stat().st_mtime > _NEWBORN_SECONDS
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def _exchange(new: Path, out: Path, previous: Path) -> None:
    if not out.exists():
        new.rename(out)
        return
    if not any(out.iterdir()):
        out.rmdir()
        new.rename(out)
        return
    if _rename_exchange(new, out):
        return
    out.rename(previous)
    try:
        new.rename(out)
    except OSError:
        previous.rename(out)
        raise


def _rename_exchange(first: Path, second: Path) -> bool:
    """Swap two folders in one step; False where the system cannot."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    done = renameat2(_AT_FDCWD, os.fsencode(first), _AT_FDCWD, os.fsencode(second), _RENAME_EXCHANGE)
    if done == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL):
        return False
    raise OSError(code, os.strerror(code))


def can_exchange(folder: Path) -> bool:
    """Whether two folders below ``folder`` can be swapped in one step; tried on two that are made and deleted."""
    root = folder / f".build-dataset-{secrets.token_hex(4)}"
    try:
        for name in ("first", "second"):
            (root / name).mkdir(parents=True)
        return _rename_exchange(root / "first", root / "second")
    except OSError:
        return False
    finally:
        shutil.rmtree(root, ignore_errors=True)
