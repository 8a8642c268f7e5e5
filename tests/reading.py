"""Reading one file the way a corpus does, for tests of readers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dataset_builder.read.context import InputFile
from dataset_builder.read.corpus import read_input
from dataset_builder.read.record import RawRecord, Rejection


def read_file(path: Path, fields: Mapping[str, str] | None = None, preset: str = "") -> list[RawRecord | Rejection]:
    """What the reader of the file's form yields."""
    file = InputFile(path, path.name, source="ledger", fields=fields or {}, preset=preset)
    return list(read_input(file))


def records(items: list[RawRecord | Rejection]) -> list[RawRecord]:
    """The records among ``items``."""
    return [item for item in items if isinstance(item, RawRecord)]


def rejected(items: list[RawRecord | Rejection]) -> list[str]:
    """The codes of the rejections among ``items``."""
    return [item.issue.code for item in items if isinstance(item, Rejection)]


def declared(record: RawRecord, field: str) -> str | None:
    """The first claim for ``field``."""
    return next((claim.value for claim in record.claims if claim.field == field), None)
