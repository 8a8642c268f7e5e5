"""JSON files: an array of articles, one article, or an IPTC ninjs item; read one element at a time."""

from __future__ import annotations

from collections.abc import Iterator

from dataset_builder.issues import Issue
from dataset_builder.read.context import InputFile
from dataset_builder.read.json_elements import Misplaced, json_elements
from dataset_builder.read.jsonl import parse_object
from dataset_builder.read.ninjs import object_record
from dataset_builder.read.record import RawRecord, Rejection
from dataset_builder.read.streams import StreamError, open_stream
from dataset_builder.read.tabular import RowReader
from dataset_builder.visible import one_line


def read_json(file: InputFile) -> Iterator[RawRecord | Rejection]:
    """Yield one record or rejection an element."""
    rows = RowReader(file)
    try:
        with open_stream(file) as stream:
            number = 1
            for element in json_elements(stream, file.limits.item_bytes):
                if isinstance(element, Misplaced):
                    yield _misplaced(file, number, element)
                else:
                    yield _record(rows, number, element)
                    number += 1
    except StreamError as error:
        yield Rejection(error.issue)


def _misplaced(file: InputFile, number: int, what: Misplaced) -> Rejection:
    code = "stream-truncated" if what.cut else "broken-line"
    return Rejection(Issue(file.locator, row=number, code=code, found=what.found, expected=what.expected))


def _record(rows: RowReader, number: int, element: bytes | None) -> RawRecord | Rejection:
    if element is None:
        expected = f"at most {rows.file.limits.item_bytes} bytes an element"
        issue = Issue(rows.file.locator, row=number, code="file-too-large", found="a larger element", expected=expected)
        return Rejection(issue)
    try:
        values = parse_object(element)
    except ValueError as error:
        return rows.broken(one_line(str(error)), "a JSON object", row=number)
    return object_record(rows, values, row=number)
