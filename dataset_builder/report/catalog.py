"""What the catalog says of all articles, counted in one pass: dates, sources, languages, licences, decisions, flags."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import pyarrow as pa

#: Columns that are counted.
COLUMNS = (
    "id", "title", "date", "source", "language", "license", "rights_class", "release", "decision_rule",
    "quality_flags", "duplicate_cluster", "revision_of",
)  # fmt: skip


class Decision(NamedTuple):
    """How articles were decided on."""

    release: str
    rule: str
    rights_class: str


class Member(NamedTuple):
    """One article of a cluster of near copies."""

    id: str
    title: str
    day: date | None
    source: str
    release: str


@dataclass
class CatalogCounts:
    """Counts over the catalog; feed it with :meth:`add`.

    A value that is null counts under ``""``. Each of the two-part keys is (value, release).
    """

    articles: int = 0
    days: Counter[tuple[date | None, str]] = field(default_factory=Counter)
    sources: Counter[tuple[str, str]] = field(default_factory=Counter)
    languages: Counter[tuple[str, str]] = field(default_factory=Counter)
    licenses: Counter[tuple[str, str]] = field(default_factory=Counter)
    decisions: Counter[Decision] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    clusters: dict[str, list[Member]] = field(default_factory=lambda: defaultdict(list))
    revisions: int = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Count the rows of a batch with :data:`COLUMNS`."""
        columns = {name: batch.column(name).to_pylist() for name in COLUMNS}
        releases = [value or "" for value in columns["release"]]
        self.articles += batch.num_rows
        self.days.update(zip(columns["date"], releases, strict=True))
        for name, counter in (("source", self.sources), ("language", self.languages), ("license", self.licenses)):
            counter.update(zip((value or "" for value in columns[name]), releases, strict=True))
        rules, classes = columns["decision_rule"], columns["rights_class"]
        self.decisions.update(
            Decision(release, rule or "", kind or "")
            for release, rule, kind in zip(releases, rules, classes, strict=True)
        )
        for flags in columns["quality_flags"]:
            self.flags.update(flag for flag in flags or () if flag is not None)
        self.revisions += sum(value is not None for value in columns["revision_of"])
        self._count_clusters(columns)

    def _count_clusters(self, columns: dict[str, list[Any]]) -> None:
        names = ("duplicate_cluster", "id", "title", "date", "source", "release")
        for cluster, id_, title, day, source, release in zip(*(columns[name] for name in names), strict=True):
            if cluster is not None:
                self.clusters[cluster].append(Member(id_ or "", title or "", day, source or "", release or ""))

    @property
    def first(self) -> date | None:
        """The earliest day, None where no article is dated."""
        return min((day for day, _ in self.days if day), default=None)

    @property
    def last(self) -> date | None:
        """The latest day, None where no article is dated."""
        return max((day for day, _ in self.days if day), default=None)

    @property
    def undated(self) -> int:
        """Articles without a date."""
        return sum(count for (day, _), count in self.days.items() if day is None)
