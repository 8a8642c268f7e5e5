"""What a source declares about its articles' rights, and what shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows a statement; the column ``license_evidence``.

    Attributes:
        kind: ``declared`` (a person typed it), ``page`` (a captured page, with its digest), ``embedded`` (the
            document's own machine-readable part), ``extracted`` (words in the text) or
            ``permission`` (a record of one).
        locator: where it is: ``path:line``, a file, or an address.
        sha256: digest of the captured bytes, or None.
        observed_at: when it was seen, as written, or None.
    """

    kind: str
    locator: str
    sha256: str | None = None
    observed_at: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """The evidence as one value of the column."""
        return {"kind": self.kind, "locator": self.locator, "sha256": self.sha256, "observed_at": self.observed_at}


@dataclass(frozen=True, slots=True)
class SourceTerms:
    """The rights part of one entry of ``sources`` in dataset.yaml.

    Attributes:
        name: the key that articles use.
        license: the default of its articles, as written; None where nothing is declared.
        license_evidence: kind, path (or locator), sha256, observed_at and url, as far as they are given.
        permission: what permits the use, in words or as a file's path; None where there is none.
        permission_expires: its last day, also as ``YYYY-MM-DD``; one that cannot be read has passed.
        permission_scope: what it covers, words of ``schema/rights/permission-scope.yaml`` with commas.
        rights_holder: who owns the text, if another than the publisher.
        publisher: who publishes it.
        title: the source's name for people.
        email: where a removal is asked for.
        terms_url: its terms page.
        locator: where the entry stands, for the evidence of kind ``declared``.
        evidence_broken: the evidence file is missing or has another digest (see
            :mod:`dataset_builder.rights.evidence`); the licence then does not count.
    """

    name: str
    license: str | None = None
    license_evidence: Mapping[str, Any] = field(default_factory=dict)
    permission: str | None = None
    permission_expires: date | str | None = None
    permission_scope: str | None = None
    rights_holder: str | None = None
    publisher: str | None = None
    title: str | None = None
    email: str | None = None
    terms_url: str | None = None
    locator: str = "dataset.yaml"
    evidence_broken: bool = False

    def evidence(self, *, permission: bool = False) -> Evidence:
        """What shows the source's licence, or its permission."""
        given = self.license_evidence or {}
        sha256 = _text(given.get("sha256"))
        kind = _text(given.get("kind")) or ("permission" if permission else "page" if sha256 else "declared")
        locator = self.evidence_file() or _text(given.get("locator")) or _text(given.get("url")) or self.locator
        return Evidence(kind, locator, sha256, _text(given.get("observed_at")))

    def evidence_file(self) -> str | None:
        """The file below the corpus that holds the evidence, or None where it is an address or a mere declaration."""
        given = self.license_evidence or {}
        named = _text(given.get("path")) or _text(given.get("locator"))
        return None if named is None or "://" in named else named

    def last_day(self) -> date | None:
        """The permission's last day, or None where it has none."""
        if not self.permission_expires:
            return None
        try:
            return date.fromisoformat(str(self.permission_expires))
        except ValueError:
            return date.min

    def owners(self) -> frozenset[str]:
        """The names that may stand in a copyright line without contradicting the source's licence, in lower case."""
        names = (self.rights_holder, self.publisher, self.title, self.name)
        return frozenset(name.casefold().strip() for name in names if name and name != "undeclared")

    def terms_addresses(self) -> frozenset[str]:
        """The addresses of the source's own terms; a page that points there says what the source says."""
        addresses = (self.terms_url, _text((self.license_evidence or {}).get("url")))
        return frozenset(address.rstrip("/") for address in addresses if address)


def _text(value: Any) -> str | None:
    return str(value) if value not in (None, "") else None
