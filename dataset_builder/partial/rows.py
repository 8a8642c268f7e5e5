"""The rows of the tables ``excerpts`` and ``features``, made of assembled articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from dataset_builder.partial.excerpt import excerpt_end
from dataset_builder.partial.features import labels, unigrams
from dataset_builder.partial.reconstruction import MOST_ARTICLES, Measured, Reconstruction, measure
from dataset_builder.partial.words import words
from dataset_builder.release_options import ExcerptLimit
from dataset_builder.rights.policy import Policy, load_policy
from dataset_builder.schema import TableSchema, conform, release_modes

if TYPE_CHECKING:
    from dataset_builder.snapshot.row_keys import RowKeys
    from dataset_builder.snapshot.tally import Articles

#: The tables of partial releases.
PARTIAL_TABLES = tuple(mode["table"] for mode in release_modes().values() if "adds" in mode)
#: What a partial release is made of.
_NEEDED = ["body", "entities", "decision_rule"]


@dataclass(frozen=True)
class PartialRules:
    """What decides how much a partial release holds: the limits of dataset.yaml, and the row of the policy."""

    excerpt: ExcerptLimit = field(default_factory=ExcerptLimit)
    policy: Policy = field(default_factory=load_policy)

    def allows(self, feature: str, rule: str) -> bool:
        """Whether the policy's row ``rule`` lets a features release hold ``feature``."""
        return feature in self.policy.by_id[rule].features


def partial_rows(articles: pa.Table, schema: TableSchema, rules: PartialRules) -> pa.Table:
    """``articles`` (assembled rows) with the columns of ``schema``: what it keeps of them, and what it adds."""
    columns = []
    for entry in schema.arrow:
        if entry.name in _MADE:
            values = [_MADE[entry.name](row, rules) for row in _told(articles)]
            columns.append(pa.array(values, type=entry.type))
        else:
            columns.append(conform(articles.column(entry.name).combine_chunks(), entry.type))
    return pa.Table.from_arrays(columns, schema=schema.arrow)


def partial_columns(schema: TableSchema) -> list[str]:
    """The columns of assembled rows that a table of partial releases is made of."""
    return list(dict.fromkeys([*(name for name in schema.column_names if name not in _MADE), *_NEEDED]))


def score(articles: Articles, features: RowKeys, rules: PartialRules) -> Reconstruction | None:
    """How much of the texts can be rebuilt from the rows ``features`` of a snapshot; None where there are none.

    The articles that are measured are those with the smallest ids, which are digests, and so any.
    """
    if not len(features):
        return None
    sample = features.rows[features.ids.argsort(kind="stable")[:MOST_ARTICLES]]
    rows = [row for row in _told(articles.take(sample, _NEEDED)) if _unigrams(row, rules) is not None]
    return measure([Measured(row["body"], _labels(row, rules) or ()) for row in rows], readable(articles.read()))


def readable(batches: Iterable[pa.RecordBatch]) -> Iterator[str]:
    """Every text of a snapshot that anybody may read: titles, and the bodies that are released in full."""
    for batch in batches:
        for row in batch.select(["title", "release", "body"]).to_pylist():
            yield row["title"] or ""
            if row["release"] == "full":
                yield row["body"] or ""


def _told(articles: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in articles.select(_NEEDED).to_batches():
        yield from batch.to_pylist()


def _excerpt(row: dict[str, Any], rules: PartialRules) -> str | None:
    return row["body"][: _end(row, rules)] or None


def _end(row: dict[str, Any], rules: PartialRules) -> int:
    return excerpt_end(row["body"], rules.excerpt)


def _words(row: dict[str, Any], _: PartialRules) -> int:
    return sum(1 for _match in words(row["body"]))


def _unigrams(row: dict[str, Any], rules: PartialRules) -> list[dict[str, Any]] | None:
    return unigrams(row["body"]) if rules.allows("unigrams", row["decision_rule"]) else None


def _labels(row: dict[str, Any], rules: PartialRules) -> list[dict[str, Any]] | None:
    return labels(row["entities"]) if rules.allows("labels", row["decision_rule"]) else None


#: Column of schema/release-columns.json, ``adds`` -> its value for an article.
_MADE: dict[str, Callable[[dict[str, Any], PartialRules], Any]] = {
    "excerpt": _excerpt,
    "excerpt_end": _end,
    "words": _words,
    "unigrams": _unigrams,
    "labels": _labels,
}
