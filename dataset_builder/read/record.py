"""What a reader yields: one record an article, or a rejection that says why there is none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate
from typing import Any

import pyarrow as pa

from dataset_builder.addresses import published_address, without_secrets
from dataset_builder.issues import Issue
from dataset_builder.records import CLAIM, FINDING, RAW_SCHEMA, SIGHTING, Claim, finding_row, split_locator
from dataset_builder.visible import one_line, without_controls

ID_DIGITS = 32

#: Fields whose whole value is an address.
_ADDRESSES = frozenset({"url", "canonical_url", "license_url"})

#: Columns of ``RAW_SCHEMA`` that hold one value a record.
_SCALARS = tuple(field.name for field in RAW_SCHEMA if not pa.types.is_list(field.type))


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One article as it was read; the members are those of ``RAW_SCHEMA``, before exact copies are merged.

    Attributes:
        locator: path below the corpus, with ``#`` and line, row or record where the file holds several articles.
        payload_bytes: size of the payload, None for a digest-only record that does not declare it.
        text: the text to clean; None for a digest-only record.
        first_line: 1-based line of the file on which ``text`` begins, None where its lines are not the file's.
        issues: findings about this record; an error among them rejects it.
    """

    payload_sha256: str
    payload_bytes: int | None
    media_type: str
    source: str
    locator: str
    text: str | None
    claims: tuple[Claim, ...] = ()
    issues: tuple[Issue, ...] = ()
    flags: tuple[str, ...] = ()
    charset: str | None = None
    extraction: str | None = None
    extraction_sha256: str | None = None
    url: str | None = None
    fetched_at: str | None = None
    first_line: int | None = None

    @property
    def id(self) -> str:
        """The article's identity: the first 32 hexadecimal digits of its payload's SHA-256."""
        return self.payload_sha256[:ID_DIGITS]

    def public(self) -> RawRecord:
        """The record as it may be shown: no address of it grants access, and a finding says where one did.

        The place where it was seen holds what a table would: an address of the web, a moment, or nothing.
        """
        claims = tuple(_without_secret(claim) for claim in self.claims)
        masked = next((kept for claim, kept in zip(self.claims, claims, strict=True) if claim is not kept), None)
        issues = (*self.issues, *([_secret_found(self.locator, masked)] if masked else ()))
        return replace(
            self,
            claims=claims,
            source=without_secrets(self.source),
            url=None if self.url is None else published_address(self.url),
            fetched_at=None if self.fetched_at is None else _moment(self.fetched_at),
            issues=tuple(map(_public_issue, issues)),
        )

    def as_row(self) -> dict[str, Any]:
        """The record as a row of ``RAW_SCHEMA``."""
        sighting = {"locator": self.locator, "source": self.source, "url": self.url, "fetched_at": self.fetched_at}
        return {
            "id": self.id,
            "payload_sha256": self.payload_sha256,
            "payload_bytes": self.payload_bytes,
            "media_type": self.media_type,
            "charset": self.charset,
            "extraction": self.extraction,
            "extraction_sha256": self.extraction_sha256,
            "source": self.source,
            "text": self.text,
            "first_line": self.first_line,
            "claims": [claim.as_dict() for claim in self.claims],
            "sightings": [sighting],
            "raw_findings": [finding_row(issue) for issue in self.issues],
            "raw_flags": list(self.flags),
        }


def _without_secret(claim: Claim) -> Claim:
    """``claim`` itself where there is none in it."""
    value = without_secrets(claim.value, whole=claim.field in _ADDRESSES)
    evidence = without_secrets(claim.evidence)
    if (value, evidence) == (claim.value, claim.evidence):
        return claim
    return replace(claim, value=value, evidence=evidence)


def _public_issue(issue: Issue) -> Issue:
    found = without_secrets(issue.found)
    return issue if found == issue.found else replace(issue, found=found)


def _moment(value: str) -> str | None:
    """``value`` where it reads as an ISO 8601 moment, with a zone or without one."""
    cleaned = without_controls(value).strip()
    try:
        datetime.fromisoformat(cleaned)
    except ValueError:
        return None
    return cleaned


def _secret_found(locator: str, claim: Claim) -> Issue:
    path, line, row = split_locator(locator)
    found, expected = one_line(claim.value), "an address for everybody"
    return Issue(path, claim.line or line, row, claim.field, "address-with-secret", found, expected)


@dataclass(frozen=True, slots=True)
class Rejection:
    """An article that could not be read; ``issue`` is an error that says where and why."""

    issue: Issue

    def public(self) -> Rejection:
        """The rejection as it may be shown."""
        return Rejection(_public_issue(self.issue))


def digest(payload: bytes) -> str:
    """SHA-256 of a payload, in hexadecimal digits."""
    return hashlib.sha256(payload).hexdigest()


def batch_of(records: Sequence[RawRecord]) -> pa.RecordBatch:
    """The records as one batch of ``RAW_SCHEMA``: what :meth:`RawRecord.as_row` says, but column by column."""
    columns = {name: pa.array([getattr(it, name) for it in records], RAW_SCHEMA.field(name).type) for name in _SCALARS}
    nested = {
        "claims": _lists([record.claims for record in records], CLAIM),
        "sightings": _lists([(record,) for record in records], SIGHTING),
        "raw_findings": _lists([record.issues for record in records], FINDING),
        "raw_flags": pa.array([record.flags for record in records], RAW_SCHEMA.field("raw_flags").type),
    }
    return pa.RecordBatch.from_arrays(
        [nested[name] if name in nested else columns[name] for name in RAW_SCHEMA.names], schema=RAW_SCHEMA
    )


def _lists(rows: Sequence[Sequence[Any]], item: pa.StructType) -> pa.ListArray:
    """One list a row of structs whose members are attributes of the same name."""
    flat = [entry for row in rows for entry in row]
    members = [pa.array([getattr(entry, member.name) for entry in flat], member.type) for member in item]
    offsets = list(accumulate((len(row) for row in rows), initial=0))
    structs = pa.StructArray.from_arrays(members, fields=list(item))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), structs)


def to_batches(rows: Iterable[dict[str, Any]], size: int) -> Iterator[pa.RecordBatch]:
    """Cut rows of ``RAW_SCHEMA`` into record batches of ``size``."""
    pending: list[dict[str, Any]] = []
    for row in rows:
        pending.append(row)
        if len(pending) == size:
            yield pa.RecordBatch.from_pylist(pending, schema=RAW_SCHEMA)
            pending = []
    if pending:
        yield pa.RecordBatch.from_pylist(pending, schema=RAW_SCHEMA)
