"""``build.limits``: what is beyond one is refused with the limit and how to raise it, and taken where it is raised."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from corpora import article, write_corpus
from dataset_builder import limits
from dataset_builder.checking import check
from dataset_builder.errors import ConfigError, CorpusError
from dataset_builder.issues import Issue, issue_kinds
from dataset_builder.limits import Limits
from dataset_builder.pipeline import build
from dataset_builder.read.context import InputFile
from dataset_builder.read.corpus import read_input
from dataset_builder.read.record import Rejection
from dataset_builder.stages.clean.cleaning import clean_text


def limited(folder: Path, largest: int | str) -> Path:
    corpus = write_corpus(folder / "corpus", articles=2)
    config = (corpus / "dataset.yaml").read_text(encoding="utf-8")
    (corpus / "dataset.yaml").write_text(
        config.replace("build:\n", f"build:\n  limits: {{article_characters: {largest}}}\n"), encoding="utf-8"
    )
    assert "limits" in (corpus / "dataset.yaml").read_text(encoding="utf-8")
    return corpus


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (article(1, day=3) + "The tide came in. " * 1_000, "characters"),
        (article(1, day=3) + "a\n" * 60, "more than 50 lines, or edits by cleaning"),
        (article(1, day=3) + "a\u200b" * 60, "more than 50 lines, or edits by cleaning"),
        (article(1, day=3) + "\r" * 60, "more than 50 lines, or edits by cleaning"),
    ],
)
def test_an_article_that_is_too_long(tmp_path: Path, body: str, found: str) -> None:
    corpus = limited(tmp_path, 5_000)
    (corpus / "ledger" / "0000.txt").write_text(body, encoding="utf-8", newline="")
    with pytest.raises(CorpusError) as refused:
        build(corpus, tmp_path / "out", workers=1)
    issues = [issue for issue in refused.value.issues if issue.code == "article-too-large"]
    assert [issue.path for issue in issues] == ["ledger/0000.txt"]
    assert found in issues[0].found
    assert "raise build.limits.article_characters in dataset.yaml" in issues[0].kind.mend
    config = (corpus / "dataset.yaml").read_text(encoding="utf-8")
    (corpus / "dataset.yaml").write_text(config.replace("characters: 5000", "characters: 64000"), encoding="utf-8")
    assert build(corpus, tmp_path / "out", workers=1).accounts.rejected == 0


def test_a_row_that_is_too_long_is_named_with_its_line(tmp_path: Path) -> None:
    corpus = limited(tmp_path, 5_000)
    long = '{"title": "Tides", "source": "ledger", "date": "2024-10-01", "body": "' + "Low tide. " * 900 + '"}\n'
    (corpus / "wire.jsonl").write_text(long.replace("Low tide. ", "", 890) + long, encoding="utf-8")
    with pytest.raises(CorpusError) as refused:
        build(corpus, tmp_path / "out", workers=1)
    places = [(issue.path, issue.line) for issue in refused.value.issues if issue.code == "article-too-large"]
    assert places == [("wire.jsonl", 2)]


SOURCE = "sources: [{name: ledger, email: r@ledger.example.org, license: CC-BY-4.0, language: en}]\n"
LIMITS = {
    "item_bytes": ({"a.txt": "Ferry " * 300}, "file-too-large"),
    "item_bytes ": ({"a.jsonl": json.dumps({"body": "Ferry " * 300}) + "\n"}, "file-too-large"),
    "item_bytes  ": ({"a.json": json.dumps([{"body": "Ferry " * 300}])}, "file-too-large"),
    "article_characters": ({"a.csv": 'title,body\nFerry,"' + "Ferry " * 300 + '"\n'}, "article-too-large"),
    "page_characters": (
        {"a.html": f"<html><body><article><p>{'The ferry left. ' * 90}</p></article>"},
        "page-too-large",
    ),
    "page_elements": ({"a.html": f"<article>{'<p>The ferry left.</p>' * 1_001}</article>"}, "page-too-large"),
}


@pytest.mark.parametrize("name", LIMITS)
def test_each_limit_is_named_by_its_finding_and_can_be_raised(tmp_path: Path, name: str) -> None:
    files, code = LIMITS[name]
    for file, content in {"short.txt": "Low tide.\n", **files}.items():
        (tmp_path / file).write_text(content, encoding="utf-8")

    def checked(most: int) -> list[Issue]:
        limited = f"build: {{entities: {{model: none}}, limits: {{{name.strip()}: {most}}}}}\n"
        (tmp_path / "dataset.yaml").write_text(SOURCE + limited, encoding="utf-8")
        return list(check(tmp_path).issues)

    found = [issue for issue in checked(1_000) if issue.code == code]
    assert [issue.path for issue in found] == list(files)
    assert f"build.limits.{name.strip()}" in (found[0].hint or found[0].kind.mend)
    assert f"{1_000:,}" in found[0].expected.replace("1000", "1,000")
    assert code not in {issue.code for issue in checked(100_000)}


def test_the_ratio_of_what_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RATIO_FLOOR_BYTES", 1_000)
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"The ferry left. " * 10_000))
    shrunk = 160_000 // path.stat().st_size
    for ratio, beyond in ((shrunk // 2, True), (2 * shrunk, False)):
        items = list(read_input(InputFile(path, path.name, source="ledger", limits=Limits(unpacked_ratio=ratio))))
        assert [isinstance(item, Rejection) for item in items] == [beyond]
    assert "raise build.limits.unpacked_ratio" in issue_kinds()["compression-bomb"].mend


@pytest.mark.parametrize("largest", [10, 300_000_000, "all"])
def test_limits_that_cannot_be(tmp_path: Path, largest: int | str) -> None:
    with pytest.raises(ConfigError, match=r"minimum 1000|maximum 268435456|integer") as refused:
        build(limited(tmp_path, largest), tmp_path / "out")
    assert [issue.field for issue in refused.value.issues] == ["build.limits.article_characters"]


@pytest.mark.parametrize("text", ["a\n\nb\n\n" * 40, "x\r\ny " * 60, "&amp;" * 90, "(a) ) . " * 50])
def test_what_is_within_the_limit_is_cleaned_as_without_one(text: str) -> None:
    assert clean_text(text, most=10_000) == clean_text(text)
    assert {issue.code for issue in clean_text(text, most=20).findings} == {"article-too-large"}
