"""Two snapshots side by side: which articles came, went and changed, and what that means for the version."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from dataset_builder.comparison import difference as made
from dataset_builder.comparison.bump import suggest
from dataset_builder.comparison.rows import Match, Rows, Tally
from dataset_builder.comparison.schemas import schema_changes, value_paths
from dataset_builder.comparison.shards import Side, own_paths, shared_rows, unpacked
from dataset_builder.comparison.statements import fact_changes, source_changes
from dataset_builder.describe.cite.facts import read_package
from dataset_builder.errors import SnapshotError
from dataset_builder.progress import OnProgress, silent
from dataset_builder.snapshot.manifest import read_manifest
from dataset_builder.visible import one_line

#: Articles that are listed of each kind, unless another number is asked for.
LISTED = 50
_LISTED_COLUMNS = ("id", "title", "date", "source", "release", "license")


def diff(old: Path, new: Path, *, limit: int = LISTED, on_progress: OnProgress = silent) -> made.Difference:
    """What has changed from the snapshot at ``old`` to the one at ``new``.

    Works from the manifests: shards with one digest in both are not opened. It does not verify either of them.

    Args:
        limit: articles that are listed of each kind; 0 lists all. Counts are always whole.
        on_progress: is told how much has been compared.

    Raises:
        UsageError: a folder is not there.
        SnapshotError: it is no snapshot, or a shard of it cannot be read.
    """
    manifests = read_manifest(old), read_manifest(new)
    packages = read_package(old), read_package(new)
    try:
        return _diff((old, new), manifests, packages, limit, on_progress)
    except (pa.ArrowException, AttributeError, KeyError, TypeError, ValueError) as error:
        raise SnapshotError(
            f"the two cannot be compared: {one_line(f'{type(error).__name__}: {error}')}",
            expected="two snapshots as build-dataset writes them",
            hint="build-dataset verify says which of them is not whole",
            place=f"{old}, {new}",
        ) from None


def _diff(
    roots: tuple[Path, Path],
    manifests: tuple[dict[str, Any], dict[str, Any]],
    packages: tuple[dict[str, Any], dict[str, Any]],
    limit: int,
    on_progress: OnProgress,
) -> made.Difference:
    tables = tuple({entry["name"]: entry["schema"] for entry in package["resources"]} for package in packages)
    old, new = _sides(roots, manifests, "catalog", on_progress)
    match = Match.of(old.ids, new.ids)
    texts = _sides(roots, manifests, "articles", on_progress)
    tally = Tally(np.union1d(new.ids[match.new], np.intersect1d(texts[0].ids, texts[1].ids)), limit)
    told = value_paths(tables[0].get("catalog"), tables[1].get("catalog"))
    tally.compare(old, new, tuple(told), on_progress)
    more = value_paths(tables[0].get("articles"), tables[1].get("articles"))
    tally.compare(*texts, tuple(path for path, kind in more.items() if told.get(path) != kind), on_progress)
    unchanged = shared_rows(manifests[0], manifests[1], "catalog") + len(match.new) - tally.changed
    articles = made.Articles(
        added=len(match.added),
        removed=len(match.removed),
        changed=tally.changed,
        unchanged=unchanged,
        added_list=_list(new, match.added, limit, {}),
        removed_list=_list(old, match.removed, limit, _reasons(manifests[1])),
        changed_list=tally.listed(),
    )
    schema = schema_changes(*tables)
    facts = fact_changes(*manifests, *packages)
    sources = source_changes(roots, manifests)
    transitions = tally.transitions()
    return made.Difference(
        old=_named(manifests[0]),
        new=_named(manifests[1]),
        articles=articles,
        fields=tally.fields(),
        transitions=transitions,
        sources=sources,
        schema=schema,
        facts=facts,
        bump=suggest(manifests[0]["version"], manifests[1]["version"], articles, transitions, schema, facts, sources),
    )


def _sides(
    roots: tuple[Path, Path], manifests: tuple[dict[str, Any], dict[str, Any]], table: str, on_progress: OnProgress
) -> tuple[Side, Side]:
    """Of a table what each of the two snapshots has for itself."""
    old, new = (own_paths(*pair, table) for pair in (manifests, manifests[::-1]))
    return Side(roots[0], old, on_progress=on_progress), Side(roots[1], new, on_progress=on_progress)


def _named(manifest: Mapping[str, Any]) -> made.Side:
    created = manifest["created"]
    texts = {name: one_line(str(manifest[name])) for name in ("name", "title", "version", "identity")}
    return made.Side(created=str(created) if created else None, **texts)


def _reasons(manifest: Mapping[str, Any]) -> dict[str, str]:
    """id -> why it was withdrawn."""
    return {str(entry["id"]): one_line(str(entry["reason"])) for entry in manifest["withdrawals"]}


def _list(side: Side, rows: Rows, limit: int, reasons: Mapping[str, str]) -> tuple[made.Listed, ...]:
    chosen = rows[:limit] if limit > 0 else rows
    groups = side.group_of(chosen)
    listed: list[made.Listed] = []
    for number in np.unique(groups):
        table = side.take(int(number), chosen[groups == number], _LISTED_COLUMNS)
        for article, row in zip(side.ids[chosen[groups == number]], table.to_pylist(), strict=True):
            key = unpacked(bytes(article))
            texts = {name: str(row[name] or "") for name in _LISTED_COLUMNS if name != "id"}
            listed.append(made.Listed(id=key, reason=reasons.get(key, ""), **texts))
    side.release()
    return tuple(listed)
