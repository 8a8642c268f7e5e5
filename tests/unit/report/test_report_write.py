"""Writing the report: where to, what is in it, and the same bytes again."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dataset_builder.cli.app import app
from dataset_builder.errors import MissingDependencyError, OutsideError, UsageError
from dataset_builder.report.write import refuse_inside, write_report
from large_snapshot import write_large_snapshot

pytest.importorskip("vl_convert", reason="vl-convert-python is not installed: no report can be drawn")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_large_snapshot(tmp_path_factory.mktemp("made") / "made", 30)


def test_the_same_snapshot_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    first, second = (write_report(made, tmp_path / name).path.read_bytes() for name in ("a.html", "b.html"))
    assert first == second


def test_the_policy_lets_in_the_pages_own_script_and_style_and_nothing_else(made: Path, tmp_path: Path) -> None:
    page = write_report(made, tmp_path / "a.html").path.read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    assert "default-src &#39;none&#39;" in policy[1]
    assert "unsafe" not in policy[1]
    assert policy[1].count("sha256-") == 2
    assert "style=" not in page
    assert not re.search(r'(?:src|action|srcset|data)="', page)


def test_no_word_of_a_withheld_article_but_its_title_is_in_the_page(tmp_path: Path) -> None:
    made = write_large_snapshot(tmp_path / "made", 12, quality_flags=[], author=None)
    page = write_report(made, tmp_path / "a.html").path.read_text(encoding="utf-8")
    assert "taken out]" in page, "examples are quoted"
    quoted = re.findall(r"<blockquote>.*?#article-(\w+)", page, re.DOTALL)
    import pyarrow.parquet as pq

    released = set(pq.read_table(made / "articles")["id"].to_pylist())
    assert set(quoted) <= released


def test_the_builds_findings_are_counted_without_place_and_words(made: Path, tmp_path: Path) -> None:
    identity = json.loads((made / "manifest.json").read_bytes())["identity"]
    private = {"path": "secret/place.txt", "found": "words nobody may read", "line": 7}
    issues = [{**private, "code": "broken-sentence"}] * 3 + [{**private, "code": "review-needed"}]
    document = {"identity": identity, "issues": [*issues, {"code": "of-another-version"}, "no finding"]}
    (tmp_path / "build.json").write_text(json.dumps(document), encoding="utf-8")
    report = write_report(made, tmp_path / "a.html", findings=tmp_path / "build.json")
    page = report.path.read_text(encoding="utf-8")
    section = page[page.index('id="findings"') :]
    assert section.index("<code>review-needed</code>") < section.index("<code>broken-sentence</code>")
    assert re.search(r"broken-sentence.*?<td>note</td><td class=\"number\">3</td>", section, re.DOTALL)
    assert re.search(r"another version knows</th><td></td><td class=\"number\">2</td>", section)
    for words in ("secret", "place.txt", "nobody may read"):
        assert words not in page


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("{", "is not JSON"),
        ("[]", "holds no findings"),
        ('{"issues": 3}', "holds no findings"),
        ('{"issues": [], "identity": "sha256:another"}', "tells of the build of sha256:another"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_findings_of_something_else_are_refused(made: Path, tmp_path: Path, content: str, found: str) -> None:
    (tmp_path / "build.json").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=found):
        write_report(made, tmp_path / "a.html", findings=tmp_path / "build.json")
    with pytest.raises(UsageError, match="cannot be read"):
        write_report(made, tmp_path / "a.html", findings=tmp_path / "absent.json")


def test_the_list_stops_where_it_is_told_to_and_says_so(made: Path, tmp_path: Path) -> None:
    report = write_report(made, tmp_path / "a.html", rows=10)
    assert (report.articles, report.listed) == (30, 10)
    assert "The list holds the last 10 of 30 articles" in report.path.read_text(encoding="utf-8")


def test_a_sealed_snapshot_gets_no_file_more(made: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(made)
    for out in (made / "report.html", made / "docs" / "report.html", link / "report.html"):
        with pytest.raises(UsageError, match="inside the snapshot"):
            write_report(made, out)
    other = write_large_snapshot(tmp_path / "other", 3)
    with pytest.raises(UsageError, match="inside the snapshot"):
        refuse_inside(other / "report.html", made)
    with pytest.raises(UsageError, match="is a folder"):
        write_report(made, tmp_path)
    assert not list(made.rglob("*.html"))


def test_a_place_that_cannot_be_written_is_a_fault_outside(made: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutsideError, match="cannot be written"):
        write_report(made, tmp_path / "file" / "report.html")


def test_a_missing_library_is_named_with_the_command_that_installs_it(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(MissingDependencyError, match="pip install"):
        write_report(made, tmp_path / "a.html")
    assert not list(tmp_path.iterdir())


def test_the_command_says_where_the_page_is(made: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["report", str(made), "--out", str(tmp_path / "a.html"), "--json"])
    assert done.exit_code == 0
    assert '"articles": 30' in done.stdout
    assert CliRunner().invoke(app, ["report", str(tmp_path / "none"), "--out", str(tmp_path / "b.html")]).exit_code == 2


def test_a_snapshot_without_a_single_article(tmp_path: Path) -> None:
    made = write_large_snapshot(tmp_path / "made", 0)
    page = write_report(made, tmp_path / "a.html").path.read_text(encoding="utf-8")
    for sentence in ("No article carries a date", "No text is released", "No near copies were found"):
        assert sentence in page


def test_a_report_against_another_snapshot_begins_with_the_changes(tmp_path: Path) -> None:
    from corpora import write_corpus
    from dataset_builder.pipeline import build

    corpus = write_corpus(tmp_path / "corpus", articles=2)
    old = build(corpus, tmp_path / "old").out
    (corpus / "ledger" / "0000.txt").unlink()
    (corpus / "wire.jsonl").write_text(
        '{"title": "<b>Bells</b> lost", "date": "2024-10-30", "source": "ledger", "license": "CC0-1.0",'
        ' "body": "Bells were lost in the night of the storm. A warden of the lighthouse counts them."}\n',
        encoding="utf-8",
    )
    new = build(corpus, tmp_path / "new").out
    page = write_report(new, tmp_path / "a.html", against=old).path.read_text(encoding="utf-8")
    changes = page.partition('id="changes"')[2].partition("</section>")[0]
    assert re.findall(r"<dt>(\w+)</dt><dd>(\d+)</dd>", changes) == [
        ("added", "1"), ("removed", "2"), ("changed", "0"), ("unchanged", "3"),
    ]  # fmt: skip
    assert "&lt;b&gt;Bells&lt;/b&gt; lost" in changes
    assert "warden of the lighthouse counts" not in changes
    with pytest.raises(UsageError, match="inside the snapshot"):
        write_report(new, old / "a.html", against=old)
