"""From assembled rows to the tables on disk: which rows make which shard, and the writing of each, by any worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa

from dataset_builder.describe.facts import FamilyFacts, FileFacts, SplitFacts, TableFacts
from dataset_builder.engines.contract import Engine
from dataset_builder.engines.local import InProcess
from dataset_builder.engines.spool import Rows
from dataset_builder.partial.reconstruction import Reconstruction
from dataset_builder.partial.rows import PARTIAL_TABLES, PartialRules, partial_columns, partial_rows, score
from dataset_builder.progress import OnProgress, counted, silent
from dataset_builder.schema import RELEASED, TableSchema, conform, release_modes
from dataset_builder.snapshot.mentions import mentions_of, one_chunk
from dataset_builder.snapshot.row_digests import digests_of, merkle_root
from dataset_builder.snapshot.row_keys import RowKeys
from dataset_builder.snapshot.shards import shards_of, write_shard
from dataset_builder.snapshot.spaced_words import count_words
from dataset_builder.snapshot.splits import Splits
from dataset_builder.snapshot.tally import Articles, Tally
from dataset_builder.split_options import REST, SplitOptions
from dataset_builder.validate.gates import SeenShard

#: Looks at a shard that is about to be written; travels to a worker.
Gate = Callable[[TableSchema, pa.Table], SeenShard]
#: Takes what the gate saw in a shard; raises, or notes it and lets the build go on.
Take = Callable[[TableSchema, SeenShard], None]


@dataclass
class Packed:
    """What was written, counted on the way."""

    tables: dict[str, TableFacts] = field(default_factory=dict)
    families: list[FamilyFacts] = field(default_factory=list)
    labels: Counter[str] = field(default_factory=Counter)
    words: int = 0
    merkle_root: str = ""
    reconstruction: Reconstruction | None = None


@dataclass(frozen=True)
class ShardPlan:
    """One shard: its table, its path below the snapshot, the rows that it is made of, in order, and their columns."""

    table: str
    path: str
    rows: Rows
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.path


@dataclass(frozen=True)
class Shard:
    """A shard as it was written; without ``file`` where it would have no rows, as ``datasets`` cannot load it.

    ``digests`` are those of the rows, where they are entries of the snapshot's Merkle tree.
    """

    file: FileFacts | None
    rows: int = 0
    data_bytes: int = 0
    nulls: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, int] = field(default_factory=dict)
    words: int = 0
    seen: SeenShard = field(default_factory=SeenShard)
    digests: pa.Table | None = None


@dataclass(frozen=True)
class Packing:
    """Writes shards, each from its rows alone.

    Attributes:
        root: the snapshot.
        gate: every shard passes it before it is written.
        rules: what an excerpt and a features release hold.
    """

    root: str | Path
    articles: Articles
    schemas: Mapping[str, TableSchema]
    gate: Gate
    rules: PartialRules

    def __call__(self, plan: ShardPlan) -> Shard:
        """Write one shard."""
        schema = self.schemas[plan.table]
        if plan.table == "entities":
            return self._entities(plan, schema)
        if plan.table in PARTIAL_TABLES:
            rows = self.articles.take(plan.rows, plan.columns)
            return write(self.root, plan.path, schema, partial_rows(rows, schema, self.rules), self.gate)
        rows = _conformed(self.articles, plan, schema)
        shard = write(self.root, plan.path, schema, rows, self.gate)
        return replace(shard, digests=digests_of(rows)) if plan.table == "catalog" else shard

    def moved(self, articles: Articles, root: str | Path) -> Packing:
        """The same over rows that are elsewhere, writing elsewhere."""
        return replace(self, articles=articles, root=root)

    def _entities(self, plan: ShardPlan, schema: TableSchema) -> Shard:
        rows = self.articles.take(plan.rows, plan.columns)
        mentions = mentions_of(rows, schema)
        shard = write(self.root, plan.path, schema, mentions, self.gate)
        words = count_words(one_chunk(rows.column("body")))
        return Shard(**{**vars(shard), "labels": Counter(mentions.column("coarse_label").to_pylist()), "words": words})


def pack(
    root: Path,
    articles: Articles,
    tally: Tally,
    schemas: dict[str, TableSchema],
    sources: pa.Table,
    gate: Gate,
    take_in: Take,
    engine: Engine | None = None,
    on_progress: OnProgress = silent,
    rules: PartialRules | None = None,
    splits: Splits | None = None,
) -> Packed:
    """Write all tables below ``root``; every shard passes the gate first.

    Args:
        take_in: is told what the gate saw, shard by shard, in order.
        engine: who writes; this process where None.
        rules: what an excerpt and a features release hold; the defaults where None.
        splits: which split each row goes to; ``train`` for all of them where None.
    """
    rules = rules or PartialRules()
    packed = Packed()
    counts = {name: _TableCount(schema) for name, schema in schemas.items()}
    families: dict[str, _TableCount] = {}
    digests: list[pa.Table] = []
    plans = plan_shards(tally, splits or Splits.of(SplitOptions(), tally), schemas)
    packing = Packing(root, articles, schemas, gate, rules)
    shards = zip(plans, (engine or InProcess()).gather(packing, plans), strict=True)
    total = sum(len(plan.rows) for plan in plans)
    for plan, shard in counted(shards, "write", on_progress, size=lambda it: len(it[0].rows), total=total):
        take_in(schemas[plan.table], shard.seen)
        counts[plan.table].add(shard)
        if plan.table == "articles":
            families.setdefault(plan.path.split("/")[1], _TableCount(schemas["articles"])).add(shard)
        packed.labels.update(shard.labels)
        packed.words += shard.words
        if shard.digests is not None:
            digests.append(shard.digests)
    packed.merkle_root = merkle_root(digests)
    shard = write(root, "sources/train-00000.parquet", schemas["sources"], sources, gate)
    take_in(schemas["sources"], shard.seen)
    counts["sources"].add(shard)
    tables = {name: count.facts() for name, count in counts.items()}
    packed.tables = {name: facts for name, facts in tables.items() if facts.rows or name not in PARTIAL_TABLES}
    packed.reconstruction = score(articles, tally.of_release("features"), rules)
    packed.families = [count.family(name) for name, count in families.items()]
    return packed


def plan_shards(tally: Tally, splits: Splits, schemas: Mapping[str, TableSchema]) -> list[ShardPlan]:
    """Every shard of the tables whose rows are articles, or are made of articles.

    Texts are divided into splits, and what is made of them; the catalog holds no text and is whole.
    """
    plans: list[ShardPlan] = []
    for mode in RELEASED:
        table = release_modes()[mode]["table"]
        for family, keys in tally.families_of(mode).items():
            for split, rows in splits.divide(keys):
                plans += _plans(schemas[table], f"{table}/{family}", rows, split)
    for split, rows in splits.divide(tally.articles):
        plans += _plans(schemas["entities"], "entities", rows, split)
    plans += _plans(schemas["catalog"], "catalog", tally.catalog)
    return plans


def _plans(schema: TableSchema, folder: str, keys: RowKeys, split: str = REST) -> Iterator[ShardPlan]:
    columns = tuple(_columns(schema))
    return (ShardPlan(schema.name, f"{folder}/{name}", part.rows, columns) for name, part in shards_of(keys, split))


def _columns(schema: TableSchema) -> Sequence[str]:
    """The columns of assembled rows that a table is made of."""
    if schema.name == "entities":
        return ("id", "entities", "body")
    return partial_columns(schema) if schema.name in PARTIAL_TABLES else schema.column_names


def _conformed(articles: Articles, plan: ShardPlan, schema: TableSchema) -> pa.Table:
    """The rows of ``plan`` as ``schema`` types them."""
    arrow = schema.arrow
    table = articles.take(plan.rows, plan.columns)
    columns = [conform(one_chunk(table.column(entry.name)), entry.type) for entry in arrow]
    return pa.Table.from_arrays(columns, schema=arrow)


def write(root: str | Path, path: str, schema: TableSchema, table: pa.Table, gate: Gate) -> Shard:
    """Write ``table`` as the shard at ``path`` below ``root``, with what the gate saw in it."""
    if table.num_rows == 0:
        return Shard(None)
    seen = gate(schema, table)
    written = write_shard(root, path, table)
    nulls = {name: table.column(name).null_count for name in table.column_names}
    return Shard(written.file, table.num_rows, written.data_bytes, nulls, seen=seen)


class _TableCount:
    """Counts the shards of one table, or of one family."""

    def __init__(self, schema: TableSchema) -> None:
        self._schema = schema
        self._shards: list[FileFacts] = []
        self._rows = 0
        self._data_bytes = 0
        self._nulls: Counter[str] = Counter()
        self._splits: dict[str, SplitFacts] = {}

    def add(self, shard: Shard) -> None:
        """Count one more."""
        if shard.file is not None:
            self._shards.append(shard.file)
            self._rows += shard.rows
            self._data_bytes += shard.data_bytes
            self._nulls.update(shard.nulls)
            before = self._splits.get(shard.file.split, SplitFacts(shard.file.split, 0, 0))
            rows, size = before.rows + shard.rows, before.data_bytes + shard.data_bytes
            self._splits[before.name] = SplitFacts(before.name, rows, size)

    @property
    def _split_facts(self) -> tuple[SplitFacts, ...]:
        return tuple(self._splits.values())

    def facts(self) -> TableFacts:
        """The table as it was written."""
        nulls = tuple((name, self._nulls[name]) for name in self._schema.column_names)
        return TableFacts(self._schema, tuple(self._shards), self._rows, self._data_bytes, nulls, self._split_facts)

    def family(self, name: str) -> FamilyFacts:
        """The family of this name as it was written."""
        return FamilyFacts(name, tuple(self._shards), self._rows, self._data_bytes, self._split_facts)
