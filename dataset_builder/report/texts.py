"""What the released texts hold, counted in one pass: words, entities by label and month."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: Columns that are counted; of an entity its labels only.
COLUMNS = ("id", "date", "body", "quality_flags", "entities.list.element.label", "entities.list.element.coarse_label")
#: The flag of an article in which no entities were sought; its list of them is empty, not absent.
_NOT_SOUGHT = "no-entity-model"
#: A word is what stands between white space, as RE2 sees it: right for most scripts, not for Chinese or Thai.
_WORD = r"\S+"


class Mentions(NamedTuple):
    """Mentions of one coarse label in the articles of one month (``YYYY-MM``, ``""`` for the undated)."""

    month: str
    coarse: str


@dataclass
class TextCounts:
    """Counts over the released articles; feed it with :meth:`add`.

    Attributes:
        ids, words, mentions: one entry an article, in the order of the table.
        labels: (coarse label, model's label) -> mentions.
        by_month: mentions by month and coarse label.
        annotated_words: month -> words of the articles in which entities were sought.
    """

    ids: list[pa.Array] = field(default_factory=list)
    words: list[pa.Array] = field(default_factory=list)
    mentions: list[pa.Array] = field(default_factory=list)
    labels: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_month: Counter[Mentions] = field(default_factory=Counter)
    annotated_words: Counter[str] = field(default_factory=Counter)

    def add(self, batch: pa.RecordBatch) -> None:
        """Count the rows of a batch with :data:`COLUMNS`."""
        words = pc.count_substring_regex(batch.column("body"), pattern=_WORD).cast(pa.int32())
        entities = batch.column("entities")
        self.ids.append(batch.column("id"))
        self.words.append(words)
        self.mentions.append(pc.list_value_length(entities).cast(pa.int32()))
        months = pc.fill_null(pc.strftime(batch.column("date"), format="%Y-%m"), "")
        self._count_words(months, words, pc.and_(pc.is_valid(entities), _sought(batch.column("quality_flags"))))
        self._count_entities(months, entities)

    def _count_words(self, months: pa.Array, words: pa.Array, annotated: pa.Array) -> None:
        table = pa.table({"month": months, "words": words}).filter(annotated)
        for row in table.group_by("month").aggregate([("words", "sum")]).to_pylist():
            self.annotated_words[row["month"]] += row["words_sum"] or 0

    def _count_entities(self, months: pa.Array, entities: pa.Array) -> None:
        members = pc.list_flatten(entities)
        table = pa.table(
            {
                "month": months.take(pc.list_parent_indices(entities)),
                "coarse": pc.fill_null(members.field("coarse_label"), ""),
                "label": pc.fill_null(members.field("label"), ""),
            }
        )
        counted = table.group_by(["month", "coarse", "label"]).aggregate([([], "count_all")])
        for row in counted.to_pylist():
            self.labels[row["coarse"], row["label"]] += row["count_all"]
            self.by_month[Mentions(row["month"], row["coarse"])] += row["count_all"]

    def word_counts(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """The words of each article, in the order of the table."""
        counts = pa.chunked_array(self.words, type=pa.int32())
        return np.asarray(pc.fill_null(counts, 0).to_numpy(), dtype=np.int64)


def _sought(flags: pa.ListArray) -> pa.Array:
    """Whether entities were sought in each article, by its flags."""
    flagged = pc.equal(pc.list_flatten(flags), _NOT_SOUGHT)
    rows = pc.list_parent_indices(flags).filter(flagged)
    return pc.invert(pc.is_in(pa.array(range(len(flags)), rows.type), value_set=rows))
