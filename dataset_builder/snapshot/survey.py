"""What the rows of a snapshot come to: counted once, a batch at a time, for the checks of what is said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dataset_builder.describe.facts import FileFacts, LicenseRow
from dataset_builder.progress import Watch
from dataset_builder.schema import RELEASED
from dataset_builder.snapshot.spaced_words import count_words

BATCH_ROWS = 1024
_DECISION = ("source", "license", "rights_class", "release", "decision_rule")


@dataclass
class Survey:
    """Counts over all tables.

    Attributes:
        nulls: by table, the rows in which a column is null.
        licenses: articles by source, licence and decision; ``""`` where there is none.
        languages, flags: released articles by language tag and by quality flag.
        labels: mentions by coarse label.
        words: of the released bodies.
        sources: the rows of the table of sources.
    """

    nulls: dict[str, Counter[str]] = field(default_factory=dict)
    licenses: Counter[tuple[str, str, str, str, str]] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    words: int = 0
    sources: list[dict[str, Any]] = field(default_factory=list)
    _all_days: list[date] = field(default_factory=list)
    _released_days: list[date] = field(default_factory=list)

    @classmethod
    def of(cls, root: Path, shards: Mapping[str, Sequence[FileFacts]], watch: Watch) -> Survey:
        """The counts over the shards of each table below ``root``."""
        survey = cls()
        for table, files in shards.items():
            nulls = survey.nulls.setdefault(table, Counter())
            for batch in batches(root, (file.path for file in files)):
                nulls.update({name: batch.column(name).null_count for name in batch.schema.names})
                survey._count(table, batch)
                watch.add(batch.num_rows)
        return survey

    def _count(self, table: str, batch: pa.RecordBatch) -> None:
        if table == "catalog":
            self._count_articles(batch)
        elif table == "articles":
            self.words += count_words(batch.column("body"))
        elif table == "entities":
            self.labels.update(_counts(batch.column("coarse_label")))
        elif table == "sources":
            self.sources += batch.to_pylist()

    def _count_articles(self, batch: pa.RecordBatch) -> None:
        rows = pa.Table.from_batches([batch.select([*_DECISION, "language", "quality_flags", "date"])])
        for row in rows.group_by(list(_DECISION), use_threads=False).aggregate([([], "count_all")]).to_pylist():
            source, name, kind, release, rule = (row[column] or "" for column in _DECISION)
            self.licenses[source, name, kind, release, rule] += row["count_all"]
        released = rows.filter(pc.is_in(rows.column("release"), value_set=pa.array(RELEASED)))
        self.languages.update(_counts(pc.fill_null(released.column("language"), "und")))
        self.flags.update(_counts(pc.list_flatten(released.column("quality_flags"))))
        self._all_days += _ends(rows)
        self._released_days += _ends(released)

    @property
    def license_rows(self) -> tuple[LicenseRow, ...]:
        """Source by licence by decision, in order."""
        return tuple(LicenseRow(*key, articles=count) for key, count in sorted(self.licenses.items()))

    @property
    def dates(self) -> tuple[date | None, date | None]:
        """The first and the last day of the released articles; of all where none of these has one."""
        days = self._released_days or self._all_days
        return (min(days), max(days)) if days else (None, None)


def batches(root: Path, paths: Iterable[str], columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
    """The rows of some shards, one batch after another."""
    for path in paths:
        with pq.ParquetFile(root / path) as file:
            yield from file.iter_batches(batch_size=BATCH_ROWS, columns=None if columns is None else list(columns))


def _ends(rows: pa.Table) -> list[date]:
    ends = pc.min_max(rows.column("date")).as_py()
    return [day for day in ends.values() if day is not None]


def _counts(values: pa.ChunkedArray | pa.Array) -> dict[str, int]:
    return {entry["values"]: entry["counts"] for entry in pc.value_counts(values).to_pylist()}
