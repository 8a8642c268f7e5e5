"""From one row of a table to one article: the field map, the body, the digest of a body that is not held."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dataset_builder.addresses import without_secrets
from dataset_builder.issues import Issue
from dataset_builder.nearest import nearest_hint
from dataset_builder.read.arrow_rows import UnheldCell
from dataset_builder.read.columns import NamedColumns, named_columns, proposal
from dataset_builder.read.context import InputFile
from dataset_builder.read.fields import DECLARABLE, Declarations, read_declarations
from dataset_builder.read.record import RawRecord, Rejection, digest
from dataset_builder.visible import one_line

#: The rule of what a column says.
COLUMN = "column"
#: What a digest-only record brings instead of a body.
DIGEST_COLUMNS = ("payload_sha256", "payload_bytes", "media_type")

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class TableRow:
    """One row: its values by column, its locator, and its 1-based line or row."""

    values: Mapping[str, Any]
    locator: str
    line: int = 0
    row: int = 0


def record_of_row(file: InputFile, row: TableRow, unread: set[str]) -> RawRecord | Rejection:
    """The article that ``row`` holds.

    Args:
        unread: columns of this file already said to be unread; extended here, so that each is said once a file.
    """
    columns = _columns(file, row)
    if isinstance(columns, Issue):
        return Rejection(columns)
    mapping = dict(columns.fields)
    read = {name: row.values[name] for name in _read_columns(columns) if name in row.values}
    if (issue := _unheld_issue(file, row, read)) is not None:
        return Rejection(issue)
    body = row.values.get(columns.body) if columns.body else None
    if (issue := _body_issue(file, row, columns.body, body)) is not None:
        return Rejection(issue)
    if not _encodable(read):
        return Rejection(_issue(file, row, "", "broken-line", "a lone surrogate", "text that UTF-8 can hold"))
    used = {field: row.values.get(column) for field, column in mapping.items()}
    declared = read_declarations(
        used, rule=COLUMN, path=file.locator, lines=dict.fromkeys(used, row.line), extra=file.extra, strict=False
    )
    return _record(file, row, body, declared, tuple(_notes(file, row, columns, unread)))


def _read_columns(columns: NamedColumns) -> tuple[str, ...]:
    """The columns that anything is read from: what stands in others costs nothing."""
    return (columns.body, *dict(columns.fields).values(), *DIGEST_COLUMNS)


def _unheld_issue(file: InputFile, row: TableRow, read: Mapping[str, Any]) -> Issue | None:
    for column, value in read.items():
        if unheld := _unheld(value):
            found = f"{unheld} in the column {one_line(column)!r}"
            return _issue(file, row, "", "broken-line", found, "a value within the bounds of its type")
    return None


def _unheld(value: Any) -> str:
    """What of a cell Python cannot hold, in words; empty for nothing."""
    pending = [value]
    while pending:
        member = pending.pop()
        if isinstance(member, UnheldCell):
            return member.words
        pending += member.values() if isinstance(member, dict) else member if isinstance(member, list) else ()
    return ""


def _columns(file: InputFile, row: TableRow) -> NamedColumns | Issue:
    """The body's column, and the columns of the other fields."""
    mapped = dict(file.fields)
    for field, column in sorted(mapped.items()):
        if field not in (*DECLARABLE, "body", *file.extra):
            known = ("body", *DECLARABLE)
            found = f"the field map sets {one_line(field)!r}"
            return _issue(file, row, field, "unknown-field", found, "an article's field", nearest_hint(field, known))
        if column not in row.values and field == "body":
            found = f"no column {one_line(column)!r}"
            hint = nearest_hint(column, row.values)
            return _issue(file, row, "body", "missing-field", found, "the article's text", hint)
    named = mapped.pop("body", "")
    body = _wanted_column(file, row) or named
    return named_columns(tuple(row.values), tuple(mapped.items()), file.extra, body)


