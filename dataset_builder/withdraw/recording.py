"""Withdrawals go into dataset.yaml as it is when it is written: what another call has recorded since is not doubled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dataset_builder.config import Withdrawal
from dataset_builder.config_check import CONFIG_NAME
from dataset_builder.config_edit import edit_config
from dataset_builder.errors import OutsideError
from dataset_builder.strict_yaml import YamlError, parse_yaml
from dataset_builder.withdraw.entry import with_entries


def record_new(folder: Path, entries: Sequence[Withdrawal]) -> tuple[Withdrawal, ...]:
    """Add those of ``entries`` whose article is not withdrawn yet; which ones these were.

    Raises:
        UsageError: dataset.yaml is a link that leads outside, or of a shape that cannot be added to.
        OutsideError: the disk failed, or somebody has saved what is no YAML since the file was read.
    """
    new: tuple[Withdrawal, ...] = ()

    def added(text: str) -> str:
        nonlocal new
        known = _withdrawn(text)
        new = tuple(entry for entry in entries if entry.id not in known)
        return with_entries(text, new) if new else text

    edit_config(folder, added)
    return new


def _withdrawn(text: str) -> set[str]:
    try:
        value = parse_yaml(text).value or {}
        return {entry["id"] for entry in value.get("withdrawals", [])}
    except (YamlError, AttributeError, KeyError, TypeError) as error:
        raise OutsideError(
            f"{CONFIG_NAME} was changed meanwhile, and cannot be added to as it is now",
            expected="a file that build-dataset check accepts",
            hint="finish what is being edited, then call again",
            place=CONFIG_NAME,
        ) from error
