"""The whole build on one screen: read -> stages -> pack -> describe.

dataset.yaml + articles --read--> raw records --stages--> articles --rights--> release rows --pack--> Parquet shards
                                                   \\--> findings                     \\--describe--> card, descriptors
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from dataset_builder.cache.store import forget_shelves
from dataset_builder.config import Config, load_config
from dataset_builder.describe.collection import solve_collection
from dataset_builder.describe.facts import Accounts, SnapshotFacts
from dataset_builder.describe.measure import measure_snapshot
from dataset_builder.describe.write import write_descriptions
from dataset_builder.engines.choice import Chosen
from dataset_builder.engines.contract import Engine
from dataset_builder.engines.spool import Spool, compared_each_step
from dataset_builder.errors import CorpusError
from dataset_builder.issues import Issue
from dataset_builder.jobs.reading import Reading
from dataset_builder.jobs.refining import Refinery, Refining, spans
from dataset_builder.ledger import Ledger
from dataset_builder.linking.articles import LinkedArticles
from dataset_builder.linking.link import Link
from dataset_builder.linking.links import find_links
from dataset_builder.plan import Plan, make_plan
from dataset_builder.progress import OnProgress, counted, silent
from dataset_builder.read.corpus import Corpus
from dataset_builder.read.exact_copies import RawArticles
from dataset_builder.read.portions import portions, size_of
from dataset_builder.snapshot.leak_gate import refuse_leaks
from dataset_builder.snapshot.pack import pack
from dataset_builder.snapshot.splits import Splits, refuse_empty
from dataset_builder.snapshot.tally import Tally
from dataset_builder.snapshot.workspace import Workspace
from dataset_builder.sources import source_findings, sources_table
from dataset_builder.validate.gates import SHOWN_CELLS, ReleasedTables, ReleaseGate

#: From so many articles on, what is compared between them wants the memory in which workers hold models and what they
#: have read; to start others for the writing takes a second or two.
_MANY_ARTICLES = 250_000


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
    folder: Path,
    out: Path | None = None,
    *,
    audience: str | None = None,
    allow_rejected: bool = False,
    workers: int | None = None,
    engine: Engine | None = None,
    cache: Path | None = None,
    on_progress: OnProgress = silent,
) -> BuildResult:
    """Build the snapshot of the corpus in ``folder`` and put it at ``out`` (default: ``out/NAME``).

    Args:
        workers: how many processes work; None: one for a small corpus, else as many as there are processors.
        engine: who does the work; one that fits the corpus if None, and then ``workers`` holds.
        cache: a folder where results are kept from build to build; None: nothing is kept.
        on_progress: is told how far the build is.

    Raises:
        ConfigError: dataset.yaml is wrong.
        UsageError: the folder is not there, or ``out`` is something that is not ours to replace.
        CorpusError: an article was rejected; ``issues`` lists every finding. ``out`` is untouched.
        OutsideError: the disk failed, or a worker process died.
    """
    config = load_config(folder, audience=audience)
    out = out or default_out(config)
    plan = make_plan(config)
    ledger = Ledger()
    with Workspace(out) as work, engine or Chosen(workers) as engine:
        on_progress = compared_each_step(on_progress)
        site = Site(engine, work.scratch, out, on_progress, cache)
        articles, tally = prepare(plan, ledger, site)
        accounts = ledger.close(tally, allow_rejected=allow_rejected)
        sources = sources_table(config, tally, plan.schemas["sources"])
        splits = Splits.of(config.build.splits, tally)
        refuse_empty(splits, config.build.splits, tally)
        gate = (ReleaseGate(SHOWN_CELLS), ReleasedTables().check)
        how = (*gate, engine, on_progress, plan.partial, splits)
        packed = pack(work.snapshot, articles, tally, plan.schemas, sources, *how)
        engine.rest()
        collection = solve_collection(config, tally)
        facts = measure_snapshot(config, packed, tally, accounts, collection)
        write_descriptions(work.snapshot, facts, on_progress)
        refuse_leaks(work.snapshot, articles, config.build.release.excerpt, on_progress)
        work.publish()
    return BuildResult(out, facts, ledger.issues)


def default_out(config: Config) -> Path:
    """Where a snapshot goes that nobody has named a place for."""
    return Path("out") / config.name


@dataclass(frozen=True)
class Site:
    """Where a build works.

    Attributes:
        engine: who does the work.
        scratch: where it may write until the end of the build.
        skip: a folder that is no part of the corpus: where the snapshot goes.
        on_progress: is told how far the build is.
        cache: where results are kept from build to build; None: nowhere.
    """

    engine: Engine
    scratch: Path
    skip: Path
    on_progress: OnProgress = silent
    cache: Path | None = None

    @cached_property
    def shared(self) -> str | Path:
        """Where workers leave files for each other."""
        return self.engine.scratch(self.scratch)


def prepare(plan: Plan, ledger: Ledger, site: Site) -> tuple[LinkedArticles, Tally]:
    """Everything before packing: the assembled articles, linked with each other, and what they come to."""
    ledger.add(*plan.issues)
    raw = read(plan.config, ledger, site)
    assembled, links = refine(plan, raw, ledger, site)
    articles = LinkedArticles(assembled, links)
    ledger.add(*articles.issues())
    batches = counted(articles.read(), "count", site.on_progress, size=lambda it: it.num_rows, total=articles.rows)
    return articles, Tally.of(batches)


def read(config: Config, ledger: Ledger, site: Site) -> RawArticles:
    """Read every article once, in the order of the files; exact copies are merged into the first of them."""
    corpus = Corpus.open(config, skip=site.skip)
    ledger.add(*config.defaults, *source_findings(config), *corpus.issues)
    ledger.refuse(*(refused.issue for refused in corpus.refused))
    sizes = [size_of(file) for file in corpus.files]
    shared = site.shared
    site.engine.expect(sum(sizes), config.folder, [name for _, name in config.build.models])
    cut = portions(corpus.files, sizes, site.engine.workers)
    reading = Reading(frozenset(source.name for source in config.sources), shared)
    parts = []
    for part in counted(site.engine.map(reading, cut), "read", site.on_progress, size=lambda it: it.spool.rows):
        ledger.read += part.spool.rows
        ledger.refuse(*part.rejections)
        parts.append(part)
    if ledger.read == 0:
        raise _no_articles(corpus, ledger)
    digests = np.concatenate([np.empty(0, "S16"), *(part.digests for part in parts)])
    raw = RawArticles.of(Spool.joined(part.spool for part in parts), digests)
    ledger.merged = len(raw.later)
    ledger.add(*raw.issues())
    return raw


def refine(plan: Plan, raw: RawArticles, ledger: Ledger, site: Site) -> tuple[Spool, dict[str, Link]]:
    """Run the stages, set rejected articles aside, and find what the others have to do with each other."""
    forget_shelves()
    job = Refining(Refinery.of(plan, site.cache), raw, site.shared)
    tasks = spans(raw, site.engine.workers)
    done = []
    total = raw.spool.rows
    results = zip(tasks, site.engine.map(job, tasks), strict=True)
    size = raw.spool.batch_starts
    for _, part in counted(
        results, "process", site.on_progress, size=lambda it: int(size[it[0].last] - size[it[0].first]), total=total
    ):
        ledger.rejected += part.rejected
        ledger.note(*part.issues)
        done.append(part)
    if raw.rows >= _MANY_ARTICLES:
        site.engine.rest()
    assembled, traits = Spool.joined(it.assembled for it in done), Spool.joined(it.traits for it in done)
    options = plan.config.build
    drop = options.duplicate_action == "drop"
    return assembled, find_links(
        assembled,
        traits,
        threshold=options.duplicate_threshold,
        drop=drop,
        policy=plan.policy,
        on_progress=site.on_progress,
    )


def _no_articles(corpus: Corpus, ledger: Ledger) -> CorpusError:
    ledger.add(Issue(code="no-articles", found="no file that a reader takes", expected=", ".join(corpus.forms)))
    return CorpusError(
        f"no article was found in {corpus.config.folder}",
        expected="files of the forms " + ", ".join(corpus.forms),
        hint="name the folder that holds the articles, or correct the paths under articles in dataset.yaml",
        issues=ledger.issues,
    )
