"""One at a time in a folder: a lock on the folder itself, which leaves no file behind and dies with its process."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dataset_builder.errors import OutsideError

#: Seconds between two tries.
_PAUSE = 0.05
#: What a file system answers that has no such lock; NFS among them, which wants a descriptor that may be written to.
_NONE = frozenset({errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})


@contextmanager
def folder_lock(folder: Path, others: str, *, patience: float = 0.0) -> Iterator[bool]:
    """Hold the lock on ``folder``; False where its system has none, and nobody is kept out.

    Args:
        others: what holds it where it is not to be had, for the error: "another publish".
        patience: seconds to wait for it.

    Raises:
        OutsideError: another process holds it.
        OSError: there is no such folder, or no right to read it.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        yield False
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for attempt in range(int(patience / _PAUSE), -1, -1):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                held = True
                break
            except BlockingIOError:
                if not attempt:
                    raise _busy(folder, others) from None
                time.sleep(_PAUSE)
            except OSError as error:
                if error.errno not in _NONE:
                    raise
                held = False
                break
        yield held
    finally:
        os.close(descriptor)


def _busy(folder: Path, others: str) -> OutsideError:
    return OutsideError(
        f"{others} is under way in {folder}",
        expected="one at a time",
        hint="wait until it is done, then call again; its lock goes with it, and nothing has to be removed",
    )
