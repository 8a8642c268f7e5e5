"""Changing a dataset.yaml: in one step, one change after the other, and only as a file of its own corpus."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from dataset_builder.config_check import CONFIG_NAME
from dataset_builder.errors import OutsideError, UsageError
from dataset_builder.folder_lock import folder_lock
from dataset_builder.read.safe_open import outside, regular_file

_BOM = "\ufeff"
#: Seconds that another command's change is waited for; one takes less than one of them.
_PATIENCE = 10.0
#: How often a change is made anew because somebody, such as an editor, has saved the file meanwhile.
_TRIES = 5


def edit_config(folder: Path, change: Callable[[str], str]) -> None:
    """Replace ``folder/dataset.yaml`` by what ``change`` makes of its text (empty where there is no file).

    Commands that change it at once do so one after the other. Where somebody else has saved the file since it was read,
    ``change`` is called again, upon the new text.

    Raises:
        UsageError: the file is a link that leads outside; whatever ``change`` raises goes through.
        OutsideError: the disk failed, or others do not stop writing the file.
    """
    path = folder / CONFIG_NAME
    if os.path.lexists(path):
        issue = outside(path, folder, CONFIG_NAME) or regular_file(path, CONFIG_NAME)
        if issue is not None:
            raise UsageError(
                issue.found, expected="dataset.yaml as a file of the corpus", place=CONFIG_NAME, issues=(issue,)
            )
    target = path.resolve()
    try:
        with folder_lock(folder, "another change of dataset.yaml", patience=_PATIENCE):
            if not any(_edited(target, change) for _ in range(_TRIES)):
                raise OutsideError(f"{path} is written by somebody else again and again", hint="call again later")
    except OSError as error:
        raise OutsideError(
            f"{path} cannot be written: {error.strerror or error}", expected="permission to write, and room"
        ) from error


def _edited(path: Path, change: Callable[[str], str]) -> bool:
    """One try; False where the file is another one by now."""
    before = _content(path)
    text = (before or b"").decode("utf-8")
    mark = _BOM if text.startswith(_BOM) else ""
    return _replace(path, mark + change(text.removeprefix(_BOM)), before)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _replace(path: Path, text: str, before: bytes | None) -> bool:
    """Write beside ``path``, see that it is still ``before``, and rename, so that nobody ever reads half of it."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("x", encoding="utf-8", newline="") as file:
            if path.exists():
                beside.chmod(path.stat().st_mode & 0o7777)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if _content(path) != before:
            return False
        beside.replace(path)
        return True
    finally:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()
