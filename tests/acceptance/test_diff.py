"""``diff`` of two built snapshots: what came, went and changed, in every format."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from corpora import article, write_corpus
from dataset_builder.comparison import Difference, diff
from dataset_builder.comparison.markdown import render_markdown
from dataset_builder.comparison.text import render_text
from dataset_builder.errors import SnapshotError, UsageError
from dataset_builder.pipeline import build

HOSTILE = "<script>alert(1)</script> | @keeper #12 [x](javascript:1) `tick` \x1b[31m\u202e"


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """1.0.0, and a version with an article more, one less, one renamed, one under another licence, one withdrawn."""
    folder = tmp_path_factory.mktemp("diff")
    corpus = write_corpus(folder / "corpus")
    old = build(corpus, folder / "old")
    (corpus / "ledger" / "0000.txt").unlink()
    (corpus / "ledger" / "0009.txt").write_text(article(77, day=20), encoding="utf-8")
    lines = [
        {"file_name": "ledger/0001.txt", "title": HOSTILE},
        {"file_name": "ledger/0002.txt", "license": "CC-BY-SA-4.0"},
        {"file_name": "gazette/0001.txt", "license": "CC0-1.0"},
    ]
    (corpus / "metadata.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    config = (corpus / "dataset.yaml").read_text(encoding="utf-8").replace("version: 1.0.0", "version: 1.1.0")
    gone = _id_of(old.out)
    config += f'withdrawals:\n  - {{id: {gone}, reason: "The author asked.", date: 2024-11-06, versions: [1.0.0]}}\n'
    (corpus / "dataset.yaml").write_text(config, encoding="utf-8")
    return old.out, build(corpus, folder / "new").out


def _id_of(snapshot: Path) -> str:
    import pyarrow.dataset as ds

    rows = ds.dataset(snapshot / "catalog", format="parquet").to_table().to_pylist()
    return str(next(row["id"] for row in rows if row["provenance"]["locator"] == "ledger/0003.txt"))


@pytest.fixture(scope="module")
def found(snapshots: tuple[Path, Path]) -> Difference:
    return diff(*snapshots)


def test_articles_are_counted_and_listed(found: Difference) -> None:
    articles = found.articles
    assert (articles.added, articles.removed, articles.changed, articles.unchanged) == (1, 2, 3, 4)
    assert sorted(entry.reason for entry in articles.removed_list) == ["", "The author asked."]
    assert {change.field for entry in articles.changed_list for change in entry.fields} >= {
        "title",
        "license",
        "release",
    }


def test_terms_are_counted_by_value(found: Difference) -> None:
    moves = {(move.field, move.old, move.new): move.articles for move in found.transitions}
    assert moves["license", "CC-BY-4.0", "CC-BY-SA-4.0"] == 1
    assert moves["license", "nothing", "CC0-1.0"] == 1
    assert moves["release", "metadata", "full"] == 1
    assert {fact.name for fact in found.facts} >= {"license", "license_counts.CC-BY-SA-4.0", "tables.catalog.rows"}


def test_the_version_follows(found: Difference) -> None:
    assert (found.bump.level, found.bump.suggested, found.bump.enough) == ("major", "2.0.0", False)
    assert {reason.rule for reason in found.bump.reasons} >= {"articles-removed", "articles-added", "license-changed"}


def test_a_snapshot_does_not_differ_from_itself(snapshots: tuple[Path, Path]) -> None:
    same = diff(snapshots[0], snapshots[0])
    assert same.same_data
    assert (same.bump.level, same.articles.added, same.articles.changed, same.articles.unchanged) == ("none", 0, 0, 9)
    assert (same.fields, same.facts, same.schema, same.sources) == ((), (), (), ())


def test_counts_are_whole_where_lists_are_short(snapshots: tuple[Path, Path], found: Difference) -> None:
    short = diff(*snapshots, limit=1)
    assert len(short.articles.changed_list) == len(short.articles.removed_list) == 1
    assert (short.fields, short.transitions, short.bump) == (found.fields, found.transitions, found.bump)
    assert "… and 1 more" in render_text(short)


def test_what_strangers_wrote_is_only_text(found: Difference) -> None:
    text = render_text(found)
    assert "\x1b" not in text
    assert "\u202e" not in text
    note = render_markdown(found)
    html = MarkdownIt("commonmark").enable("table").render(note)
    assert "<script" not in html
    assert "<a " not in html
    assert "@keeper" not in html.replace("<code>", "\0").partition("\0")[0]


def test_the_command_writes_every_format(snapshots: tuple[Path, Path]) -> None:
    def run(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "dataset_builder", "diff", *map(str, snapshots), *options]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert run().stdout.startswith("Harbour Notes: 1.0.0 -> 1.1.0\n")
    document = json.loads(run("--json").stdout)
    assert document["format"] == "news-dataset-diff/1"
    assert document["articles"]["added"] == 1
    assert run("--output-format", "markdown").stdout.startswith("## Harbour Notes 1.1.0\n")
    assert run("--json", "--output-format", "text").returncode == 2


def test_what_is_no_snapshot(snapshots: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        diff(snapshots[0], tmp_path / "nowhere")
    with pytest.raises(SnapshotError):
        diff(snapshots[0], tmp_path)
    (tmp_path / "manifest.json").write_text('{"format": "news-dataset-manifest/1", "files": 7}')
    (tmp_path / "datapackage.json").write_text('{"resources": []}')
    with pytest.raises(SnapshotError, match="cannot be compared"):
        diff(snapshots[0], tmp_path)
