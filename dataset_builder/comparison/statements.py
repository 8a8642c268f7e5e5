"""What the two snapshots state of themselves: titles, licences, policy, accounts, sources."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from dataset_builder.comparison.difference import FactChange, ValueChange
from dataset_builder.comparison.shards import own_paths
from dataset_builder.sound_shard import readable, sound_shard
from dataset_builder.visible import one_line

_MANIFEST = (
    "name", "title", "audience", "noncommercial", "doi", "license", "policy_version", "policy_sha256",
    "entities", "builder_version",
)  # fmt: skip
_COUNTED = ("accounts", "license_counts", "withheld_counts")
_PACKAGE = ("description", "homepage", "keywords", "licenses", "contributors")
NOTHING = "nothing"


def fact_changes(
    old: Mapping[str, Any], new: Mapping[str, Any], old_package: Mapping[str, Any], new_package: Mapping[str, Any]
) -> tuple[FactChange, ...]:
    """Statements that differ, in a fixed order; version, date and digests apart, which always do."""
    before, after = dict(_facts(old, old_package)), dict(_facts(new, new_package))
    names = sorted({*before, *after}, key=lambda name: (_order(name), name))
    changes = ((name, before.get(name), after.get(name)) for name in names)
    return tuple(FactChange(name, _said(a), _said(b)) for name, a, b in changes if a != b)


def _facts(manifest: Mapping[str, Any], package: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from ((name, manifest.get(name)) for name in _MANIFEST)
    yield from ((name, package.get(name)) for name in _PACKAGE)
    for group in _COUNTED:
        yield from ((f"{group}.{name}", count) for name, count in manifest[group].items())
    yield from ((f"tables.{name}.rows", table["rows"]) for name, table in manifest["tables"].items())


def _order(name: str) -> int:
    groups = (*_MANIFEST, *_PACKAGE, *_COUNTED, "tables")
    return groups.index(name.partition(".")[0])


def _said(value: Any) -> str:
    if value is None:
        return NOTHING
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return one_line(text, 200)


def source_changes(
    roots: tuple[Path, Path], manifests: tuple[dict[str, Any], dict[str, Any]]
) -> tuple[ValueChange, ...]:
    """Sources that came, went or are described otherwise, by name; ``field`` is ``NAME`` or ``NAME.field``."""
    old, new = manifests
    before, after = (
        _sources(roots[0], own_paths(old, new, "sources")),
        _sources(roots[1], own_paths(new, old, "sources")),
    )
    return tuple(
        change for name in sorted({*before, *after}) for change in _source(name, before.get(name), after.get(name))
    )


def _source(name: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[ValueChange]:
    shown = one_line(name)
    if old is None or new is None:
        yield ValueChange(shown, _said(old and old.get("title")), _said(new and new.get("title")))
        return
    for field in dict.fromkeys([*old, *new]):
        if old.get(field) != new.get(field) and not isinstance(new.get(field), int):  # counts follow from the articles
            yield ValueChange(f"{shown}.{field}", _said(old.get(field)), _said(new.get(field)))


def _sources(root: Path, paths: list[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in paths:
        with readable(root, path):
            table = pq.read_table(sound_shard(root, path), partitioning=None)
        found |= {str(row["name"]): row for row in table.to_pylist()}
    return found
