"""IPTC ninjs: news items in JSON, in the spellings of its versions 1 to 3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from dataset_builder.issues import Issue
from dataset_builder.read.html.fragment import fragment_license_claims, with_html_body
from dataset_builder.read.record import RawRecord, Rejection
from dataset_builder.read.table_row import COLUMN
from dataset_builder.read.tabular import RowReader
from dataset_builder.records import Claim, Origin
from dataset_builder.resources import schema_file
from dataset_builder.rights.members import member_claims
from dataset_builder.visible import one_line


def is_ninjs(values: Mapping[str, Any]) -> bool:
    """Whether an object has the members of a ninjs item."""
    names = {name.lower() for name in values}
    rules = _rules()
    return names.issuperset(rules["signature"]) and not names.isdisjoint(rules["signature_any"])


def object_record(rows: RowReader, values: Mapping[str, Any], *, line: int = 0, row: int = 0) -> RawRecord | Rejection:
    """The article of one JSON object: a ninjs item, or a row of columns.

    Args:
        line: 1-based line of the file that the object stands on, 0 where the form has no lines.
        row: 1-based number of the object, 0 where the line says it.
    """
    if is_ninjs(values):
        return _item_record(rows, values, line=line, row=row)
    return rows.record(values, line=line, row=row)


def _item_record(rows: RowReader, values: Mapping[str, Any], *, line: int, row: int) -> RawRecord | Rejection:
    """The article of a ninjs item; one that its publisher withholds or cancels is rejected."""
    item = {name.lower(): value for name, value in values.items()}
    if withheld := _withheld(item):
        expected = "an item that may be published"
        return Rejection(Issue(rows.file.locator, line, row, code="item-withheld", found=withheld, expected=expected))
    said = {field: found for field in _rules()["fields"] if (found := _value(item, field))}
    if isinstance(uri := item["uri"], str) and uri.startswith(("http://", "https://")):
        said["url"] = "uri", uri
    text, html = _body(item)
    body = text if text is not None else html
    record = rows.record({**{field: value for field, (_, value) in said.items()}, "body": body}, line=line, row=row)
    if isinstance(record, RawRecord):
        claims = tuple(_embedded(claim, said) for claim in record.claims)
        unused = fragment_license_claims(html, rows.file.limits) if text is not None and html is not None else []
        record = replace(record, claims=(*claims, *member_claims(values, "ninjs"), *unused))
    return with_html_body(record, rows.file.limits) if text is None and html is not None else record


def _withheld(item: Mapping[str, Any]) -> str:
    """What says that the item must not be published, ``""`` where nothing does.

    A build has no clock: an embargo has passed only where the item itself tells of a later moment.
    """
    status, embargo = item.get("pubstatus"), item.get("embargoed")
    if isinstance(status, str) and status.strip().lower() in _rules()["withheld"]:
        return f"pubstatus {one_line(status)}"
    if embargo in (None, "", False):
        return ""
    until = _moment(embargo)
    told = [moment for member in _rules()["moments"] if (moment := _moment(item.get(member)))]
    passed = until is not None and any(moment >= until for moment in told)
    return "" if passed else f"embargoed {one_line(str(embargo))}"


def _moment(value: Any) -> datetime | None:
    """A moment with its zone, or None: without one nobody knows which of two is later."""
    try:
        moment = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _embedded(claim: Claim, said: Mapping[str, tuple[str, str]]) -> Claim:
    """What the item says is the item's word, not that of whoever collected it; metadata beside it stays declared."""
    if claim.rule != COLUMN or claim.field not in said:
        return claim
    return replace(claim, origin=Origin.EMBEDDED, rule=f"ninjs:{said[claim.field][0]}")


def _value(item: Mapping[str, Any], field: str) -> tuple[str, str] | None:
    """The member that says it, in lower case, and the value."""
    rules = _rules()
    if field in rules["lists"] and (found := _of_list(item, **rules["lists"][field])):
        return rules["lists"][field]["member"], found
    values = ((member, item.get(member)) for member in rules["fields"][field])
    return next(((member, value) for member, value in values if isinstance(value, str) and value.strip()), None)


def _of_list(item: Mapping[str, Any], member: str, roles: list[str]) -> str | None:
    """The value of the most wanted role."""
    entries = item.get(member)
    entries = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    by_role = {str(entry.get("role", "")): entry.get("value") for entry in reversed(entries)}
    values = [by_role.get(role) for role in roles] + [entry.get("value") for entry in entries]
    return next((value for value in values if isinstance(value, str) and value.strip()), None)


def _body(item: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The body as plain text and as HTML; plain text has paragraphs only where it has line breaks."""
    types = _rules()["bodies"]
    text, html = _text(item.get("body_text")), _text(item.get("body_xhtml"))
    bodies = item.get("bodies")
    for entry in bodies if isinstance(bodies, list) else []:
        if not isinstance(entry, dict):
            continue
        kind = str(entry.get("contentType") or entry.get("contenttype") or "").split(";")[0].strip().lower()
        if kind in types["text_types"]:
            text = text or _text(entry.get("value"))
        elif kind in types["html_types"]:
            html = html or _text(entry.get("value"))
    if text is not None and html is not None and "\n" not in text:
        return None, html  # a text without line breaks has lost its paragraphs
    return text, html


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


@cache
def _rules() -> dict[str, Any]:
    import yaml

    found: dict[str, Any] = yaml.safe_load(schema_file("read", "ninjs.yaml").read_text(encoding="utf-8"))
    return found
