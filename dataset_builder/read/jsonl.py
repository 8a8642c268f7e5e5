"""JSON Lines: one object a line, one article an object. Lines are read one at a time, however long the file is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dataset_builder.issues import Issue
from dataset_builder.read.context import InputFile
from dataset_builder.read.record import RawRecord, Rejection
from dataset_builder.read.safe_open import MAX_ARTICLE_BYTES
from dataset_builder.read.table_row import TableRow, record_of_row
from dataset_builder.visible import one_line


def read_jsonl(file: InputFile) -> Iterator[RawRecord | Rejection]:
    """Yield one record or rejection a line; blank lines are skipped."""
    unread: set[str] = set()
    try:
        with file.path.open("rb") as lines:
            for number, line in enumerate(iter(lambda: lines.readline(MAX_ARTICLE_BYTES + 1), b""), start=1):
                if line.strip():
                    yield _record(file, number, line, unread)
    except OSError as error:
        found = error.strerror or type(error).__name__
        yield Rejection(Issue(file.locator, code="unreadable-file", found=found, expected="a readable file"))


def _record(file: InputFile, number: int, line: bytes, unread: set[str]) -> RawRecord | Rejection:
    if len(line) > MAX_ARTICLE_BYTES:
        expected = f"at most {MAX_ARTICLE_BYTES} bytes a line"
        return Rejection(Issue(file.locator, number, code="file-too-large", found="a longer line", expected=expected))
    try:
        values = parse_object(line)
    except ValueError as error:
        found = one_line(str(error))
        return Rejection(Issue(file.locator, number, code="broken-line", found=found, expected="a JSON object"))
    return record_of_row(file, TableRow(values, f"{file.locator}#L{number}", line=number), unread)


def parse_object(line: bytes) -> dict[str, Any]:
    """The JSON object on one line.

    Raises:
        ValueError: for anything else, with one line that says what it is instead.
    """
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"byte 0x{line[error.start]:02X} in column {error.start + 1} is not UTF-8") from None
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("endlessly nested JSON") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg} in column {error.pos + 1}") from None
    if not isinstance(value, dict):
        raise ValueError(f"a JSON {type(value).__name__}")
    return value


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name}, which is not JSON")
