"""No floor is lowered in silence: every version of floors.yaml holds at least what the one before held."""

from __future__ import annotations

import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from floors import FLOORS, figures, figures_of, lowered

ROOT = Path(__file__).parents[2]
PLACE = FLOORS.relative_to(ROOT).as_posix()


def versions() -> list[str]:
    """The committed versions of floors.yaml, the first one first."""
    commits = git("log", "--reverse", "--format=%H", "--", PLACE).split()
    return [text for commit in commits if (text := git("show", f"{commit}:{PLACE}"))]


def git(*arguments: str) -> str:
    ran = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)
    return ran.stdout if ran.returncode == 0 else ""


def test_no_version_lowers_a_floor_without_a_decision() -> None:
    if shutil.which("git") is None or not (history := versions()):
        pytest.skip("there is no history of the floors here: a copy of the sources without git")
    for before, after in pairwise([*history, FLOORS.read_text(encoding="utf-8")]):
        assert lowered(figures_of(before), figures_of(after)) == []


def test_every_decision_that_lowers_a_floor_is_there_and_names_it() -> None:
    for figure in figures().values():
        if figure.lowered:
            page = ROOT / figure.lowered
            assert page.is_relative_to(ROOT / "docs" / "decisions")
            assert figure.name in page.read_text(encoding="utf-8")


def test_a_floor_holds_both_ways() -> None:
    text = (
        "a: {what: x, better: higher, floor: 0.9, within: 0.02}\nb: {what: x, better: lower, floor: 0.1, within: 0.05}"
    )
    found = figures_of(text)
    assert [bool(found["a"].fault(value)) for value in (0.89, 0.9, 0.92, 0.93)] == [True, False, False, True]
    assert [bool(found["b"].fault(value)) for value in (0.11, 0.1, 0.05, 0.04)] == [True, False, False, True]


@pytest.mark.parametrize(
    ("change", "silent"),
    [
        (("floor: 0.9", "floor: 0.91"), False),
        (("floor: 0.9", "floor: 0.89"), True),
        (("within: 0.02", "within: 0.2"), True),
        (("a:", "c:"), True),
        (("better: higher", "better: lower"), True),
        (("floor: 0.9", "lowered: docs/decisions/errors-reject.md, floor: 0.89"), False),
    ],
)
def test_what_lowers_a_floor(change: tuple[str, str], silent: bool) -> None:
    before = "a: {what: x, better: higher, floor: 0.9, within: 0.02}"
    assert bool(lowered(figures_of(before), figures_of(before.replace(*change)))) == silent
