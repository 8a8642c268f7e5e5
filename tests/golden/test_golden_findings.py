"""The same findings in every format, to the letter. ``--update`` rewrites them; then read the difference."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataset_builder import __version__
from dataset_builder.findings.formats import FORMATS
from dataset_builder.findings.text import render_text
from made_findings import made_findings

GOLDEN = Path(__file__).parent / "findings"
SUFFIXES = {"text": "txt", "github": "txt", "gitlab": "json", "junit": "xml", "sarif": "json"}


@pytest.mark.parametrize("name", SUFFIXES)
def test_formats_are_as_they_were_read_and_approved(name: str, request: pytest.FixtureRequest) -> None:
    render = {"text": render_text, **FORMATS}[name]
    made = render(made_findings()).replace(f'"semanticVersion": "{__version__}"', '"semanticVersion": "0.0.0"')
    path = GOLDEN / f"{name}.{SUFFIXES[name]}"
    if request.config.getoption("--update"):
        path.write_text(made, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == made, f"{path.name}: look, then run with --update"


def test_every_format_has_a_golden_file() -> None:
    assert {"text", *FORMATS} == set(SUFFIXES)
