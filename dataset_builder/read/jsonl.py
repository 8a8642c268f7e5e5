"""JSON Lines: an article or an IPTC ninjs item a line. Lines are read one at a time, however long the file is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO

from dataset_builder.issues import Issue
from dataset_builder.read.context import InputFile
from dataset_builder.read.ninjs import object_record
from dataset_builder.read.record import RawRecord, Rejection
from dataset_builder.read.streams import StreamError, open_stream
from dataset_builder.read.tabular import MAX_COLUMNS, RowReader
from dataset_builder.visible import one_line

#: No field of an article is a longer number, and Python refuses to read one of thousands of digits.
MAX_DIGITS = 100


def read_jsonl(file: InputFile) -> Iterator[RawRecord | Rejection]:
    """Yield one record or rejection a line; blank lines are skipped."""
    rows = RowReader(file)
    try:
        with open_stream(file) as stream:
            for number, line in enumerate(_lines(stream, file.limits.item_bytes), start=1):
                if line is None or line.strip():
                    yield _record(rows, number, line)
    except StreamError as error:
        yield Rejection(error.issue)


def _lines(stream: BinaryIO, most: int) -> Iterator[bytes | None]:
    """Each line; None for one of more than ``most`` bytes, which is read past and not kept."""
    while line := stream.readline(most + 1):
        if len(line) <= most:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(most)
        yield None


def _record(rows: RowReader, number: int, line: bytes | None) -> RawRecord | Rejection:
    if line is None:
        expected = f"at most {rows.file.limits.item_bytes} bytes a line"
        issue = Issue(rows.file.locator, number, code="file-too-large", found="a longer line", expected=expected)
        return Rejection(issue)
    try:
        values = parse_object(line)
    except ValueError as error:
        return rows.broken(one_line(str(error)), "a JSON object", line=number)
    return object_record(rows, values, line=number)


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
        value = json.loads(
            text, parse_constant=_refuse_constant, parse_int=_bounded_integer, object_pairs_hook=_each_key_once
        )
    except RecursionError:
        raise ValueError("JSON nested deeper than its parser goes") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg} in column {error.pos + 1}") from None
    except ValueError as error:  # Python converts no integer of more than 4,300 digits
        if "digits" in str(error):
            raise ValueError("a number of thousands of digits") from None
        raise
    if not isinstance(value, dict):
        raise ValueError(f"a JSON {type(value).__name__}")
    if len(value) > MAX_COLUMNS:
        raise ValueError(f"{len(value)} columns")
    return value


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name}, which is not JSON")


def _bounded_integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"the key {one_line(twice, 60)!r} twice")
    return values
