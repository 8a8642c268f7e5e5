"""What cleaning did, by rule, with examples.

The removed words are not part of a snapshot, only their place and their number. An example shows what stands around
that place in the released body. It is quoted from articles whose terms let anybody quote (``quoted_families`` in
``schema/report/report.yaml``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

#: Columns that are needed.
COLUMNS = ("id", "title", "source", "body", "provenance.edits")
#: Examples of one rule.
MOST_EXAMPLES = 2
#: Code points of the body that an example shows on each side.
AROUND = 70


class Example(NamedTuple):
    """One edit, seen from the released body: ``before [removed code points, now inserted] after``."""

    article: str
    title: str
    source: str
    before: str
    removed: int
    inserted: str
    after: str


@dataclass
class RuleCounts:
    """What one rule did: edits, articles that it changed, code points taken out and put in."""

    edits: int = 0
    articles: int = 0
    removed: int = 0
    inserted: int = 0
    examples: list[Example] = field(default_factory=list)


@dataclass
class CleaningCounts:
    """Counts over the edits of the released articles, by rule; feed it with :meth:`add`.

    Attributes:
        quoted_families: licence families whose articles may be quoted.
    """

    quoted_families: Collection[str]
    rules: dict[str, RuleCounts] = field(default_factory=dict)

    def add(self, shard: str, batch: pa.RecordBatch) -> None:
        """Count the edits of a batch with :data:`COLUMNS` that comes from ``shard``."""
        edits = pc.struct_field(batch.column("provenance"), "edits")
        members, parents = pc.list_flatten(edits), pc.list_parent_indices(edits)
        table = pa.table(
            {
                "rule": pc.fill_null(members.field("rule"), ""),
                "parent": parents,
                "removed": pc.subtract(members.field("end"), members.field("start")),
                "inserted": pc.utf8_length(pc.fill_null(members.field("replacement"), "")),
            }
        )
        counted = table.group_by("rule").aggregate(
            [("parent", "count"), ("parent", "count_distinct"), ("removed", "sum"), ("inserted", "sum"),
             ("parent", "min")]
        )  # fmt: skip
        family = shard.split("/")[1] if shard.count("/") > 1 else ""
        for row in sorted(counted.to_pylist(), key=lambda row: row["rule"]):
            counts = self.rules.setdefault(row["rule"], RuleCounts())
            counts.edits += row["parent_count"]
            counts.articles += row["parent_count_distinct"]
            counts.removed += row["removed_sum"] or 0
            counts.inserted += row["inserted_sum"] or 0
            if family in self.quoted_families and len(counts.examples) < MOST_EXAMPLES:
                found = _examples(batch, row["parent_min"], row["rule"])
                counts.examples += list(found)[:1]


def _examples(batch: pa.RecordBatch, row: int, rule: str) -> Iterator[Example]:
    """The edits of ``rule`` in one article, in the order of the text; none where the edits do not fit the body."""
    article = batch.slice(row, 1).to_pylist()[0]
    body: str = article["body"] or ""
    edits: list[dict[str, Any]] = article["provenance"]["edits"]
    for edit, position in zip(edits, positions(edits), strict=True):
        inserted = edit["replacement"] or ""
        end = position + len(inserted)
        if edit["rule"] == rule and 0 <= position <= end <= len(body) and body[position:end] == inserted:
            yield Example(
                article["id"] or "", article["title"] or "", article["source"] or "",
                body[max(0, position - AROUND) : position], edit["end"] - edit["start"], inserted,
                body[end : end + AROUND],
            )  # fmt: skip


def positions(edits: list[dict[str, Any]]) -> Iterator[int]:
    """Where each edit stands in the cleaned text: its place in the original, moved by what came before it."""
    growth = (len(edit["replacement"] or "") - (edit["end"] - edit["start"]) for edit in edits)
    return (edit["start"] + moved for edit, moved in zip(edits, accumulate(growth, initial=0), strict=False))
