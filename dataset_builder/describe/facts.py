"""What a snapshot's descriptions are made of: measured once by the pipeline, rendered by pure functions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath

from dataset_builder.config import Config, Withdrawal
from dataset_builder.partial.reconstruction import Reconstruction
from dataset_builder.schema import RELEASED, TableSchema


def split_of(path: str) -> str:
    """The split of the shard at ``path``: its name begins with it."""
    return PurePosixPath(path).name.partition("-")[0]


@dataclass(frozen=True)
class FileFacts:
    """One file of the snapshot: POSIX ``path`` below it, size, digest, and for a shard its rows."""

    path: str
    bytes: int
    sha256: str
    rows: int | None = None

    @property
    def split(self) -> str:
        """The split of a shard."""
        return split_of(self.path)


@dataclass(frozen=True)
class SplitFacts:
    """The rows of one split of a table or a family, and their size before compression."""

    name: str
    rows: int
    data_bytes: int


@dataclass(frozen=True)
class TableFacts:
    """One table as it was written.

    Attributes:
        schema: its columns.
        shards: its files, in the order of their paths; empty for a table without rows, which gets no config.
        rows: their rows together.
        data_bytes: size of the data before compression, as the footers state it (``dataset_size`` in a card).
        null_counts: rows in which a column is null, by column.
        splits: its rows by split, in the order of the splits.
    """

    schema: TableSchema
    shards: tuple[FileFacts, ...]
    rows: int
    data_bytes: int
    null_counts: tuple[tuple[str, int], ...] = ()
    splits: tuple[SplitFacts, ...] = ()


@dataclass(frozen=True)
class FamilyFacts:
    """The articles of one licence family: ``name`` is the folder below ``articles/`` and the config's name."""

    name: str
    shards: tuple[FileFacts, ...]
    rows: int
    data_bytes: int
    splits: tuple[SplitFacts, ...] = ()


@dataclass(frozen=True)
class LicenseRow:
    """Articles of one source under one licence and one decision."""

    source: str
    license: str
    rights_class: str
    release: str
    decision_rule: str
    articles: int

    @property
    def released(self) -> bool:
        """Whether more than metadata is released of them."""
        return self.release in RELEASED


@dataclass(frozen=True)
class Accounts:
    """What became of every article: read = released + withheld + rejected + merged + withdrawn."""

    read: int = 0
    released: int = 0
    withheld: int = 0
    rejected: int = 0
    merged: int = 0
    withdrawn: int = 0

    @property
    def balanced(self) -> bool:
        """Whether every article that was read is accounted for."""
        return self.read == self.released + self.withheld + self.rejected + self.merged + self.withdrawn


@dataclass(frozen=True)
class CollectionLicense:
    """The licence of the whole, as every description states it.

    Attributes:
        expression: SPDX expression over all released texts (``CC-BY-4.0 AND CC0-1.0``); ``""`` where none is released.
        hub: the value of ``license`` in a data card (a Hub identifier, a list of them, or ``other``).
        hub_name: ``license_name`` where ``hub`` is ``other``.
        hub_link: ``license_link`` where ``hub`` is ``other``.
        texts: file name below ``LICENSES/`` -> the licence's text.
    """

    expression: str = ""
    hub: str | tuple[str, ...] = "other"
    hub_name: str = ""
    hub_link: str = ""
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SnapshotFacts:
    """Everything that card, descriptors and citation say.

    Attributes:
        identity: ``sha256:`` and the data digest, over schema and Parquet files.
        created: the snapshot's date: declared, or the newest date among the inputs.
        created_from: ``declared`` or ``newest-article`` or ``none``.
        tables: in the order of ``schema.TABLES``.
        languages: (tag, articles released) by falling count, then tag.
        dates: (first, last) date of the released articles, or of the catalog where nothing is released.
        checks: (name, result) of what the build checked, for the card.
        schema_digests: (table, SHA-256 of its schema as datapackage.json states it) of each table with rows.
        tools: (name, version) of what had a hand in the bytes.
        withdrawals: the tombstones, as dataset.yaml has them.
        merkle_root: over the rows of the catalog, 64 hexadecimal digits.
        reconstruction: how much of the texts can be rebuilt from their features; None where none are released.
        legal_rules: ids of the policy's rows that rest on the legal basis which dataset.yaml names.
        terms: the text of the terms of access; empty where none are named.
    """

    config: Config
    builder_version: str
    identity: str
    created: date | None
    created_from: str
    tables: tuple[TableFacts, ...]
    families: tuple[FamilyFacts, ...]
    accounts: Accounts
    licenses: tuple[LicenseRow, ...]
    collection: CollectionLicense
    languages: tuple[tuple[str, int], ...] = ()
    dates: tuple[date | None, date | None] = (None, None)
    flags: tuple[tuple[str, int], ...] = ()
    entity_labels: tuple[tuple[str, int], ...] = ()
    words: int = 0
    policy_version: str = ""
    policy_sha256: str = ""
    schema_sha256: str = ""
    schema_digests: tuple[tuple[str, str], ...] = ()
    checks: tuple[tuple[str, str], ...] = ()
    tools: tuple[tuple[str, str], ...] = field(default_factory=tuple)
    withdrawals: tuple[Withdrawal, ...] = ()
    merkle_root: str = ""
    reconstruction: Reconstruction | None = None
    legal_rules: tuple[str, ...] = ()
    terms: str = ""

    @property
    def release_counts(self) -> dict[str, int]:
        """Release -> articles that are released so, the fullest first."""
        counts = {mode: sum(row.articles for row in self.licenses if row.release == mode) for mode in RELEASED}
        return {mode: count for mode, count in counts.items() if count}

    @property
    def has_text(self) -> bool:
        """Whether the whole text of any article is released."""
        return "full" in self.release_counts

    def table(self, name: str) -> TableFacts:
        """The table with this name."""
        return next(table for table in self.tables if table.schema.name == name)
