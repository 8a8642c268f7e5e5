"""Every check of a corpus, and nothing written: what a build would find, reject, release and withhold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from dataset_builder.config import Config, load_config
from dataset_builder.describe.collection import solve_collection
from dataset_builder.describe.facts import Accounts, LicenseRow
from dataset_builder.errors import CorpusError
from dataset_builder.issues import Issue, Severity
from dataset_builder.ledger import Ledger
from dataset_builder.pipeline import default_out, prepare
from dataset_builder.plan import make_plan
from dataset_builder.schema import TableSchema
from dataset_builder.snapshot.pack import Tally, pack
from dataset_builder.sources import sources_table
from dataset_builder.validate.gates import released_issues


@dataclass(frozen=True)
class CheckResult:
    """What a check came to.

    Attributes:
        config: as it was read, the audience of this call included.
        accounts: what a build would make of every article.
        licenses: source by licence by decision: the plan of the release.
        license: SPDX expression of the release as a whole; empty where nothing is released or no licence fits all.
        issues: every finding, in the order of files, lines and fields.
    """

    config: Config
    accounts: Accounts
    licenses: tuple[LicenseRow, ...]
    license: str
    issues: tuple[Issue, ...]

    @property
    def errors(self) -> int:
        """Findings that stop a build."""
        return sum(issue.severity is Severity.ERROR for issue in self.issues)

    @property
    def valid(self) -> bool:
        """Whether a build would make a snapshot of it."""
        return not self.errors


def check(folder: Path, *, audience: str | None = None) -> CheckResult:
    """Check the corpus in ``folder`` as far as a build goes before it writes; the check goes on after an error.

    Raises:
        ConfigError: dataset.yaml is wrong.
        UsageError: the folder is not there.
        CorpusError: there is no article to check.
        OutsideError: the disk failed.
    """
    config = load_config(folder, audience=audience)
    plan = make_plan(config)
    ledger = Ledger()

    def gate(schema: TableSchema, table: pa.Table) -> None:
        ledger.add(*released_issues(schema, table))

    with TemporaryDirectory(prefix="build-dataset-") as scratch:
        articles, tally = prepare(plan, ledger, skip=default_out(config), scratch=Path(scratch))
        pack(None, articles, tally, plan.schemas, sources_table(config, tally, plan.schemas["sources"]), gate)
    license_ = _solve(config, tally, ledger)
    return CheckResult(config, ledger.accounts(tally), tally.license_rows, license_, ledger.issues)


def _solve(config: Config, tally: Tally, ledger: Ledger) -> str:
    try:
        return solve_collection(config, tally).expression
    except CorpusError as error:
        ledger.add(*error.issues)
        return ""
