"""How long an article may be: refused with the limit and how to raise it, and taken where the limit is raised."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpora import article, write_corpus
from dataset_builder.errors import ConfigError, CorpusError
from dataset_builder.pipeline import build
from dataset_builder.stages.clean.cleaning import clean_text


def limited(folder: Path, largest: int | str) -> Path:
    corpus = write_corpus(folder / "corpus", articles=2)
    config = (corpus / "dataset.yaml").read_text(encoding="utf-8")
    (corpus / "dataset.yaml").write_text(
        config.replace("build:\n", f"build:\n  largest_article: {largest}\n"), encoding="utf-8"
    )
    assert "largest_article" in (corpus / "dataset.yaml").read_text(encoding="utf-8")
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
    assert "raise build.largest_article in dataset.yaml" in issues[0].kind.mend
    config = (corpus / "dataset.yaml").read_text(encoding="utf-8")
    (corpus / "dataset.yaml").write_text(config.replace("article: 5000", "article: 64000"), encoding="utf-8")
    assert build(corpus, tmp_path / "out", workers=1).accounts.rejected == 0


def test_a_row_that_is_too_long_is_named_with_its_line(tmp_path: Path) -> None:
    corpus = limited(tmp_path, 5_000)
    long = '{"title": "Tides", "source": "ledger", "date": "2024-10-01", "body": "' + "Low tide. " * 900 + '"}\n'
    (corpus / "wire.jsonl").write_text(long.replace("Low tide. ", "", 890) + long, encoding="utf-8")
    with pytest.raises(CorpusError) as refused:
        build(corpus, tmp_path / "out", workers=1)
    places = [(issue.path, issue.line) for issue in refused.value.issues if issue.code == "article-too-large"]
    assert places == [("wire.jsonl", 2)]


@pytest.mark.parametrize("largest", [10, 300_000_000, "all"])
def test_limits_that_cannot_be(tmp_path: Path, largest: int | str) -> None:
    with pytest.raises(ConfigError, match=r"minimum 1000|maximum 268435456|integer") as refused:
        build(limited(tmp_path, largest), tmp_path / "out")
    assert [issue.field for issue in refused.value.issues] == ["build.largest_article"]


@pytest.mark.parametrize("text", ["a\n\nb\n\n" * 40, "x\r\ny " * 60, "&amp;" * 90, "(a) ) . " * 50])
def test_what_is_within_the_limit_is_cleaned_as_without_one(text: str) -> None:
    assert clean_text(text, most=10_000) == clean_text(text)
    assert {issue.code for issue in clean_text(text, most=20).findings} == {"article-too-large"}
