"""``metadata.jsonl`` and ``metadata.csv``, the Hub's folder convention: ``file_name`` and the fields of that file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from dataset_builder.issues import Issue
from dataset_builder.read.fields import Declarations, read_declarations
from dataset_builder.read.jsonl import parse_object
from dataset_builder.read.safe_open import outside, read_bounded, regular_file
from dataset_builder.visible import one_line

METADATA_NAMES = ("metadata.jsonl", "metadata.csv")
KEY = "file_name"
MAX_METADATA_BYTES = 1024 * 1024 * 1024


class FolderMetadata:
    """What the metadata files of a corpus declare, by locator of the file that they describe."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self._rows: dict[str, tuple[Declarations, str, int]] = {}
        self._used: set[str] = set()

    @classmethod
    def read(cls, corpus: Path, locators: list[str], extra: frozenset[str]) -> FolderMetadata:
        """Read the metadata files among ``locators``."""
        metadata = cls()
        for locator in locators:
            if PurePosixPath(locator).name in METADATA_NAMES:
                metadata._read_file(corpus, locator, extra)
        return metadata

    def of(self, locator: str) -> Declarations:
        """What is declared for the file at ``locator``."""
        self._used.add(locator)
        found = self._rows.get(locator)
        return found[0] if found else Declarations()

    def unused(self) -> list[Issue]:
        """A finding for each row whose file is not there."""
        return [
            Issue(path, line, code="metadata-file-missing", found=one_line(target), expected="a file of the corpus")
            for target, (_, path, line) in self._rows.items()
            if target not in self._used
        ]

    def _read_file(self, corpus: Path, locator: str, extra: frozenset[str]) -> None:
        path = corpus / locator
        if issue := outside(path, corpus, locator) or regular_file(path, locator):
            self.issues.append(issue)
            return
        content = read_bounded(path, locator, MAX_METADATA_BYTES)
        if isinstance(content, Issue):
            self.issues.append(content)
            return
        rows = _jsonl_rows if locator.endswith(".jsonl") else _csv_rows
        for line, values in rows(content, locator):
            if isinstance(values, Issue):
                self.issues.append(values)
            else:
                self._add(locator, line, values, extra)

    def _add(self, locator: str, line: int, values: dict[str, Any], extra: frozenset[str]) -> None:
        target = target_of(locator, line, values.pop(KEY, None))
        if isinstance(target, Issue):
            self.issues.append(target)
            return
        lines = dict.fromkeys(values, line)
        declared = read_declarations(values, rule="metadata", path=locator, lines=lines, extra=extra)
        if target in self._rows:
            first = self._rows[target]
            found = f"a second row for {one_line(target)}; the first is on line {first[2]} of {first[1]}"
            issue = Issue(locator, line, code="metadata-duplicate-row", found=found, expected="one row a file")
            declared = Declarations(first[0].claims, (*first[0].issues, issue))
            self._rows[target] = (declared, first[1], first[2])
        else:
            self._rows[target] = (declared, locator, line)


def _jsonl_rows(content: bytes, locator: str) -> Iterator[tuple[int, dict[str, Any] | Issue]]:
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.strip():
            try:
                yield number, parse_object(line)
            except ValueError as error:
                found = one_line(str(error))
                yield number, Issue(locator, number, code="metadata-invalid", found=found, expected="a JSON object")


def _csv_rows(content: bytes, locator: str) -> Iterator[tuple[int, dict[str, Any] | Issue]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        yield line, Issue(locator, line, code="metadata-invalid", found="a byte that is not UTF-8", expected="UTF-8")
        return
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        if KEY not in (reader.fieldnames or ()):
            yield 1, Issue(locator, 1, code="metadata-invalid", found="no column file_name", expected="file_name")
            return
        if len(set(reader.fieldnames or ())) < len(reader.fieldnames or ()):
            yield 1, Issue(locator, 1, code="metadata-invalid", found="a column twice", expected="each column once")
            return
        for values in reader:
            line = reader.line_num
            if None in values or None in values.values():
                found = "a row with more or fewer cells than the header"
                yield line, Issue(locator, line, code="metadata-invalid", found=found, expected="one cell a column")
            else:
                yield line, dict(values)
    except csv.Error as error:
        line = reader.line_num
        yield line, Issue(locator, line, code="metadata-invalid", found=one_line(str(error)), expected="CSV (RFC 4180)")


def target_of(locator: str, line: int, name: object) -> str | Issue:
    """The locator of the file that a row describes."""
    if not isinstance(name, str) or not name:
        found = "no file_name"
        return Issue(
            locator, line, field=KEY, code="metadata-invalid", found=found, expected="a file below this folder"
        )
    relative = PurePosixPath(name)
    target = PurePosixPath(locator).parent / relative
    if relative.is_absolute() or ".." in relative.parts or "\\" in name or "\x00" in name:
        return Issue(
            locator, line, field=KEY, code="path-outside", found=one_line(name), expected="a file below this folder"
        )
    return target.as_posix()
