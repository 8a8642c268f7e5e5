"""Take some batches of raw articles through the stages, to assembled rows and what is compared between articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.assemble import findings_of
from dataset_builder.cache.cached_stage import cached, recipe_of
from dataset_builder.cache.keys import row_keys
from dataset_builder.cache.recipes import recipe
from dataset_builder.cache.store import flush_all, in_order, opened
from dataset_builder.engines.local import run_stages
from dataset_builder.engines.spool import Spool
from dataset_builder.engines.storage import joined
from dataset_builder.issues import Issue
from dataset_builder.jobs.reading import BATCH_ROWS
from dataset_builder.ledger import Ledger
from dataset_builder.linking.traits import TRAITS_SCHEMA, traits_of
from dataset_builder.plan import Plan
from dataset_builder.read.exact_copies import RawArticles
from dataset_builder.records import FINDING, RAW_SCHEMA
from dataset_builder.validate.gates import IntakeGate

#: A span has so many batches at most: what a worker holds of it at once, twice over while it sorts, is some 60 MB.
SPAN_BATCHES = 16
#: Every worker gets at least so many spans, so that one slow span does not leave the others idle.
_SPANS_A_WORKER = 4

_FINDINGS = pa.field("_findings", pa.list_(FINDING))
#: The traits that no assembled column holds, under names of their own.
_TRAITS = [field.with_name(f"_trait_{field.name}") for field in TRAITS_SCHEMA if field.name not in ("id", "date")]


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
class Refinery:
    """All that is made of one article by itself: the gate, the stages, the assembly, the traits, the findings.

    Attributes:
        store: where results are kept from build to build, or None.
        recipe: everything but the article that the result depends on; empty without a store.
    """

    plan: Plan
    store: Path | None = None
    recipe: str = ""

    @classmethod
    def of(cls, plan: Plan, store: Path | None) -> Refinery:
        """The refinery of a plan."""
        if store is None:
            return cls(plan)
        parts = [plan.assemble, TRAITS_SCHEMA.to_string(), *(recipe_of(stage) for stage in plan.stages)]
        rules = ("intake.schema.json", "copies", "rights/partial-release.yaml")
        return cls(plan, store, recipe("articles", "2", parts, rules))

    @cached_property
    def output(self) -> pa.Schema:
        """The assembled columns, and behind them the findings and the traits."""
        return pa.schema([*self.plan.assemble.output, _FINDINGS, *_TRAITS])

    def __call__(self, raw: pa.Table) -> pa.Table:
        """The rows of ``raw``, each from the store where it was made before."""
        if self.store is None:
            return self._made(raw)
        shelf = opened(self.store, "articles", self.recipe, self.output)
        keys = row_keys(raw, RAW_SCHEMA.names)
        known, rows = shelf.fetch(keys)
        new = np.flatnonzero(~known)
        if not len(new):
            return rows
        made = self._made(raw.take(pa.array(new)))
        shelf.put(keys[new], made)
        flush_all()
        order = np.empty(raw.num_rows, np.int64)
        order[np.concatenate([np.flatnonzero(known), new])] = np.arange(raw.num_rows)
        return in_order(pa.concat_tables([rows, made]), order)

    def _made(self, raw: pa.Table) -> pa.Table:
        gate = IntakeGate()
        stages = self.plan.stages if self.store is None else [cached(it, self.store) for it in self.plan.stages]
        batches = (gate(batch) for batch in raw.combine_chunks().to_batches(max_chunksize=BATCH_ROWS))
        done = [self._assembled(batch) for batch in run_stages(stages, batches)]
        return pa.Table.from_batches(done, schema=self.output).combine_chunks()

    def _assembled(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        rows = self.plan.assemble(batch)
        traits = traits_of(rows)
        findings = pa.array(findings_of(batch), _FINDINGS.type)
        told = [traits.column(field.name.removeprefix("_trait_")) for field in _TRAITS]
        return pa.RecordBatch.from_arrays([*rows.columns, findings, *told], schema=self.output)


@dataclass(frozen=True)
class Refining:
    """Refines spans.

    Attributes:
        folder: where the files go.
    """

    refinery: Refinery
    raw: RawArticles
    folder: str | Path

    def __call__(self, span: Span) -> RefinedSpan:
        """The articles of one span."""
        ledger = Ledger()
        raw = pa.Table.from_batches(list(self.raw.read(span.first, span.last)), schema=RAW_SCHEMA)
        rows = self.refinery(raw)
        accepted = np.flatnonzero(_accepted(rows, ledger))
        keys = rows.select(["date", "id"]).take(pa.array(accepted))
        order = pc.sort_indices(keys, [("date", "ascending"), ("id", "ascending")]).to_numpy()
        rows = in_order(rows, accepted[order])
        batches = rows.to_batches(max_chunksize=BATCH_ROWS)
        return RefinedSpan(
            self._write("assembled", span, self.refinery.plan.assemble.output, batches),
            self._write("traits", span, TRAITS_SCHEMA, batches),
            ledger.rejected,
            ledger.issues,
        )

    def _write(self, name: str, span: Span, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Spool:
        path = joined(self.folder, f"{name}-{span.number:06d}.arrow")
        return Spool.write(path, schema, (_with_columns(batch, schema) for batch in batches))


def _with_columns(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The columns of ``schema``, some of which stand in the batch as traits."""
    columns = [batch.column(name if name in batch.schema.names else f"_trait_{name}") for name in schema.names]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _accepted(rows: pa.Table, ledger: Ledger) -> npt.NDArray[np.bool_]:
    """Which of the rows no error among their findings rejects; ``ledger`` takes the findings in."""
    accepted = np.ones(rows.num_rows, bool)
    told = np.flatnonzero(pc.greater(pc.list_value_length(rows.column(_FINDINGS.name)), 0).to_numpy())
    chosen = rows.select([_FINDINGS.name, "provenance"]).take(pa.array(told))
    locators = pc.struct_field(chosen.column("provenance"), "locator").to_pylist()
    for row, locator, findings in zip(told, locators, chosen.column(_FINDINGS.name).to_pylist(), strict=True):
        accepted[row] = ledger.judge(locator, findings)
    return accepted


def spans(raw: RawArticles, workers: int) -> list[Span]:
    """Everything that was read, in spans; how it is cut changes no result."""
    share = -(-raw.spool.batches // (workers * _SPANS_A_WORKER)) if workers > 1 else SPAN_BATCHES
    return list(_cut(raw.spool, max(1, min(SPAN_BATCHES, share))))


def _cut(spool: Spool, batches: int) -> Iterator[Span]:
    starts = spool.batch_starts
    for number, first in enumerate(range(0, spool.batches, batches)):
        last = min(first + batches, spool.batches)
        yield Span(number, first, last, f"articles {starts[first] + 1} to {starts[last]} in the order of the corpus")
