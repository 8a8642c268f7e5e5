"""Withheld words stop the build wherever they would come out."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpora import article, write_corpus
from dataset_builder.errors import CorpusError
from dataset_builder.pipeline import build

WITHHELD = (
    "The gazette alone reports that the lamp keeper Odo Finch sold nine brass bells to a museum in Lower Wexmouth. "
    "He kept the tenth bell under his bed for thirty years and told nobody about the crack in it. "
    "The museum will show all ten of them in spring, crack and bed included, to anyone who rings first."
)


def corpus_with(tmp_path: Path, front_matter: str, *, config: str = "") -> Path:
    corpus = write_corpus(tmp_path / "corpus", articles=2)
    (corpus / "gazette" / "bells.txt").write_text(f"---\n{front_matter}---\n{WITHHELD}\n", encoding="utf-8")
    if config:
        with (corpus / "dataset.yaml").open("a", encoding="utf-8") as file:
            file.write(config)
    return corpus


@pytest.mark.parametrize("field", ["rights_statement", "usage_terms", "attribution"])
def test_a_body_pasted_into_a_field_of_the_catalog(tmp_path: Path, field: str) -> None:
    corpus = corpus_with(tmp_path, f'{field}: "All rights reserved. {WITHHELD}"\n')
    with pytest.raises(CorpusError) as caught:
        build(corpus, tmp_path / "out")
    assert {issue.code for issue in caught.value.issues} == {"withheld-text-leaked"}
    assert not (tmp_path / "out").exists()
    assert "Odo Finch" not in str(caught.value)


def test_a_withheld_text_within_the_description(tmp_path: Path) -> None:
    corpus = corpus_with(tmp_path, "title: Bells\n", config=f"description: {WITHHELD}\n")
    with pytest.raises(CorpusError, match=r"README\.md|CITATION\.cff|datapackage\.json"):
        build(corpus, tmp_path / "out")


def test_the_headline_is_no_leak(tmp_path: Path) -> None:
    headline = "Lamp keeper Odo Finch sold nine brass bells to a museum in Lower Wexmouth"
    result = build(corpus_with(tmp_path, f"title: {headline}\n"), tmp_path / "out")
    assert result.accounts.withheld == 3


def test_the_headline_is_no_leak_with_a_reference_in_it_either(tmp_path: Path) -> None:
    headline = "Odo Finch {} daughter sold nine brass bells to a museum in Lower Wexmouth"
    corpus = corpus_with(tmp_path, f'title: "{headline.format("&amp;amp;")}"\n')
    with (corpus / "gazette" / "bells.txt").open("a", encoding="utf-8") as file:
        file.write(f"The sign at the door says: {headline.format('&')}.\n")
    assert build(corpus, tmp_path / "out").accounts.withheld == 3


def test_words_that_a_released_article_has_of_its_own_are_no_leak(tmp_path: Path) -> None:
    corpus = corpus_with(tmp_path, "title: Bells\n")
    quoting = article(77) + WITHHELD.split(". ")[0] + ".\n"
    (corpus / "ledger" / "quoting.txt").write_text(quoting, encoding="utf-8")
    result = build(corpus, tmp_path / "out")
    assert result.accounts.released == 4


@pytest.mark.parametrize("field", ["copyright_notice", "attribution"])
def test_a_short_sentence_of_the_story_in_a_field_for_notices(tmp_path: Path, field: str) -> None:
    sentence = " ".join(WITHHELD.split()[9:20])
    corpus = corpus_with(tmp_path, f'{field}: "{sentence}"\n')
    with pytest.raises(CorpusError) as caught:
        build(corpus, tmp_path / "out")
    assert {issue.code for issue in caught.value.issues} >= {"withheld-text-leaked"}


def test_a_short_notice_that_ends_the_story_as_well_is_no_leak(tmp_path: Path) -> None:
    notice = "© 2024 The Harbour Gazette, Upper Wexmouth. All rights reserved."
    corpus = corpus_with(tmp_path, f'rights_statement: "{notice}"\n')
    with (corpus / "gazette" / "bells.txt").open("a", encoding="utf-8") as file:
        file.write(f"He said so. {notice} Nobody objected to it that evening.\n")
    assert build(corpus, tmp_path / "out").accounts.withheld == 3