def _wanted_column(file: InputFile, row: TableRow) -> str | None:
    """The column that holds a text that is looked for by its digest."""
    if not file.wanted:
        return None
    texts = ((name, value) for name, value in row.values.items() if isinstance(value, str))
    return next((name for name, text in texts if digest(text.encode(errors="surrogatepass")) in file.wanted), None)


def _body_issue(file: InputFile, row: TableRow, column: str, body: Any) -> Issue | None:
    if body is None and "payload_sha256" in row.values:
        return _digest_issue(file, row)
    if body is None:
        found = f"no value in {one_line(column)!r}" if column else "no body"
        expected = "body (or text, content, a field map), or payload_sha256 of a text that is not held"
        hint = "" if column else _proposed(row.values, ())
        return _issue(file, row, "body", "missing-field", found, expected, hint)
    if not isinstance(body, str):
        found = one_line(without_secrets(json.dumps(body, ensure_ascii=False, default=str)))
        return _issue(file, row, "body", "field-wrong-type", found, "text")
    if not body.strip():
        return _issue(file, row, "body", "missing-field", "a body without text", "the article's text")
    if "payload_sha256" in row.values and _encodable(body):
        payload = body.encode()
        declared = row.values["payload_sha256"]
        if declared != digest(payload):
            found = one_line(str(declared))
            return _issue(file, row, "payload_sha256", "digest-mismatch", found, digest(payload))
    return None


def _digest_issue(file: InputFile, row: TableRow) -> Issue | None:
    sha256, size = row.values["payload_sha256"], row.values.get("payload_bytes")
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        expected = "64 lower-case hexadecimal digits"
        return _issue(file, row, "payload_sha256", "field-wrong-type", one_line(str(sha256)), expected)
    if size is not None and (not isinstance(size, int) or isinstance(size, bool) or not 0 < size < 2**63):
        return _issue(file, row, "payload_bytes", "field-wrong-type", one_line(str(size)), "a number of bytes")
    return None


def _record(
    file: InputFile, row: TableRow, body: str | None, declared: Declarations, notes: tuple[Issue, ...]
) -> RawRecord | Rejection:
    payload = None if body is None else body.encode()
    media_type = row.values.get("media_type")
    return RawRecord(
        payload_sha256=row.values["payload_sha256"] if payload is None else digest(payload),
        payload_bytes=row.values.get("payload_bytes") if payload is None else len(payload),
        media_type=media_type if isinstance(media_type, str) and media_type else "text/plain",
        charset=None if payload is None else "utf-8",
        source=file.settle_source(declared.value("source")),
        locator=row.locator,
        text=body,
        claims=(*declared.claims, *file.metadata.claims),
        issues=(*declared.issues, *file.metadata.issues, *notes),
        url=declared.value("url"),
        fetched_at=declared.value("fetched_at"),
    )


def _notes(file: InputFile, row: TableRow, columns: NamedColumns, told: set[str]) -> Iterator[Issue]:
    """What is said once a file: columns under another name that were read, and those that were not."""
    for field, column in columns.taken:
        if column not in told:
            told.add(column)
            yield _issue(file, row, field, "column-taken", f"the column {one_line(column)!r}", f"a column {field}")
    known = {*_read_columns(columns), "file_name"}
    new = sorted(name for name in row.values if name not in known and name not in told)
    told.update(new)
    if new:
        found = one_line("the columns " + ", ".join(new))
        hint = _proposed(new, dict(columns.fields))
        yield _issue(file, row, "", "columns-not-read", found, "columns named after fields, or a field map", hint)


def _proposed(columns: Iterable[str], fields: Iterable[str]) -> str:
    """The line of dataset.yaml that would map these columns."""
    line = one_line(proposal(columns, {*fields, "body"} if fields else ()))
    return f"perhaps, in the entry under articles: {line}" if line else ""


def _encodable(value: Any) -> bool:
    if isinstance(value, Mapping) and all(isinstance(it, str) and it.isascii() for it in (*value, *value.values())):
        return True
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _issue(file: InputFile, row: TableRow, field: str, code: str, found: str, expected: str, hint: str = "") -> Issue:
    return Issue(file.locator, row.line, row.row, field, code, found, expected, hint)
