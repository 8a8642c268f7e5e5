"""The assembled rows with what their links change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.engines.spool import Rows, Spool
from dataset_builder.issues import Issue
from dataset_builder.linking.link import Link, differs
from dataset_builder.records import split_locator
from dataset_builder.schema import RELEASED

NEAR_COPY_FLAG = "near-copy"
#: Columns that a link may change.
_TOUCHED = (
    "duplicate_cluster", "derived_from", "revision_of", "release", "decision_rule", "family", "quality_flags",
    "license", "rights_class", "transformations",
)  # fmt: skip


@dataclass(frozen=True)
class LinkedArticles:
    """Assembled rows with what their links change, numbered as in the spool. It may travel to a worker."""

    spool: Spool
    links: Mapping[str, Link]

    @property
    def rows(self) -> int:
        """How many there are."""
        return self.spool.rows

    @property
    def batch_starts(self) -> Rows:
        """The number of the first row of every batch, and of the row after the last."""
        return self.spool.batch_starts

    def read(self, first: int = 0, last: int | None = None) -> Iterator[pa.RecordBatch]:
        """The batches from number ``first`` to before ``last``."""
        return (apply_links(batch, self.links) for batch in self.spool.read(first, last))

    def take(self, rows: Rows, columns: Sequence[str] | None = None) -> pa.Table:
        """The given rows, in that order, each column in one piece; all columns where none are named."""
        whole = columns is None or not self.links
        wanted = columns if whole else list(dict.fromkeys([*(columns or ()), "id", *_TOUCHED]))
        table = self.spool.take(rows, wanted)
        if not self.links or not table.num_rows:
            return table
        (batch,) = table.to_batches()
        linked = pa.Table.from_batches([apply_links(batch, self.links)])
        return linked if columns is None else linked.select(list(columns))

    def issues(self) -> Iterator[Issue]:
        """A finding for each release that a link narrows."""
        if not self.links:
            return
        linked = pa.array(sorted(self.links), pa.string())
        for batch in self.spool.read():
            rows = np.flatnonzero(pc.is_in(batch.column("id"), value_set=linked).to_numpy(zero_copy_only=False))
            if len(rows):
                yield from narrowed_releases(batch.take(pa.array(rows)), self.links)


def apply_links(batch: pa.RecordBatch, links: Mapping[str, Link]) -> pa.RecordBatch:
    """``batch`` with the columns that its articles' links change."""
    ids = batch.column("id").to_pylist()
    if not any(article in links for article in ids):
        return batch
    columns = {name: batch.column(name).to_pylist() for name in _TOUCHED}
    bare = [False] * batch.num_rows
    for row, article in enumerate(ids):
        if (link := links.get(article)) is not None:
            bare[row] = _apply(link, article, row, columns) and not (link.decision and link.decision.annotate)
    return pa.RecordBatch.from_arrays(list(_changed(batch, columns, bare)), schema=batch.schema)


def _changed(batch: pa.RecordBatch, columns: dict[str, list[Any]], bare: list[bool]) -> Iterator[pa.Array]:
    """The columns of ``batch``, changed as ``columns`` say; without annotations where ``bare`` is true."""
    for row, without in enumerate(bare):
        if without:
            steps = columns["transformations"][row] or ()
            columns["transformations"][row] = [step for step in steps if step != "annotated"]
    for entry in batch.schema:
        if entry.name in columns:
            yield pa.array(columns[entry.name], entry.type)
        elif entry.name == "entities" and any(bare):
            yield pc.if_else(pa.array(bare), pa.nulls(batch.num_rows, entry.type), batch.column(entry.name))
        else:
            yield batch.column(entry.name)


def _apply(link: Link, article: str, row: int, columns: dict[str, list[Any]]) -> bool:
    """Write a link into its row; whether other terms hold by it."""
    columns["revision_of"][row] = link.revision_of
    if link.cluster is not None:
        columns["duplicate_cluster"][row] = link.cluster
        columns["quality_flags"][row] = sorted({*(columns["quality_flags"][row] or ()), NEAR_COPY_FLAG})
        if link.first != article:
            columns["derived_from"][row] = link.first
    decision = link.decision
    if decision is None or not differs(decision, columns["release"][row], columns["decision_rule"][row]):
        return False
    columns["release"][row] = decision.release
    columns["decision_rule"][row] = decision.rule
    columns["family"][row] = decision.family
    if link.rights_class and decision.release in RELEASED:
        columns["rights_class"][row], columns["license"][row] = link.rights_class, link.license
    return True


def narrowed_releases(batch: pa.RecordBatch, links: Mapping[str, Link]) -> Iterator[Issue]:
    """A finding for each article of an assembled batch whose release its link narrows."""
    locators = pc.struct_field(batch.column("provenance"), "locator").to_pylist()
    told = (batch.column(name).to_pylist() for name in ("id", "release", "decision_rule"))
    for article, release, rule, locator in zip(*told, locators, strict=True):
        link = links.get(article, Link())
        if link.decision is not None and differs(link.decision, release, rule):
            path, line, record = split_locator(locator)
            held = f"released as {link.decision.release} by {link.decision.rule}"
            found = f"{held}; alone it would be {release} by {rule}"
            if link.withdrawn:
                expected = f"a person's word, as its text is nearly that of {link.withdrawn}, which was withdrawn"
                yield Issue(path, line, record, "release", "copy-of-withdrawn", found, expected)
            else:
                expected = f"as {link.cluster} allows"
                yield Issue(path, line, record, "release", "near-copy-terms", found, expected)
