"""Which of all claims about an article holds: title, author, addresses, the moment of fetching, declared extra fields.

Rank of the origin first (declared > embedded > extracted > derived), then confidence, then the order of reading. Dates,
languages and rights have stages of their own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from dataset_builder.addresses import MAX_ADDRESS, web_address
from dataset_builder.issues import Issue
from dataset_builder.records import CLAIM, FINDING, Origin, finding_row
from dataset_builder.schema import arrow_field
from dataset_builder.stages.contract import append_columns
from dataset_builder.visible import is_unsafe, one_line, without_controls

_RANK = {origin: rank for rank, origin in enumerate(Origin)}
#: Longer values are not titles, names or addresses.
_LIMITS = {"title": 1_000, "author": 1_000, "summary": 10_000, "url": MAX_ADDRESS, "canonical_url": MAX_ADDRESS}
_DEFAULT_LIMIT = 10_000

ClaimRow = dict[str, Any]


def strongest_claim(claims: Iterable[ClaimRow], field: str) -> ClaimRow | None:
    """The claim about ``field`` that holds, or None."""
    about = [claim for claim in claims if claim["field"] == field and claim["value"]]
    return min(about, key=lambda claim: (_RANK[Origin(claim["origin"])], -claim["confidence"]), default=None)


@dataclass(frozen=True)
class Facts:
    """Stage: settle the plain facts.

    Attributes:
        extra_fields: descriptors of the fields that dataset.yaml declares, as JSON texts.
    """

    extra_fields: tuple[str, ...] = ()
    name: str = "facts"
    version: str = "2"
    reads: tuple[str, ...] = ("claims", "text_claims")
    rules: tuple[str, ...] = ()

    @property
    def adds(self) -> pa.Schema:
        """The columns that the stage appends."""
        plain = ("title", "author", "url", "url_absent_reason", "canonical_url", "summary")
        return pa.schema(
            [
                *(pa.field(name, pa.string()) for name in plain),
                pa.field("fetched_at", pa.timestamp("us", tz="UTC")),
                *(arrow_field(json.loads(text)) for text in self.extra_fields),
                pa.field("facts_origins", pa.list_(CLAIM)),
                pa.field("facts_findings", pa.list_(FINDING)),
            ]
        )

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Append the facts of each row."""
        claims = zip(batch.column("claims").to_pylist(), batch.column("text_claims").to_pylist(), strict=True)
        rows = [self._settle([*stated, *(found or ())]) for stated, found in claims]
        return append_columns(batch, self.adds, {name: [row[name] for row in rows] for name in self.adds.names})

    def _settle(self, claims: list[ClaimRow]) -> dict[str, Any]:
        readers: dict[str, Callable[[str], Any]] = {
            **dict.fromkeys(("title", "author", "summary", "url_absent_reason"), _plain),
            **dict.fromkeys(("url", "canonical_url"), web_address),
            "fetched_at": read_moment,
        }
        for text in self.extra_fields:
            field = json.loads(text)
            readers[field["name"]] = _TYPED[field["type"]]
        row: dict[str, Any] = {"facts_origins": [], "facts_findings": []}
        for field, reader in readers.items():
            row[field] = _read_field(field, reader, claims, row)
        if row["title"] is None:
            row["facts_findings"].append(finding_row(Issue(field="title", code="no-title", found="no title")))
        if row["url"] is None and row["url_absent_reason"] is None:
            row["url_absent_reason"] = "not recorded"
        elif row["url"] is not None:
            row["url_absent_reason"] = None
        return row


def _read_field(field: str, reader: Callable[[str], Any], claims: list[ClaimRow], row: dict[str, Any]) -> Any:
    claim = strongest_claim(claims, field)
    if claim is None:
        return None
    value = claim["value"]
    if is_unsafe(value.replace("\n", " ")):
        row["facts_findings"].append(_finding("control-characters", field, claim, "visible characters"))
        value = without_controls(value)
    if len(value) > _LIMITS.get(field, _DEFAULT_LIMIT):
        limit = f"at most {_LIMITS.get(field, _DEFAULT_LIMIT)} characters"
        row["facts_findings"].append(_finding("field-wrong-type", field, claim, limit))
        return None
    try:
        settled = reader(value)
    except ValueError as error:
        code = {"url": "bad-url", "canonical_url": "bad-url", "fetched_at": "bad-timestamp"}.get(
            field, "field-wrong-type"
        )
        row["facts_findings"].append(_finding(code, field, claim, str(error)))
        return None
    if settled is not None:
        row["facts_origins"].append(claim)
    return settled


def _finding(code: str, field: str, claim: ClaimRow, expected: str) -> dict[str, Any]:
    return finding_row(
        Issue(line=claim["line"], field=field, code=code, found=one_line(claim["value"]), expected=expected)
    )


def _plain(value: str) -> str | None:
    return " ".join(value.split()) or None


def read_moment(value: str) -> datetime:
    """An ISO 8601 moment with a zone, in UTC.

    Raises:
        ValueError: for anything else, a moment without a zone included.
    """
    try:
        moment = datetime.fromisoformat(value.strip())
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("a moment with a zone, such as 2024-11-02T08:00:00Z") from None


def _integer(value: str) -> int:
    number = int(value) if value.isascii() and value.strip().lstrip("+-").isdigit() and len(value) < 20 else None
    if number is None or not -(2**63) <= number < 2**63:
        raise ValueError("a whole number of 64 bits")
    return number


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise ValueError("a number") from None


def _boolean(value: str) -> bool:
    if value.lower() not in ("true", "false"):
        raise ValueError("true or false")
    return value.lower() == "true"


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("a date, YYYY-MM-DD") from None


_TYPED: dict[str, Callable[[str], Any]] = {
    "string": _plain,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _day,
    "datetime": read_moment,
}
