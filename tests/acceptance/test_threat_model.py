"""Every defence that the threat model names is shown by a test that is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

_SHOWN = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_every_test_that_the_threat_model_names_is_there(repository: Path) -> None:
    page = (repository / "docs" / "explanation" / "security.md").read_text(encoding="utf-8")
    named = _SHOWN.findall(page)
    assert len(named) > 50
    missing = [f"{path}::{name}" for path, name in named if name not in functions(repository / path)]
    assert missing == []


def test_every_row_of_an_attack_names_how_it_is_shown(repository: Path) -> None:
    page = (repository / "docs" / "explanation" / "security.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and "**" not in line]
    attacks = [row for row in rows if not row.startswith(("| Attack", "| Fault", "| Who"))]
    assert [row for row in attacks if not _SHOWN.search(row)] == []


def functions(path: Path) -> set[str]:
    """The tests of a file; none where there is no such file."""
    if not path.is_file():
        return set()
    return {
        node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)
    }
