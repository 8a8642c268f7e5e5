"""What a reader yields: one record an article, or a rejection that says why there is none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from dataset_builder.addresses import has_secret, without_secrets
from dataset_builder.issues import Issue
from dataset_builder.records import RAW_SCHEMA, Claim, finding_row, split_locator
from dataset_builder.visible import one_line

ID_DIGITS = 32


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One article as it was read; the members are those of ``RAW_SCHEMA``, before exact copies are merged.

    Attributes:
        locator: path below the corpus, with ``#`` and line, row or record where the file holds several articles.
        payload_bytes: size of the payload, None for a digest-only record that does not declare it.
        text: the text to clean; None for a digest-only record.
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

    @property
    def id(self) -> str:
        """The article's identity: the first 32 hexadecimal digits of its payload's SHA-256."""
        return self.payload_sha256[:ID_DIGITS]

    def as_row(self) -> dict[str, Any]:
        """The record as a row of ``RAW_SCHEMA``; from here on no address of it carries what grants access."""
        claims = tuple(_without_secret(claim) for claim in self.claims)
        secret = next((claim for claim, kept in zip(self.claims, claims, strict=True) if claim is not kept), None)
        issues = self.issues if secret is None else (*self.issues, _secret_found(self.locator, secret))
        url = self.url if self.url is None else without_secrets(self.url)
        sighting = {"locator": self.locator, "source": self.source, "url": url, "fetched_at": self.fetched_at}
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
            "claims": [claim.as_dict() for claim in claims],
            "sightings": [sighting],
            "raw_findings": [finding_row(issue) for issue in issues],
            "raw_flags": list(self.flags),
        }


def _without_secret(claim: Claim) -> Claim:
    """``claim`` itself where there is none in it."""
    if not has_secret(claim.value) and not has_secret(claim.evidence):
        return claim
    return replace(claim, value=without_secrets(claim.value), evidence=without_secrets(claim.evidence))


def _secret_found(locator: str, claim: Claim) -> Issue:
    path, line, row = split_locator(locator)
    found = one_line(without_secrets(claim.value))
    return Issue(path, claim.line or line, row, claim.field, "address-with-secret", found, "an address for everybody")


@dataclass(frozen=True, slots=True)
class Rejection:
    """An article that could not be read; ``issue`` is an error that says where and why."""

    issue: Issue


def digest(payload: bytes) -> str:
    """SHA-256 of a payload, in hexadecimal digits."""
    return hashlib.sha256(payload).hexdigest()


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
