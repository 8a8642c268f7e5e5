"""The licences that this project has read and sorted into rights classes, found by identifier, name or address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from dataset_builder.resources import read_json, read_yaml, schema_file


@dataclass(frozen=True, slots=True)
class KnownLicense:
    """One licence or rights statement.

    Attributes:
        expression: its SPDX identifier, or a ``LicenseRef-``.
        rights_class: one of ``schema/rights/classes.json``.
        name: for people.
        url: where its text or definition stands; None where it has none.
        jurisdiction: where a public-domain statement holds, empty for everywhere.
        newest: where it names a family of licences and not the version, the family's newest; empty elsewhere.
    """

    expression: str
    rights_class: str
    name: str
    url: str | None = None
    jurisdiction: str = ""
    newest: str = ""

    @property
    def versioned(self) -> bool:
        """Whether it names one text, and not a family of them."""
        return not self.newest


@cache
def table(name: str) -> Any:
    """One YAML file of ``schema/rights/``."""
    return read_yaml(schema_file("rights", f"{name}.yaml"))


def folded(text: str) -> str:
    """A name as it is looked up: lower case, runs of spaces, underscores and hyphens as one hyphen."""
    return re.sub(r"[\s_\-‐‑–—]+", "-", text.casefold().strip(" .,;:\"'“”()[]")).strip("-")


@cache
def by_name() -> Mapping[str, KnownLicense]:
    """Folded identifier, name or alias -> licence; Creative Commons is generated in its own file."""
    index: dict[str, KnownLicense] = {}
    for expression, row in table("licenses").items():
        known = KnownLicense(
            expression,
            row["class"],
            row["name"],
            row.get("url"),
            row.get("jurisdiction", ""),
            row.get("newest", ""),
        )
        for name in (expression, row["name"], *row.get("aliases", ())):
            index.setdefault(folded(name), known)
    for known in _rights_statements().values():
        index.setdefault(folded(known.expression), known)
        index.setdefault(folded(known.name), known)
    hub = read_json("rights", "hugging-face.json")["licenses"]
    for identifier, expression in hub.items():
        if expression and folded(expression) in index:
            index.setdefault(folded(identifier), index[folded(expression)])
    return index


@cache
def _rights_statements() -> Mapping[str, KnownLicense]:
    """Lower-case code of rightsstatements.org -> statement."""
    content = table("rightsstatements")
    version = content["version"]
    return {
        code.lower(): KnownLicense(
            f"LicenseRef-rightsstatements-{code}-{version}",
            row["class"],
            row["name"],
            f"http://rightsstatements.org/vocab/{code}/{version}/",
            row.get("jurisdiction", ""),
        )
        for code, row in content["statements"].items()
    }


def by_code_of_rights_statement(code: str) -> KnownLicense | None:
    """The statement of rightsstatements.org with this code (``InC``, ``NoC-US`` …)."""
    return _rights_statements().get(code.lower())


@cache
def _by_address() -> tuple[tuple[str, KnownLicense], ...]:
    """Address without scheme -> licence, the longest first, so that a version wins over its family."""
    rows = [
        (bare_address(url), by_name()[folded(expression)])
        for expression, row in table("licenses").items()
        for url in (row.get("url"), *row.get("urls", ()))
        if url
    ]
    return tuple(sorted(rows, key=lambda row: (-len(row[0]), row[0])))


def bare_address(url: str) -> str:
    """An address without scheme, ``www.``, query and closing slash, in lower case (a fragment stays)."""
    address = re.sub(r"^[a-z]+://", "", url.strip().casefold())
    return re.sub(r"\?[^#]*", "", address).removeprefix("www.").rstrip("/")


_RIGHTS_STATEMENT_URL = re.compile(r"rightsstatements\.org/(?:vocab|page|data)/([a-z-]{2,12})(?:/1\.0)?(?:[/?#.].*)?")
#: What may follow the address that a licence is known by.
_BELOW = re.compile(r"(?:[/.][\w./-]*)?")
_LISTED_URL = re.compile(
    r"(?:spdx\.org/licenses|opensource\.org/licen[sc]es?)/([a-z0-9.+-]{2,60}?)(?:\.html|\.json|-license(?:\.php)?)?"
)


def by_address(url: str) -> KnownLicense | None:
    """The licence that an address stands for, or None; Creative Commons' addresses are read in their own file."""
    address = bare_address(url)
    if match := _RIGHTS_STATEMENT_URL.fullmatch(address):
        return by_code_of_rights_statement(match[1])
    for known_address, known in _by_address():
        if address.startswith(known_address) and _BELOW.fullmatch(address, len(known_address)):
            return known
    return by_name().get(folded(listed_identifier(url)))


def listed_identifier(url: str) -> str:
    """The identifier in an address of a licence list (spdx.org, opensource.org), or empty."""
    match = _LISTED_URL.fullmatch(bare_address(url))
    return match[1] if match else ""
