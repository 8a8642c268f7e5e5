"""The build's books: every article that was read, what became of it, and every finding on the way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dataset_builder.describe.facts import Accounts
from dataset_builder.errors import CorpusError
from dataset_builder.issues import Issue, Severity, issue_kinds
from dataset_builder.records import split_locator
from dataset_builder.snapshot.tally import Tally


def is_error(code: str) -> bool:
    """Whether a finding of this code rejects the article that it is about."""
    return issue_kinds()[code].severity is Severity.ERROR


class Ledger:
    """Accounts and findings of one build."""

    def __init__(self) -> None:
        self.read = 0
        self.merged = 0
        self.rejected = 0
        self._issues: set[Issue] = set()
        self._errors = 0  # those that concern no article, which nothing excuses

    @property
    def issues(self) -> tuple[Issue, ...]:
        """All findings, in the order of files, lines and fields."""
        return tuple(sorted(self._issues))

    def add(self, *issues: Issue) -> None:
        """Note findings that are not about one article."""
        self._issues.update(issues)
        self._errors += sum(issue.severity is Severity.ERROR for issue in issues)

    def refuse(self, *issues: Issue) -> None:
        """Count articles that could not be read, one finding each."""
        self.read += len(issues)
        self.rejected += len(issues)
        self._issues.update(issues)

    def note(self, *issues: Issue) -> None:
        """Note findings about articles that are counted already."""
        self._issues.update(issues)

    def judge(self, locator: str, findings: Iterable[dict[str, Any]]) -> bool:
        """Note an article's findings; False where an error among them rejects it."""
        path, line, row = split_locator(locator)
        accepted = True
        for finding in findings:
            elsewhere = finding["path"] not in (None, "", path)
            place = {} if elsewhere else {"path": path, "line": finding["line"] or line, "row": row}
            self._issues.add(Issue(**{**finding, **place}))
            accepted = accepted and not is_error(finding["code"])
        self.rejected += not accepted
        return accepted

    def accounts(self, tally: Tally) -> Accounts:
        """What became of every article, once all have passed and ``tally`` has counted them."""
        released = tally.released
        withheld = len(tally.catalog) - released
        accounts = Accounts(self.read, released, withheld, self.rejected, self.merged, tally.withdrawn)
        if not accounts.balanced:
            raise AssertionError(f"the accounts do not add up: {accounts}")
        return accounts

    def close(self, tally: Tally, *, allow_rejected: bool) -> Accounts:
        """The accounts, if a snapshot may be made of what they say.

        Raises:
            CorpusError: an article was rejected and that is not allowed, or an error concerns the corpus as a whole.
        """
        accounts = self.accounts(tally)
        if self._errors or (self.rejected and not allow_rejected):
            other = f", {self._errors} errors beside them" if self._errors else ""
            raise CorpusError(
                f"{self.rejected} of {self.read} articles rejected{other}; no snapshot was written",
                expected="a corpus without errors",
                hint="mend what the findings name; --allow-rejected builds without the rejected articles",
                issues=self.issues,
            )
        return accounts
