"""A file for parsers that take a path: in memory, kept open, written anew for every input."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = "/dev/shm"


def scratch_folder() -> Path:
    """A folder of this process, in memory where the system has such; it goes with the process."""
    folder = tempfile.mkdtemp(prefix="fuzz-", dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


class ScratchFile:
    """One file. Opening one anew for every input would take longer than most parsers do."""

    def __init__(self, name: str, folder: Path | None = None) -> None:
        self.path = (folder or scratch_folder()) / name
        self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT)

    def write(self, data: bytes) -> None:
        """The file holds ``data`` and nothing else."""
        os.ftruncate(self._descriptor, len(data))
        os.pwrite(self._descriptor, data, 0)
