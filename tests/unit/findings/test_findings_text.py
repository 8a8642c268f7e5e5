"""Ten thousand findings can be read: grouped, the first of each kind, and where the rest is."""

from __future__ import annotations

import pytest

from dataset_builder.findings.report import Findings
from dataset_builder.findings.text import MOST_SHOWN, render_text
from dataset_builder.issues import Issue, Severity, issue_kinds

ERRORS = [code for code, kind in sorted(issue_kinds().items()) if kind.severity is Severity.ERROR]


def shown(codes: list[str], count: int) -> list[str]:
    issues = tuple(Issue(f"{number:05}.txt", code=codes[number % len(codes)]) for number in range(count))
    return render_text(Findings(issues, "build-dataset check")).splitlines()


@pytest.mark.parametrize("kinds", [1, 2, 5, 20])
def test_ten_thousand_errors_do_not_flood_the_terminal(kinds: int) -> None:
    lines = shown(ERRORS[:kinds], 10_000)
    examples = [line for line in lines if line.startswith("  - ")]
    assert kinds <= len(examples) <= MOST_SHOWN
    assert len(lines) == len(examples) + 3 * kinds
    assert sum(f"({10_000 // kinds})" in line for line in lines) == kinds
    assert sum("more; --json lists every one" in line for line in lines) == kinds


def test_few_kinds_show_more_of_each() -> None:
    assert sum(line.startswith("  - ") for line in shown(ERRORS[:1], 100)) == 20


def test_every_kind_shows_one_however_many_there_are() -> None:
    lines = shown(ERRORS, 10 * len(ERRORS))
    assert [line.partition(" (")[0] for line in lines if not line.startswith("  ")] == [f"error {e}" for e in ERRORS]
    assert sum(line.startswith("  - ") for line in lines) >= len(ERRORS)


def test_all_are_there_where_all_are_asked_for() -> None:
    issues = tuple(Issue(f"{number:05}.txt", code=ERRORS[number % 30]) for number in range(900))
    text = render_text(Findings(issues, "build-dataset check"), every=True)
    assert text.count("\n  - ") == 900
