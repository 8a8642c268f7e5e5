"""The whole build on one screen: read -> stages -> pack -> describe.

dataset.yaml + articles --read--> raw records --stages--> articles --rights--> release rows --pack--> Parquet shards
                                                   \\--> findings                     \\--describe--> card, descriptors
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from dataset_builder.assemble import findings_of
from dataset_builder.config import Config, load_config
from dataset_builder.describe.collection import solve_collection
from dataset_builder.describe.facts import Accounts, SnapshotFacts
from dataset_builder.describe.measure import measure_snapshot
from dataset_builder.describe.write import write_descriptions
from dataset_builder.engines.local import run_stages
from dataset_builder.engines.spool import Spool
from dataset_builder.errors import CorpusError
from dataset_builder.issues import Issue
from dataset_builder.ledger import Ledger
from dataset_builder.linking import Link, Linker, apply_links
from dataset_builder.plan import Plan, make_plan
from dataset_builder.read.corpus import Corpus
from dataset_builder.read.exact_copies import ExactCopies
from dataset_builder.read.record import to_batches
from dataset_builder.records import RAW_SCHEMA
from dataset_builder.snapshot.leak_gate import refuse_leaks
from dataset_builder.snapshot.pack import Tally, pack
from dataset_builder.snapshot.workspace import Workspace
from dataset_builder.sources import source_findings, sources_table
from dataset_builder.validate.gates import IntakeGate, ReleasedTables

#: Rows that travel together through the stages; the result does not depend on it.
BATCH_ROWS = 256


@dataclass(frozen=True)
class BuildResult:
    """What a build came to: where the snapshot is, what was measured, and all findings, sorted."""

    out: Path
    facts: SnapshotFacts
    issues: tuple[Issue, ...]

    @property
    def accounts(self) -> Accounts:
        """What became of every article."""
        return self.facts.accounts


def build(
    folder: Path, out: Path | None = None, *, audience: str | None = None, allow_rejected: bool = False
) -> BuildResult:
    """Build the snapshot of the corpus in ``folder`` and put it at ``out`` (default: ``out/NAME``).

    Raises:
        ConfigError: dataset.yaml is wrong.
        UsageError: the folder is not there, or ``out`` is something that is not ours to replace.
        CorpusError: an article was rejected; ``issues`` lists every finding. ``out`` is untouched.
        OutsideError: the disk failed.
    """
    config = load_config(folder, audience=audience)
    out = out or default_out(config)
    plan = make_plan(config)
    ledger = Ledger()
    with Workspace(out) as work:
        articles, tally = prepare(plan, ledger, skip=out, scratch=work.scratch)
        accounts = ledger.close(tally, allow_rejected=allow_rejected)
        sources = sources_table(config, tally, plan.schemas["sources"])
        packed = pack(work.snapshot, articles, tally, plan.schemas, sources, ReleasedTables().check)
        collection = solve_collection(config, tally)
        facts = measure_snapshot(config, packed, tally, accounts, collection)
        write_descriptions(work.snapshot, facts)
        refuse_leaks(work.snapshot, articles)
        work.publish()
    return BuildResult(out, facts, ledger.issues)


def default_out(config: Config) -> Path:
    """Where a snapshot goes that nobody has named a place for."""
    return Path("out") / config.name


def prepare(plan: Plan, ledger: Ledger, *, skip: Path, scratch: Path) -> tuple[Spool, Tally]:
    """Everything before packing: the assembled articles in ``scratch``, and what they come to."""
    ledger.add(*plan.issues)
    raw, copies = read(plan.config, ledger, skip=skip, scratch=scratch)
    assembled, links = refine(plan, raw, copies, ledger, scratch=scratch)
    return link(plan, assembled, links, ledger, scratch=scratch)


def read(config: Config, ledger: Ledger, *, skip: Path, scratch: Path) -> tuple[Spool, ExactCopies]:
    """Read every article once, in the order of the files; exact copies wait to be merged into the first of them."""
    corpus = Corpus.open(config, skip=skip)
    ledger.add(*config.defaults, *source_findings(config), *corpus.issues)
    copies = ExactCopies()
    rows = copies.firsts(ledger.admit(corpus.records()))
    spool = Spool.write(scratch / "raw.arrow", RAW_SCHEMA, to_batches(rows, BATCH_ROWS))
    ledger.merged = copies.merged
    ledger.add(*copies.issues)
    if ledger.read == 0:
        ledger.add(Issue(code="no-articles", found="no file that a reader takes", expected=", ".join(corpus.forms)))
        raise CorpusError(
            f"no article was found in {config.folder}",
            expected="files of the forms " + ", ".join(corpus.forms),
            hint="name the folder that holds the articles, or correct the paths under articles in dataset.yaml",
            issues=ledger.issues,
        )
    return spool, copies


def refine(
    plan: Plan, raw: Spool, copies: ExactCopies, ledger: Ledger, *, scratch: Path
) -> tuple[Spool, dict[str, Link]]:
    """Run the stages, set rejected articles aside, and find what the others have to do with each other."""
    options = plan.config.build
    linker = Linker(options.duplicate_threshold, drop=options.duplicate_action == "drop")
    gate = IntakeGate()

    def accepted() -> Iterator[pa.RecordBatch]:
        merged = (gate(copies.merge(batch)) for batch in raw.read())
        for batch in run_stages(plan.stages, merged):
            assembled = plan.assemble(keep_accepted(batch, ledger))
            linker.add(assembled)
            yield assembled

    spool = Spool.write(scratch / "assembled.arrow", plan.assemble.output, accepted())
    return spool, linker.links(spool.read())


def link(plan: Plan, assembled: Spool, links: dict[str, Link], ledger: Ledger, *, scratch: Path) -> tuple[Spool, Tally]:
    """Write the links into the articles and count them."""
    tally = Tally()

    def linked() -> Iterator[pa.RecordBatch]:
        for number, batch in enumerate(assembled.read()):
            final, issues = apply_links(batch, links)
            ledger.add(*issues)
            tally.add(number, final)
            yield final

    if links:
        return Spool.write(scratch / "articles.arrow", plan.assemble.output, linked()), tally
    for number, batch in enumerate(assembled.read()):
        tally.add(number, batch)
    return assembled, tally


def keep_accepted(batch: pa.RecordBatch, ledger: Ledger) -> pa.RecordBatch:
    """``batch`` without the rows that an error among their findings rejects."""
    locators = [sightings[0]["locator"] for sightings in batch.column("sightings").to_pylist()]
    judged = zip(locators, findings_of(batch), strict=True)
    return batch.filter(pa.array([ledger.judge(locator, findings) for locator, findings in judged], pa.bool_()))
