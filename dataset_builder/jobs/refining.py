"""Take some batches of raw articles through the stages, to assembled rows and what is compared between articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.assemble import findings_of
from dataset_builder.engines.local import run_stages
from dataset_builder.engines.spool import Spool
from dataset_builder.issues import Issue
from dataset_builder.jobs.reading import BATCH_ROWS
from dataset_builder.ledger import Ledger
from dataset_builder.linking import TRAITS_SCHEMA, traits_of
from dataset_builder.plan import Plan
from dataset_builder.read.exact_copies import RawArticles
from dataset_builder.validate.gates import IntakeGate

#: A span has about so many rows at most: what a worker holds of it at once, twice over while it sorts, is some 60 MB.
SPAN_ROWS = 4_096
#: Every worker gets at least so many spans, so that one slow span does not leave the others idle.
_SPANS_A_WORKER = 4


@dataclass(frozen=True)
class Span:
    """The batches ``first`` to before ``last`` of what was read; ``origin`` says where they come from."""

    number: int
    first: int
    last: int
    origin: str

    def __str__(self) -> str:
        return self.origin


@dataclass(frozen=True)
class RefinedSpan:
    """What the articles of one span came to.

    Attributes:
        assembled: the accepted ones, sorted by (date, id), with the columns of ``Assemble.output``.
        traits: row by row what is compared between articles (``TRAITS_SCHEMA``).
        rejected: how many an error among their findings rejects.
        issues: all findings about them.
    """

    assembled: Spool
    traits: Spool
    rejected: int
    issues: tuple[Issue, ...]


@dataclass(frozen=True)
class Refining:
    """Runs the plan's stages over spans.

    Attributes:
        folder: where the files go.
    """

    plan: Plan
    raw: RawArticles
    folder: Path

    def __call__(self, span: Span) -> RefinedSpan:
        """The articles of one span."""
        ledger = Ledger()
        rows = pa.Table.from_batches(list(self._assembled(span, ledger)), schema=self.plan.assemble.output)
        rows = rows.take(pc.sort_indices(rows.select(["date", "id"]), [("date", "ascending"), ("id", "ascending")]))
        batches = rows.combine_chunks().to_batches(max_chunksize=BATCH_ROWS)
        name = f"{span.number:06d}.arrow"
        return RefinedSpan(
            Spool.write(self.folder / f"assembled-{name}", rows.schema, batches),
            Spool.write(self.folder / f"traits-{name}", TRAITS_SCHEMA, map(traits_of, batches)),
            ledger.rejected,
            ledger.issues,
        )

    def _assembled(self, span: Span, ledger: Ledger) -> Iterator[pa.RecordBatch]:
        gate = IntakeGate()
        merged = (gate(batch) for batch in self.raw.read(span.first, span.last) if batch.num_rows)
        for batch in run_stages(self.plan.stages, merged):
            yield self.plan.assemble(keep_accepted(batch, ledger))


def keep_accepted(batch: pa.RecordBatch, ledger: Ledger) -> pa.RecordBatch:
    """``batch`` without the rows that an error among their findings rejects."""
    locators = [sightings[0]["locator"] for sightings in batch.column("sightings").to_pylist()]
    judged = zip(locators, findings_of(batch), strict=True)
    return batch.filter(pa.array([ledger.judge(locator, findings) for locator, findings in judged], pa.bool_()))


def spans(raw: RawArticles, workers: int) -> list[Span]:
    """Everything that was read, in spans; how it is cut changes no result."""
    starts = raw.spool.batch_starts.tolist()
    rows = min(SPAN_ROWS, -(-starts[-1] // (workers * _SPANS_A_WORKER)))
    found: list[Span] = []
    first = 0
    for number in range(1, len(starts)):
        if starts[number] - starts[first] >= rows or number == len(starts) - 1:
            found.append(Span(len(found), first, number, f"articles {starts[first] + 1} to {starts[number]}"))
            first = number
    return found
