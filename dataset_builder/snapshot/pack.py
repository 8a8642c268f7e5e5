"""From assembled rows to the tables on disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.describe.facts import FamilyFacts, FileFacts, LicenseRow, TableFacts
from dataset_builder.engines.spool import Spool
from dataset_builder.partial.reconstruction import MOST_ARTICLES, Reconstruction, measure
from dataset_builder.partial.rows import PartialRules, measured, partial_rows, readable
from dataset_builder.schema import RELEASED, TableSchema, conform, release_modes
from dataset_builder.snapshot.shards import RowKey, data_bytes, months, shard_name, write_shard

#: The release that carries the whole text.
FULL = "full"
#: The release that carries its first words.
EXCERPT = "excerpt"
#: Articles named in a finding about a licence.
_EXAMPLES = 5
#: Looks at every table that is about to be written; raises for one that breaks its schema.
Gate = Callable[[TableSchema, pa.Table], None]


@dataclass
class Packed:
    """What was written, counted on the way."""

    tables: dict[str, TableFacts] = field(default_factory=dict)
    families: list[FamilyFacts] = field(default_factory=list)
    labels: Counter[str] = field(default_factory=Counter)
    words: int = 0
    reconstruction: Reconstruction | None = None


@dataclass
class Tally:
    """Counts over the released and the withheld rows, taken once while their keys are gathered."""

    articles: list[RowKey] = field(default_factory=list)
    partial: dict[str, list[RowKey]] = field(default_factory=dict)
    catalog: list[RowKey] = field(default_factory=list)
    licenses: Counter[tuple[str, str, str, str, str]] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    ids: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    withdrawn: int = 0

    def add(self, number: int, batch: pa.RecordBatch) -> None:
        """Count the rows of batch ``number``."""
        names = (
            "date",
            "id",
            "family",
            "release",
            "status",
            "source",
            "license",
            "rights_class",
            "decision_rule",
            "language",
            "quality_flags",
        )
        columns = [batch.column(name).to_pylist() for name in names]
        for row, (day, article, family, release, status, source, license_, rights, rule, language, flags) in enumerate(
            zip(*columns, strict=True)
        ):
            if status == "withdrawn":
                self.withdrawn += 1
                continue
            key = RowKey.of(day, article, number, row, family)
            self.catalog.append(key)
            self.licenses[source, license_ or "", rights, release, rule] += 1
            named = self.ids.setdefault((source, license_ or ""), [])
            if len(named) < _EXAMPLES:
                named.append(article)
            if release in RELEASED:
                (self.articles if release == FULL else self.partial.setdefault(release, [])).append(key)
                self.languages[language or "und"] += 1
                self.flags.update(flags or ())

    @property
    def released(self) -> int:
        """Articles of which more than metadata is released."""
        return len(self.articles) + sum(map(len, self.partial.values()))

    def examples(self, row: LicenseRow) -> tuple[str, ...]:
        """The ids of some of the articles that ``row`` counts."""
        return tuple(self.ids.get((row.source, row.license), ()))

    @property
    def license_rows(self) -> tuple[LicenseRow, ...]:
        """Source by licence by decision, in order."""
        return tuple(LicenseRow(*key, articles=count) for key, count in sorted(self.licenses.items()))


def pack(
    root: Path,
    spool: Spool,
    tally: Tally,
    schemas: dict[str, TableSchema],
    sources: pa.Table,
    gate: Gate,
    rules: PartialRules | None = None,
) -> Packed:
    """Write all tables below ``root``; every shard passes the gate first.

    Args:
        rules: what an excerpt and a features release hold; the defaults where None.
    """
    packed = Packed()
    tally.articles.sort()
    tally.catalog.sort()
    _pack_articles(packed, root, spool, tally, schemas, gate)
    if tally.partial:
        _pack_partial(packed, root, spool, tally, schemas, gate, rules or PartialRules())
    _pack_catalog(packed, root, spool, tally, schemas["catalog"], gate)
    writer = TableWriter(schemas["sources"], root, gate)
    writer.write("sources/train-00000.parquet", sources)
    packed.tables["sources"] = writer.facts()
    packed.tables = {name: packed.tables[name] for name in schemas if name in packed.tables}
    return packed


def _pack_articles(
    packed: Packed, root: Path, spool: Spool, tally: Tally, schemas: dict[str, TableSchema], gate: Gate
) -> None:
    articles = TableWriter(schemas["articles"], root, gate)
    for family in sorted({key.family for key in tally.articles}):
        writer = TableWriter(schemas["articles"], root, gate)
        for month, number, keys in months([key for key in tally.articles if key.family == family]):
            writer.write(f"articles/{family}/{shard_name(month, number)}", _take(spool, keys, schemas["articles"]))
        articles.join(writer)
        packed.families.append(FamilyFacts(family, tuple(writer.shards), writer.rows, writer.data_bytes))
    packed.tables["articles"] = articles.facts()
    entities = TableWriter(schemas["entities"], root, gate)
    for month, number, keys in months(tally.articles):
        rows = _take(spool, keys, schemas["articles"])
        mentions = _mentions(rows, schemas["entities"])
        packed.labels.update(mentions.column("coarse_label").to_pylist())
        packed.words += sum(len(body.split()) for body in rows.column("body").to_pylist())
        entities.write(f"entities/{shard_name(month, number)}", mentions)
    packed.tables["entities"] = entities.facts()


def _pack_partial(
    packed: Packed,
    root: Path,
    spool: Spool,
    tally: Tally,
    schemas: dict[str, TableSchema],
    gate: Gate,
    rules: PartialRules,
) -> None:
    """Excerpts and features, each in the folder of its licence family, and how much the features give away."""
    for mode, keys in sorted(tally.partial.items()):
        table = release_modes()[mode]["table"]
        writer = TableWriter(schemas[table], root, gate)
        keys.sort(key=lambda key: (key.family, key))
        for family, members in groupby(keys, key=lambda key: key.family):
            for month, number, chosen in months(list(members)):
                rows = partial_rows(_take(spool, chosen, None), schemas[table], rules)
                writer.write(f"{table}/{family}/{shard_name(month, number)}", rows)
        packed.tables[table] = writer.facts()
    if features := tally.partial.get("features"):
        sample = sorted(features, key=lambda key: key.id)[:MOST_ARTICLES]
        packed.reconstruction = measure(measured(_take(spool, sample, None), rules), readable(spool.read()))


def _pack_catalog(packed: Packed, root: Path, spool: Spool, tally: Tally, schema: TableSchema, gate: Gate) -> None:
    writer = TableWriter(schema, root, gate)
    for month, number, keys in months(tally.catalog):
        writer.write(f"catalog/{shard_name(month, number)}", _take(spool, keys, schema))
    packed.tables["catalog"] = writer.facts()


def _take(spool: Spool, keys: list[RowKey], schema: TableSchema | None) -> pa.Table:
    """The rows of ``keys`` in their order, with the columns of ``schema``; with all columns where that is None."""
    by_batch: dict[int, list[int]] = {}
    for key in keys:
        by_batch.setdefault(key.batch, []).append(key.row)
    place = {(batch, row): index for index, (batch, row) in enumerate(_pairs(by_batch))}
    order = pa.array([place[key.batch, key.row] for key in keys], type=pa.int64())
    table = spool.select(by_batch).combine_chunks()
    if schema is None:
        return table.take(order)
    arrow = schema.arrow
    columns = [conform(_one_chunk(table.column(field.name)).take(order), field.type) for field in arrow]
    return pa.Table.from_arrays(columns, schema=arrow)


def _one_chunk(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def _pairs(by_batch: dict[int, list[int]]) -> Iterable[tuple[int, int]]:
    return ((batch, row) for batch, rows in by_batch.items() for row in rows)


def _mentions(articles: pa.Table, schema: TableSchema) -> pa.Table:
    """One row a mention, in the order of the articles and of their texts."""
    column = _one_chunk(articles.column("entities"))
    mentions = column.flatten()
    owners = _one_chunk(articles.column("id")).take(pc.list_parent_indices(column))
    arrow = schema.arrow
    columns = [owners if f.name == "article_id" else conform(mentions.field(f.name), f.type) for f in arrow]
    return pa.Table.from_arrays(columns, schema=arrow)


class TableWriter:
    """Writes one table's shards and counts them."""

    def __init__(self, schema: TableSchema, root: Path, gate: Gate) -> None:
        self.schema = schema
        self.shards: list[FileFacts] = []
        self.rows = 0
        self.data_bytes = 0
        self._root = root
        self._gate = gate
        self._nulls: Counter[str] = Counter()

    def write(self, path: str, table: pa.Table) -> None:
        """Write a shard; one without rows is not written, as ``datasets`` cannot load it."""
        if table.num_rows == 0:
            return
        self._gate(self.schema, table)
        self.shards.append(write_shard(self._root, path, table))
        self.rows += table.num_rows
        self.data_bytes += data_bytes(self._root / path)
        self._nulls.update({name: table.column(name).null_count for name in table.column_names})

    def join(self, other: TableWriter) -> None:
        """Count the shards of ``other`` as this table's own."""
        self.shards += other.shards
        self.rows += other.rows
        self.data_bytes += other.data_bytes
        self._nulls.update(other._nulls)

    def facts(self) -> TableFacts:
        """The table as it was written."""
        nulls = tuple((name, self._nulls[name]) for name in self.schema.column_names)
        return TableFacts(self.schema, tuple(self.shards), self.rows, self.data_bytes, nulls)
