"""The files of a foreign folder: listed without following links, opened within bounds."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from dataset_builder.errors import UsageError
from dataset_builder.issues import Issue
from dataset_builder.read.safe_open import outside, read_bounded, regular_file, safe_name
from dataset_builder.read.streams import inner_suffix
from dataset_builder.resources import read_yaml, schema_file
from dataset_builder.visible import one_line

#: Cards and descriptors are a few hundred kilobytes at most.
MOST_BYTES = 16 << 20
MOST_FILES = 100_000
TABLES = frozenset({".parquet", ".csv", ".tsv", ".jsonl", ".ndjson"})


@dataclass
class Folder:
    """A folder that somebody else wrote.

    Attributes:
        root: the folder.
        names: its files, as POSIX paths below it, sorted.
        issues: what could not be listed or read.
    """

    root: Path
    names: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    @classmethod
    def open(cls, root: Path) -> Folder:
        """List the folder; hidden files are none of its statements.

        Raises:
            UsageError: it is no folder.
        """
        if not root.is_dir():
            raise UsageError(
                f"{root} is no folder", expected="a folder with a dataset: README.md, a descriptor, tables"
            )
        folder = cls(root)
        folder.names = sorted(folder._walk())
        return folder

    def tables(self) -> list[str]:
        """The names of the data files."""
        return [name for name in self.names if inner_suffix(name) in TABLES]

    def read(self, name: str) -> str | None:
        """The text of a card or a descriptor; None, with a finding, where it cannot be read."""
        content = read_bounded(self.root / name, name, MOST_BYTES)
        if isinstance(content, Issue):
            self.refuse(name, content.found, content.expected)
            return None
        return content.decode("utf-8-sig", "replace")

    def read_json(self, name: str) -> dict[str, Any] | None:
        """A descriptor; None, with a finding, where it is no JSON object."""
        text = self.read(name)
        if text is None:
            return None
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            self.refuse(name, f"{type(error).__name__}: {error}", "one JSON object")
            return None
        if not isinstance(value, dict):
            self.refuse(name, type(value).__name__, "one JSON object")
            return None
        return value

    def refuse(self, name: str, found: str, expected: str = "") -> None:
        """Note that a file says nothing that can be read."""
        self.issues.append(Issue(name, code="lint-unreadable", found=one_line(found, 200), expected=expected))

    def _walk(self) -> Iterator[str]:
        count = 0
        for place, folders, files in os.walk(self.root):
            here = Path(place)
            folders[:] = sorted(name for name in folders if not name.startswith(".") and self._enter(here / name))
            for name in sorted(files):
                count += 1
                if count > MOST_FILES:
                    self.refuse("", f"more than {MOST_FILES:,} files; the others were not looked at")
                    return
                if not name.startswith(".") and (locator := self._regular(here / name)):
                    yield locator

    def _enter(self, folder: Path) -> bool:
        if not folder.is_symlink():
            return True
        self.refuse(_locator(self.root, folder), "a link to a folder", "a folder of the dataset")
        return False

    def _regular(self, path: Path) -> str:
        locator = _locator(self.root, path)
        issue = safe_name(locator) or outside(path, self.root, locator) or regular_file(path, locator)
        if issue is not None:
            self.refuse(one_line(locator), issue.found, issue.expected)
            return ""
        return locator


def _locator(root: Path, path: Path) -> str:
    return PurePosixPath(path.relative_to(root)).as_posix()


@cache
def names(kind: str) -> frozenset[str]:
    """One list of ``schema/lint/names.yaml``."""
    return frozenset(read_yaml(schema_file("lint", "names.yaml"))[kind])
