"""A small disk of its own, filled until a command has so many bytes left: ``python small_disk.py JOB`` (a JSON file).

Runs inside ``unshare --map-root-user --mount``, so that whoever runs the tests may mount it and nobody else sees it.
Prints one JSON line a room: the exit code, the last lines of the errors, and what is on the disk then.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from dataset_builder.cli import main

_BLOCK = 4096


def run(arguments: list[str]) -> tuple[int, str]:
    """The exit code of one call of the command, and what it wrote to standard error."""
    errors = io.StringIO()
    sys.argv = ["build-dataset", *arguments]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(errors):
        try:
            main()
        except SystemExit as ended:
            return int(ended.code or 0), errors.getvalue()
    return 0, errors.getvalue()


def state(disk: Path) -> dict[str, str]:
    """Path -> digest of every file on the disk, a folder without files as an empty digest."""
    found = {}
    for path in sorted(disk.rglob("*")):
        name = path.relative_to(disk).as_posix()
        if path.is_file():
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        elif path.is_dir() and not any(path.iterdir()):
            found[name] = ""
    return found


def fill(disk: Path, room: int) -> None:
    """Leave ``room`` bytes."""
    with (disk / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while filler.write(bytes(_BLOCK)):
            pass
    size = (disk / "filler").stat().st_size
    os.truncate(disk / "filler", max(0, size - room))


def main_of(job: dict[str, Any]) -> None:
    disk = Path(job["disk"])
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)], check=True)
    os.chdir(disk)
    for room in job["rooms"]:
        for old in disk.iterdir():
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        for name, source in job["holds"].items():
            shutil.copytree(source, disk / name)
        for command in job["before"]:
            assert run(command)[0] == 0, command
        before = state(disk)
        fill(disk, room)
        code, errors = run(job["command"])
        (disk / "filler").unlink()
        after = state(disk)
        again, _ = run(job["command"])
        print(json.dumps({
            "room": room, "code": code, "errors": errors[-2_000:], "changed": after != before, "before": before,
            "after": after, "again": again, "in_the_end": state(disk),
        }))  # fmt: skip


if __name__ == "__main__":
    main_of(json.loads(Path(sys.argv[1]).read_text()))
