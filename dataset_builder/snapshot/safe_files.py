"""What a snapshot from a stranger may hold: regular files in folders, nothing that leads outside or never ends.

Asked before anything of the snapshot is opened: a pipe would be waited for, a device read for ever, a link followed to
files that are nobody's business.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from dataset_builder.errors import SnapshotError
from dataset_builder.issues import Issue
from dataset_builder.visible import one_line

#: A snapshot with more of them is listed by the first.
_MOST = 100


def irregular_files(root: Path) -> tuple[Issue, ...]:
    """A finding for each link that leads outside ``root`` or nowhere, and for each device, pipe and socket."""
    issues: list[Issue] = []
    for issue in _walk(root):
        issues.append(issue)
        if len(issues) == _MOST:
            break
    return tuple(issues)


def refuse_irregular(root: Path) -> None:
    """:func:`irregular_files`, as an error.

    Raises:
        SnapshotError: there is one; ``issues`` lists them.
    """
    if issues := irregular_files(root):
        raise SnapshotError(
            f"{root} holds {issues[0].path}, which is {issues[0].found}",
            expected="regular files in folders",
            hint="fetch the snapshot again from where it is published; nothing of this copy was read",
            issues=issues,
        )


def _walk(root: Path) -> Iterator[Issue]:
    base = root.resolve()
    for folder, subfolders, names in os.walk(root):
        subfolders.sort()
        for name in sorted([*names, *subfolders]):
            path = Path(folder) / name
            if found := _judged(path, base):
                code, what = found
                shown = one_line(path.relative_to(root).as_posix())
                yield Issue(shown, code=code, found=what, expected="a file of the snapshot")


def _judged(path: Path, base: Path) -> tuple[str, str] | None:
    """The code and the words for what is no file or folder of the snapshot."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            if not path.resolve(strict=True).is_relative_to(base):
                return "path-outside", "a link that leads outside"
            mode = path.stat().st_mode
    except (OSError, RuntimeError):
        return "path-outside", "a link that leads nowhere"
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return None
    return "not-a-regular-file", "a device, pipe or socket"
