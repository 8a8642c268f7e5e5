"""Which snapshots hold an article: those that lie here, asked by their own tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dataset_builder.errors import SnapshotError
from dataset_builder.snapshot.manifest import read_manifest
from dataset_builder.sound_shard import sound_shard
from dataset_builder.visible import one_line


@dataclass(frozen=True)
class Holder:
    """One snapshot: its version, and what its tables say.

    Attributes:
        texts: ids of the articles that are in it with their text.
    """

    root: Path
    version: str
    texts: frozenset[str]

    @classmethod
    def open(cls, root: Path) -> Holder:
        """The snapshot at ``root``.

        Raises:
            SnapshotError: there is none, or its tables cannot be read.
        """
        version = one_line(str(read_manifest(root).get("version") or ""))
        return cls(root, version, frozenset(_read(root, "articles", ["id"]).column("id").to_pylist()))

    def catalog(self) -> list[dict[str, Any]]:
        """id, title, url, canonical_url and source of every article that it knows, in the order of its shards."""
        rows: list[dict[str, Any]] = _read(
            self.root, "catalog", ["id", "title", "url", "canonical_url", "source"]
        ).to_pylist()
        return rows

    def naming(self, names: Callable[[str], bool]) -> frozenset[str]:
        """Ids of the articles with a mention whose text or canonical name satisfies ``names``."""
        mentions = _read(self.root, "entities", ["article_id", "text", "canonical"])
        columns = (mentions.column(name).to_pylist() for name in mentions.column_names)
        return frozenset(
            article
            for article, text, canonical in zip(*columns, strict=True)
            if names(text or "") or names(canonical or "")
        )


def _read(root: Path, table: str, columns: Sequence[str]) -> pa.Table:
    schema = pa.schema([pa.field(name, pa.string()) for name in columns])
    shards = [shard.relative_to(root).as_posix() for shard in sorted((root / table).rglob("*.parquet"))]
    try:
        parts = [
            pq.read_table(sound_shard(root, shard), columns=list(columns), partitioning=None).cast(schema)
            for shard in shards
        ]
    except (pa.ArrowException, OSError, KeyError, ValueError) as error:
        raise SnapshotError(
            f"the table {table} of {root} cannot be read: {one_line(str(error))}",
            expected="a snapshot that verifies",
            hint=f"build-dataset verify {root} says what is wrong with it",
        ) from None
    return pa.concat_tables([schema.empty_table(), *parts])
