"""Personal data in the texts of a release, counted: e-mail addresses and telephone numbers.

Nothing that is found leaves this module, only how often. It is no part of a build: cleaning removes no personal data,
and the card says so (docs/decisions/privacy-scan.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from dataset_builder.errors import MissingDependencyError
from dataset_builder.issues import Issue
from dataset_builder.progress import OnProgress, Watch, silent
from dataset_builder.resources import read_yaml, schema_file

#: Kind -> its name, singular and plural.
KINDS = {"email": ("e-mail address", "e-mail addresses"), "phone": ("telephone number", "telephone numbers")}
_BATCH_ROWS = 256


@dataclass(frozen=True)
class Count:
    """How many there are, and in how many articles."""

    found: int = 0
    articles: int = 0

    def with_article(self, found: int) -> Count:
        """The count after one more article, in which so many were found."""
        return Count(self.found + found, self.articles + bool(found))


@dataclass(frozen=True)
class PersonalData:
    """What the scan came to for one source.

    Attributes:
        source: its name.
        articles: released ones that were looked at.
        kinds: kind -> count, every kind of :data:`KINDS`.
    """

    source: str
    articles: int
    kinds: Mapping[str, Count]

    @property
    def issues(self) -> list[Issue]:
        """The finding about the source, if anything was found."""
        told = [
            f"{count.found} {KINDS[kind][count.found != 1]} in {count.articles}"
            for kind, count in self.kinds.items()
            if count.found
        ]
        if not told:
            return []
        return [
            Issue(code="personal-data-found", found=f"{self.source}: {', '.join(told)} of {self.articles} articles")
        ]


class Scanner:
    """Counts in one text at a time.

    Raises:
        MissingDependencyError: on construction, without the extra ``privacy``.
    """

    def __init__(self) -> None:
        try:
            import phonenumbers
        except ImportError:
            hint = "pip install 'news-dataset-builder[privacy]'"
            needed = "counting telephone numbers needs the package phonenumbers"
            raise MissingDependencyError(needed, hint=hint) from None
        self._library: Any = phonenumbers

    def count(self, text: str, country: str = "") -> dict[str, int]:
        """Kind -> how many stand in ``text``.

        Args:
            country: ISO 3166-1 code, in capitals, of where a number without an international prefix is dialled; empty:
                only numbers with one are found.
        """
        return {
            "email": sum(1 for _ in self._email.finditer(text)) if "@" in text else 0,
            "phone": sum(self._phones(line, country) for line in text.splitlines()),
        }

    def _phones(self, line: str, country: str) -> int:
        if sum(map(str.isdigit, line)) < _table()["fewest_digits"]:
            return 0
        return sum(1 for _ in self._library.PhoneNumberMatcher(line, country or None))

    @cached_property
    def _email(self) -> re.Pattern[str]:
        return re.compile(_table()["email"])


def scan_release(
    snapshot: Path, countries: Mapping[str, str], scanner: Scanner, on_progress: OnProgress = silent
) -> tuple[PersonalData, ...]:
    """Count in every released article of a snapshot; the sources in alphabetical order.

    Args:
        countries: source -> its country, empty where none is declared.
    """
    import pyarrow.parquet as pq

    articles: dict[str, int] = {}
    counts: dict[tuple[str, str], Count] = {}
    watch = Watch("count", on_progress)
    for shard in sorted((snapshot / "articles").rglob("*.parquet")):
        with pq.ParquetFile(shard) as file:
            columns = [name for name in _table()["columns"] if name in file.schema_arrow.names]
            for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=["source", *columns]):
                for row in batch.to_pylist():
                    source = row.pop("source")
                    articles[source] = articles.get(source, 0) + 1
                    text = "\n".join(value for value in row.values() if value)
                    for kind, found in scanner.count(text, countries.get(source, "")).items():
                        counts[source, kind] = counts.get((source, kind), Count()).with_article(found)
                watch.add(batch.num_rows)
    return tuple(
        PersonalData(source, number, {kind: counts[source, kind] for kind in KINDS})
        for source, number in sorted(articles.items())
    )


@cache
def _table() -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(schema_file("privacy", "personal-data.yaml"))
    return found
