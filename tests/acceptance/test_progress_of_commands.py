"""Whatever may last longer than a second says how far it is, step by step; nothing where ``--quiet`` is given."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

import dataset_builder.cli.progress as shown_progress
from corpora import write_corpus
from dataset_builder.cli.app import app
from dataset_builder.pipeline import build

FIRST_COLUMN = "\r\x1b[K"
#: Command -> the steps that it shows, in this order; others may stand between them.
STEPS = {
    "build corpus --no-cache": ["read", "process", "link", "count", "write", "describe", "scan files", "scan texts"],
    "check corpus --no-cache": ["read", "process", "link", "write", "describe", "scan files"],
    "explain ledger/0001.txt corpus": ["read", "process", "link"],
    "verify snapshot": ["digest", "keys of catalog", "digest rows", "digest texts"],
    "verify snapshot --row {article}": ["digest", "prove"],
    "diff snapshot later": ["ids", "compare"],
    "report snapshot --out page.html": ["digest", "count articles", "draw"],
    "report later --out page.html --against snapshot": ["digest", "ids", "count articles", "draw"],
    "publish snapshot target": ["digest", "compare", "copy", "read back"],
    "publish snapshot other --dry-run": ["digest", "compare"],
    "validate table.csv --schema schema.json": ["validate"],
    "lint foreign": ["read"],
    "withdraw ledger/0001.txt corpus": ["read", "search"],
    "rehydrate snapshot --originals corpus --out private": ["digest", "read", "process", "write", "describe"],
    "crate snapshot --out crate": ["digest", "copy"],
}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus, two snapshots of it, a table and somebody else's dataset."""
    folder = tmp_path_factory.mktemp("progress")
    corpus = write_corpus(folder / "corpus")
    build(corpus, folder / "snapshot", workers=1)
    config = (corpus / "dataset.yaml").read_text(encoding="utf-8")
    (folder / "corpus-2").mkdir()
    write_corpus(folder / "corpus-2", articles=5)
    (folder / "corpus-2" / "dataset.yaml").write_text(config.replace("title: Harbour Notes", "title: Notes"), "utf-8")
    build(folder / "corpus-2", folder / "later", workers=1)
    (folder / "table.csv").write_text("name\nledger\n", encoding="utf-8")
    (folder / "schema.json").write_text('{"fields": [{"name": "name", "type": "string"}]}', encoding="utf-8")
    (folder / "foreign").mkdir()
    (folder / "foreign" / "rows.jsonl").write_text('{"text": "a", "license": "mit"}\n', encoding="utf-8")
    return folder


@pytest.fixture
def stderr_of(places: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Runs a command as on a terminal whose patience is over at once; returns what it wrote on standard error."""
    monkeypatch.chdir(places)
    monkeypatch.setattr(shown_progress, "shown", lambda quiet, _: not quiet)
    monkeypatch.setattr(shown_progress, "PATIENCE", -1)
    monkeypatch.setattr(shown_progress, "_PAUSE", 0)
    monkeypatch.setenv("COLUMNS", "120")

    def run(call: str) -> str:
        if "crate" in call:
            pytest.importorskip("rocrate", reason="rocrate is not installed: no crate is written")
        if "report" in call:
            pytest.importorskip("vl_convert", reason="vl-convert-python is not installed: no report can be drawn")
        article = next(places.joinpath("snapshot", "catalog").glob("*.parquet"))
        done = CliRunner().invoke(app, call.format(article=_first_id(article)).split())
        assert done.exit_code == 0 or call.startswith("lint"), done.output
        return done.stderr

    return run


def _first_id(shard: Path) -> str:
    import pyarrow.parquet as pq

    return str(pq.read_table(shard, columns=["id"], partitioning=None).column("id")[0].as_py())


@pytest.mark.parametrize("call", STEPS)
def test_the_steps_are_shown_in_order_and_taken_away(call: str, stderr_of: Callable[[str], str]) -> None:
    written = stderr_of(call).split(FIRST_COLUMN)
    steps = [re.split(r"  ", line, maxsplit=1)[0] for line in written[1:-1]]
    places = [steps.index(step) for step in STEPS[call]]
    assert places == sorted(places), dict.fromkeys(steps)
    assert not any(written[-1].startswith(step) for step in STEPS[call]), "the line stands there at the end"


@pytest.mark.parametrize("call", ["publish snapshot quiet-target", "diff snapshot later", "verify snapshot"])
def test_quiet_shows_nothing(call: str, stderr_of: Callable[[str], str]) -> None:
    assert FIRST_COLUMN not in stderr_of(f"{call} --quiet")


def test_where_nobody_looks_nothing_is_shown(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(places)
    monkeypatch.setattr(shown_progress, "PATIENCE", -1)
    done = CliRunner().invoke(app, ["diff", "snapshot", "later"])
    assert done.exit_code == 0
    assert FIRST_COLUMN not in done.stderr


def test_who_shows_its_own_progress_finds_an_empty_line() -> None:
    terminal, clock = io.StringIO(), iter([0.0, 5.0, 6.0])
    show = shown_progress.ProgressLine(terminal, lambda: next(clock))
    show(shown_progress.Progress("compare", 1, 2))
    show(shown_progress.ASIDE)
    assert terminal.getvalue().endswith(FIRST_COLUMN)
