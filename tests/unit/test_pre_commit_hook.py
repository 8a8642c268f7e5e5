from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml

from corpora import write_corpus
from dataset_builder.cli import main


def test_the_hook_runs_a_command_that_exists(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (hook,) = yaml.safe_load((repository / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert not hook["pass_filenames"], "check takes a corpus, not files"
    corpus = write_corpus(tmp_path / "corpus", articles=1)
    monkeypatch.setattr(sys, "argv", [*hook["entry"].split(), str(corpus)])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code in (0, None)
    assert "would build" in capsys.readouterr().out


def test_the_how_to_names_every_format(repository: Path) -> None:
    from dataset_builder.cli.render import OutputFormat

    page = (repository / "docs" / "how-to" / "check-in-ci.md").read_text(encoding="utf-8")
    assert [name for name in OutputFormat if f"| `{name}`" not in page] == []
