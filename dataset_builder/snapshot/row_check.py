"""Rows of released articles against their rows of the catalog: what both tables hold, they hold alike.

The catalog says of each article what is released of it and under which terms, and the Merkle root rests on it. A row of
``articles``, ``excerpts`` or ``features`` repeats its columns; a text whose row in the catalog releases metadata only
has none. Both are sorted by (date, id) and cut by months, so they are read side by side, a batch of the catalog at a
time and as many rows of each shard as belong to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dataset_builder.describe.facts import FileFacts
from dataset_builder.issues import Issue
from dataset_builder.progress import OnProgress, Watch, silent
from dataset_builder.read.record import ID_DIGITS
from dataset_builder.rights.policy import OWN_OR_PRIVATE, Rule, load_policy
from dataset_builder.schema import RELEASED, TableSchema, conform, release_modes
from dataset_builder.snapshot.policy_digest import policy_digest
from dataset_builder.snapshot.restated import shards_of
from dataset_builder.snapshot.row_keys import UNDATED
from dataset_builder.snapshot.survey import batches
from dataset_builder.snapshot.table_check import read_schemas
from dataset_builder.visible import one_line

_NAME = re.compile(r"[a-z0-9_]+-(\d{4}-\d{2}|undated)-\d+\.parquet")
#: An undated article stands behind all others.
_NO_DAY = 2**31 - 1


def check_rows(root: Path, manifest: Mapping[str, Any], on_progress: OnProgress = silent) -> Iterator[Issue]:
    """Findings about rows that are not where they belong, or that say something else than their rows of the catalog."""
    schemas = {name: TableSchema(name, descriptor) for name, descriptor in read_schemas(root).items()}
    shards = shards_of(manifest)
    catalog = by_month(shards.get("catalog", ()))
    released = {mode: by_month(shards.get(release_modes()[mode]["table"], ())) for mode in RELEASED}
    rules = _rules(manifest)
    watch = Watch("compare rows", on_progress, sum(file.rows or 0 for files in catalog.values() for file in files))
    for month in sorted({*catalog, *(month for months in released.values() for month in months)}):
        readers = [
            _Released(root, file.path, mode, schemas, rules)
            for mode in RELEASED
            for file in released[mode].get(month, ())
        ]
        yield from _check_month(root, month, [file.path for file in catalog.get(month, ())], readers, watch)
    yield from _check_decisions(root, [file.path for file in shards.get("catalog", ())], rules)


def _rules(manifest: Mapping[str, Any]) -> dict[str, Rule]:
    """The rows of the policy by id; none where the snapshot was decided by another policy than the shipped one."""
    policy = load_policy(None)
    return {rule.id: rule for rule in policy.rules} if policy_digest(policy) == manifest["policy_sha256"] else {}


def _check_decisions(root: Path, catalog: Sequence[str], rules: Mapping[str, Rule]) -> Iterator[Issue]:
    """That no row of the catalog releases what the rule that it names never grants."""
    names = ["release", "decision_rule"]
    for path in catalog:
        decided = pq.read_table(root / path, columns=[*names], partitioning=None)
        for row in decided.group_by(names, use_threads=False).aggregate([]).to_pylist():
            rule = rules.get(row["decision_rule"])
            if rule is not None and row["release"] not in (*rule.modes, "metadata"):
                found = f"{row['release']} by the rule {rule.id}"
                expected = f"one of {', '.join(dict.fromkeys([*rule.modes, 'metadata']))}"
                yield Issue(path, field="release", code="row-wrong", found=one_line(found), expected=expected)


def by_month(files: Sequence[FileFacts]) -> dict[str, list[FileFacts]]:
    """Month -> shards, as their names tell."""
    found: dict[str, list[FileFacts]] = {}
    for file in files:
        if named := _NAME.fullmatch(PurePosixPath(file.path).name):
            found.setdefault(named[1], []).append(file)
    return found


class _Released:
    """The rows of one shard of released articles, taken in their order.

    Attributes:
        ids: of all its rows.
        places: for each row of the month's catalog whether this shard has it.
    """

    def __init__(
        self, root: Path, path: str, mode: str, schemas: Mapping[str, TableSchema], rules: Mapping[str, Rule]
    ) -> None:
        self.path, self.mode, self._rules = path, mode, rules
        own, catalog = schemas[release_modes()[mode]["table"]].arrow, schemas["catalog"].arrow
        self._types = {name: catalog.field(name).type for name in catalog.names if name in own.names}
        self._batches = batches(root, [path], list(self._types))
        self._left = pa.Table.from_batches([], pa.schema([own.field(name) for name in self._types]))
        self.ids = pq.read_table(root / path, columns=["id"], partitioning=None).column("id")
        self.places = np.zeros(0, bool)
        self._told = False

    def compare(self, rows: pa.RecordBatch) -> Iterator[Issue]:
        """A finding where the next rows are not these of the catalog; one a shard."""
        if self._told or not rows.num_rows:
            return
        own = self._next(rows.num_rows)
        for name, kind in self._types.items():
            found, expected = _as(own.column(name), kind), rows.column(name)
            if not found.equals(expected):
                self._told = True
                yield self._difference(rows.column("id"), name, found, expected)
                return
        if wrong := rows.filter(pc.not_equal(rows.column("release"), self.mode)).column("id").to_pylist():
            self._told = True
            found_row = f"{wrong[0]}, of which the catalog releases less or something else"
            yield Issue(self.path, field="release", code="row-wrong", found=found_row, expected=self.mode)
        folder = self.path.split("/")[1]
        for name in rows.column("decision_rule").unique().to_pylist():
            family = self._rules[name].family if name in self._rules else OWN_OR_PRIVATE
            if family not in (folder, OWN_OR_PRIVATE) and not self._told:
                self._told = True
                said = f"an article by the rule {name}"
                yield Issue(self.path, field="decision_rule", code="row-wrong", found=said, expected=f"in {family}/")

    def _next(self, rows: int) -> pa.RecordBatch:
        parts = [self._left]
        while sum(part.num_rows for part in parts) < rows and (batch := next(self._batches, None)) is not None:
            parts.append(pa.Table.from_batches([batch.replace_schema_metadata(None)]))
        joined = pa.concat_tables([part.replace_schema_metadata(None) for part in parts])
        self._left = joined.slice(rows)
        columns = [joined.column(name).slice(0, rows).combine_chunks() for name in joined.column_names]
        return pa.RecordBatch.from_arrays(columns, names=joined.column_names)

    def _difference(self, ids: pa.Array, name: str, found: pa.Array, expected: pa.Array) -> Issue:
        place = next(i for i in range(len(expected)) if not found.slice(i, 1).equals(expected.slice(i, 1)))
        if name == "id":
            said = f"{one_line(str(found[place]))} in the place of {one_line(str(expected[place]))}"
            return Issue(self.path, field="id", code="row-wrong", found=said, expected="the order of (date, id)")
        said = f"{one_line(str(found[place]))} in {one_line(str(ids[place]))}"
        return Issue(
            self.path,
            field=name,
            code="row-wrong",
            found=said,
            expected=f"the catalog's {one_line(str(expected[place]))}",
        )


def _as(column: pa.Array, kind: pa.DataType) -> pa.Array:
    return column if column.type == kind else conform(column, kind)


def _check_month(
    root: Path, month: str, catalog: Sequence[str], readers: Sequence[_Released], watch: Watch
) -> Iterator[Issue]:
    """One month of the catalog, and every shard of released rows of that month."""
    ids = pa.chunked_array(
        [
            chunk
            for path in catalog
            for chunk in pq.read_table(root / path, columns=["id"], partitioning=None).column("id").chunks
        ],
        pa.string(),
    )
    for reader in readers:
        reader.places = pc.is_in(ids, value_set=reader.ids).to_numpy()
        if strays := reader.ids.filter(pc.invert(pc.is_in(reader.ids, value_set=ids))).to_pylist():
            found = f"{one_line(str(strays[0]))}, which the catalog has in another month"
            yield Issue(reader.path, field="date", code="row-wrong", found=found, expected=f"rows of {month}")
            reader.places[:] = False
    start, last = 0, (-1, "")
    for path in catalog:
        for batch in batches(root, [path]):
            yield from _check_catalog(path, month, batch, last)
            last = _keys(batch)[-1] if batch.num_rows else last
            yield from _check_released(path, batch, readers, start)
            start += batch.num_rows
            watch.add(batch.num_rows)


def _check_released(path: str, batch: pa.RecordBatch, readers: Sequence[_Released], start: int) -> Iterator[Issue]:
    """That what the catalog says is released is in the table for it, and that it is the same there."""
    held = {mode: np.zeros(batch.num_rows, bool) for mode in RELEASED}
    for reader in readers:
        mask = reader.places[start : start + batch.num_rows]
        held[reader.mode] |= mask
        yield from reader.compare(batch.filter(pa.array(mask)))
    for mode in RELEASED:
        missing = pc.and_(pc.equal(batch.column("release"), mode), pa.array(~held[mode]))
        for article in batch.column("id").filter(missing).to_pylist()[:1]:
            table = release_modes()[mode]["table"]
            found = f"{one_line(str(article))} is released as {mode} and not in {table}"
            yield Issue(path, field="release", code="row-wrong", found=found, expected=f"a row of {table}")


def _keys(batch: pa.RecordBatch) -> list[tuple[int, str]]:
    days = pc.fill_null(batch.column("date").cast(pa.int32()), _NO_DAY).to_pylist()
    return list(zip(days, batch.column("id").to_pylist(), strict=True))


def _check_catalog(path: str, month: str, batch: pa.RecordBatch, last: tuple[int, str]) -> Iterator[Issue]:
    """What each row of the catalog must be by itself, and behind the one before it."""
    keys = _keys(batch)
    for before, key in zip([last, *keys], keys, strict=False):
        if key <= before:
            found, expected = f"{one_line(str(key[1]))} behind {one_line(before[1])}", "rows in the order of (date, id)"
            yield Issue(path, field="id", code="row-wrong", found=found, expected=expected)
            break
    months = pc.fill_null(pc.strftime(batch.column("date"), format="%Y-%m"), UNDATED)
    heads = pc.utf8_slice_codeunits(pc.struct_field(batch.column("provenance"), "payload_sha256"), 0, ID_DIGITS)
    withdrawn = pc.equal(batch.column("status"), "withdrawn")
    checks = {
        "date": (pc.not_equal(months, month), f"rows of {month}"),
        "id": (pc.not_equal(heads, batch.column("id")), f"the first {ID_DIGITS} digits of the payload's SHA-256"),
        "status": (withdrawn, "no row of what is withdrawn"),
    }
    for name, (wrong, expected) in checks.items():
        for article in batch.column("id").filter(pc.fill_null(wrong, True)).to_pylist()[:1]:
            yield Issue(
                path, field=name, code="row-wrong", found=f"the row {one_line(str(article))}", expected=expected
            )
