"""Changing a dataset.yaml: in one step, and only as a file of its own corpus."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from dataset_builder.config_check import CONFIG_NAME
from dataset_builder.errors import OutsideError, UsageError
from dataset_builder.read.safe_open import outside, regular_file

_BOM = "\ufeff"


def edit_config(folder: Path, change: Callable[[str], str]) -> None:
    """Replace ``folder/dataset.yaml`` by what ``change`` makes of its text (empty where there is no file).

    Raises:
        UsageError: the file is a link that leads outside; whatever ``change`` raises goes through.
        OutsideError: the disk failed.
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
        before = target.read_bytes().decode("utf-8") if target.exists() else ""
        mark = _BOM if before.startswith(_BOM) else ""
        _replace(target, mark + change(before.removeprefix(_BOM)))
    except OSError as error:
        raise OutsideError(
            f"{path} cannot be written: {error.strerror or error}", expected="permission to write, and room"
        ) from error


def _replace(path: Path, text: str) -> None:
    """Write beside ``path`` and rename, so that nobody ever reads half of it."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("x", encoding="utf-8", newline="") as file:
            if path.exists():
                beside.chmod(path.stat().st_mode & 0o7777)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()
