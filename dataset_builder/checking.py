"""Every check of a corpus, and nothing written: what a build would find, reject, release and withhold.

A check is a build in a temporary folder that goes on after an error and is thrown away, so that the two cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from dataset_builder.config import Config, load_config
from dataset_builder.describe.collection import solve_collection
from dataset_builder.describe.facts import Accounts, CollectionLicense, LicenseRow
from dataset_builder.describe.measure import measure_snapshot
from dataset_builder.describe.write import write_descriptions
from dataset_builder.engines.choice import Chosen
from dataset_builder.engines.spool import compared_each_step
from dataset_builder.errors import CorpusError
from dataset_builder.issues import Issue, Severity
from dataset_builder.ledger import Ledger
from dataset_builder.linking.articles import LinkedArticles
from dataset_builder.personal_data import PersonalData, Scanner, scan_release
from dataset_builder.pipeline import Site, default_out, prepare
from dataset_builder.plan import make_plan
from dataset_builder.progress import OnProgress, silent
from dataset_builder.schema import TableSchema
from dataset_builder.snapshot.leak_gate import refuse_leaks
from dataset_builder.snapshot.pack import pack
from dataset_builder.snapshot.splits import Splits, empty_splits
from dataset_builder.snapshot.tally import Tally
from dataset_builder.sources import sources_table
from dataset_builder.validate.gates import ReleasedTables, ReleaseGate, SeenShard


@dataclass(frozen=True)
class CheckResult:
    """What a check came to.

    Attributes:
        config: as it was read, the audience of this call included.
        accounts: what a build would make of every article.
        licenses: source by licence by decision: the plan of the release.
        license: SPDX expression of the release as a whole; empty where nothing is released or no licence fits all.
        issues: every finding, in the order of files, lines and fields.
        personal_data: what was counted of it in the texts of the release, by source; None if nobody asked.
    """

    config: Config
    accounts: Accounts
    licenses: tuple[LicenseRow, ...]
    license: str
    issues: tuple[Issue, ...]
    personal_data: tuple[PersonalData, ...] | None = None

    @property
    def errors(self) -> int:
        """Findings that stop a build."""
        return sum(issue.severity is Severity.ERROR for issue in self.issues)

    @property
    def valid(self) -> bool:
        """Whether a build would make a snapshot of it."""
        return not self.errors


def check(
    folder: Path,
    *,
    audience: str | None = None,
    workers: int | None = None,
    cache: Path | None = None,
    privacy: bool = False,
    on_progress: OnProgress = silent,
) -> CheckResult:
    """Check the corpus in ``folder``; the check goes on after an error, so that all of them are found.

    Args:
        privacy: whether personal data is counted in the texts of the release.

    Raises:
        MissingDependencyError: it is to be counted, and the extra ``privacy`` is not installed.
        ConfigError: dataset.yaml is wrong.
        UsageError: the folder is not there.
        CorpusError: there is no article to check.
        OutsideError: the disk failed.
    """
    config = load_config(folder, audience=audience)
    scanner = Scanner() if privacy else None
    plan = make_plan(config)
    ledger = Ledger()

    released = ReleasedTables()

    def note(schema: TableSchema, shard: SeenShard) -> None:
        ledger.add(*released.issues(schema, shard))

    with TemporaryDirectory(prefix="build-dataset-") as name, Chosen(workers) as engine:
        scratch, snapshot = Path(name), Path(name) / "snapshot"
        on_progress = compared_each_step(on_progress)
        site = Site(engine, scratch, default_out(config), on_progress, cache)
        articles, tally = prepare(plan, ledger, site)
        accounts = ledger.accounts(tally)
        sources = sources_table(config, tally, plan.schemas["sources"])
        splits = Splits.of(config.build.splits, tally)
        ledger.add(*empty_splits(splits, config.build.splits, tally))
        work = (ReleaseGate(), note, engine, on_progress)
        packed = pack(snapshot, articles, tally, plan.schemas, sources, *work, plan.partial, splits)
        collection = _solve(config, tally, ledger)
        facts = measure_snapshot(config, packed, tally, accounts, collection)
        write_descriptions(snapshot, facts, on_progress)
        ledger.add(*_leaks(snapshot, articles, config, on_progress))
        counted = _counted(snapshot, config, scanner, ledger, on_progress)
    return CheckResult(config, accounts, tally.license_rows, collection.expression, ledger.issues, counted)


def _counted(
    snapshot: Path, config: Config, scanner: Scanner | None, ledger: Ledger, on_progress: OnProgress
) -> tuple[PersonalData, ...] | None:
    if scanner is None:
        return None
    found = scan_release(snapshot, {source.name: source.country for source in config.sources}, scanner, on_progress)
    ledger.add(*(issue for source in found for issue in source.issues))
    return found


def _solve(config: Config, tally: Tally, ledger: Ledger) -> CollectionLicense:
    try:
        return solve_collection(config, tally)
    except CorpusError as error:
        ledger.add(*error.issues)
        return CollectionLicense()


def _leaks(snapshot: Path, articles: LinkedArticles, config: Config, on_progress: OnProgress) -> list[Issue]:
    """Withheld words that would stand in a file of the snapshot, which nobody will find under its path."""
    try:
        refuse_leaks(snapshot, articles, config.build.release.excerpt, on_progress)
    except CorpusError as error:
        return [replace(issue, path="", found=f"{issue.path}: {issue.found}") for issue in error.issues]
    return []
