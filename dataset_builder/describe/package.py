"""datapackage.json: the snapshot as a Data Package (https://datapackage.org/standard/data-package/, version 2.0).

Two properties are left out on purpose, as the stock frictionless reader misjudges them on Parquet: ``bytes`` is
reported as wrong even where it is right, and a wrong ``hash`` never is. Sizes and digests stand in manifest.json, which
``verify`` reads (docs/decisions/data-package-without-digests.md).
"""

from __future__ import annotations

import re
from typing import Any

from dataset_builder.config import Contributor, License, Source
from dataset_builder.describe.escape import TEXT_LIMIT, one_line, paragraphs, web_address
from dataset_builder.describe.facts import SnapshotFacts, TableFacts
from dataset_builder.rights.collection import conjunction
from dataset_builder.rights.license_texts import LEGAL_BASIS
from dataset_builder.schema import RELEASED, release_modes

PACKAGE_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE_PROFILE = "https://datapackage.org/profiles/2.0/dataresource.json"
#: Registered with IANA for Apache Parquet.
PARQUET_MEDIA_TYPE = "application/vnd.apache.parquet"
#: ``license.name`` of the package profile.
_LICENSE_NAME = re.compile(r"[-a-zA-Z0-9._]+")
_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+")


def render_package(facts: SnapshotFacts) -> dict[str, Any]:
    """The Data Package of a snapshot, as JSON values; tables without rows have no resource."""
    config = facts.config
    description = "\n\n".join(paragraphs(config.description, TEXT_LIMIT))
    members: dict[str, Any] = {
        "$schema": PACKAGE_PROFILE,
        "name": one_line(config.name),
        "id": facts.identity,
        "title": one_line(config.title),
        "description": description,
        "homepage": web_address(config.homepage),
        "version": config.version,
        "created": f"{facts.created.isoformat()}T00:00:00Z" if facts.created else "",
        "doi": one_line(config.doi),
        "audience": config.build.audience,
        "keywords": list(dict.fromkeys(one_line(keyword) for keyword in config.keywords if one_line(keyword))),
        "licenses": [_license(entry) for entry in config.licenses],
        "contributors": [_contributor(entry) for entry in config.contributors],
        "sources": [_source(entry) for entry in config.sources],
        "resources": _resources(facts),
    }
    return _filled(members)


def _resources(facts: SnapshotFacts) -> list[dict[str, Any]]:
    tables = [table for table in facts.tables if table.shards]
    present = {table.schema.name for table in tables}
    return [
        _filled(
            {
                "$schema": RESOURCE_PROFILE,
                "name": table.schema.name,
                "type": "table",
                "title": str(table.schema.descriptor.get("title", table.schema.name)),
                "description": str(table.schema.descriptor.get("description", "")),
                "path": _paths(table),
                "format": "parquet",
                "mediatype": PARQUET_MEDIA_TYPE,
                "licenses": text_license_names(_text_license(facts, table.schema.name)),
                "schema": stated_schema(table, present),
            }
        )
        for table in tables
    ]


def _text_license(facts: SnapshotFacts, table: str) -> str:
    """The licences of the texts in a table; empty for a table without any."""
    modes = [mode for mode in RELEASED if release_modes()[mode]["table"] == table]
    return conjunction(
        LEGAL_BASIS if row.decision_rule in facts.legal_rules else row.license
        for row in facts.licenses
        if row.release in modes
    )


def _paths(table: TableFacts) -> str | list[str]:
    """One path as text: the stock frictionless Parquet reader counts the rows of a list twice."""
    paths = [shard.path for shard in table.shards]
    return paths[0] if len(paths) == 1 else paths


def stated_schema(table: TableFacts, present: set[str]) -> dict[str, Any]:
    """The table's schema; a foreign key into a table without rows would point at no resource."""
    descriptor = dict(table.schema.descriptor)
    keys = [key for key in descriptor.get("foreignKeys", []) if key["reference"]["resource"] in present]
    descriptor.pop("foreignKeys", None)
    return {**descriptor, "foreignKeys": keys} if keys else descriptor


def text_license_names(expression: str) -> list[dict[str, Any]]:
    """The licences of an SPDX expression as ``licenses`` entries; one with OR, WITH or brackets stays one entry."""
    line = one_line(expression)
    operands = [operand for operand in line.split(" AND ") if operand]
    if all(_LICENSE_NAME.fullmatch(name) for name in operands):
        return [{"name": name} for name in dict.fromkeys(operands)]
    return [{"name": "LicenseRef-expression", "title": line}]


def _license(entry: License) -> dict[str, Any]:
    name, title = one_line(entry.name), one_line(entry.title)
    if not _LICENSE_NAME.fullmatch(name):
        name, title = "LicenseRef-declared", title or name
    return _filled({"name": name, "title": title, "path": web_address(entry.path)})


def _contributor(entry: Contributor) -> dict[str, Any]:
    return _filled(
        {
            "title": one_line(entry.title),
            "givenName": one_line(entry.given_name),
            "familyName": one_line(entry.family_name),
            "path": web_address(entry.path),
            "email": email_address(entry.email),
            "orcid": web_address(entry.orcid),
            "organization": one_line(entry.organization),
            "roles": [one_line(role) for role in entry.roles],
        }
    )


def _source(entry: Source) -> dict[str, Any]:
    return _filled(
        {
            "name": one_line(entry.name),
            "title": one_line(entry.title or entry.name),
            "path": web_address(entry.path),
            "email": email_address(entry.email),
            "publisher": one_line(entry.publisher),
        }
    )


def email_address(text: str) -> str:
    """``text`` where it looks like one mail address, else ``""``."""
    line = one_line(text)
    return line if _EMAIL.fullmatch(line) else ""


def _filled(members: dict[str, Any]) -> dict[str, Any]:
    """``members`` without those that say nothing: the profile wants no empty list and no empty address."""
    return {key: value for key, value in members.items() if value not in ("", [], None)}
