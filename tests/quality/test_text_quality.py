"""How well cleaning finds the article in a copied page whose markup is gone.

The plain text of each page is made by inscriptis, menus and footers included. No rule is fitted to a page: other pages
will judge. Returning everything scores 0.80.
"""

from __future__ import annotations

import pytest
from floors import hold
from page_corpus import CORPUS, lost_sentences, pages, word_f1

from dataset_builder.records import apply_edits
from dataset_builder.stages.clean import clean_text

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the development pages are not at {CORPUS}"),
]

EVERYTHING = (0.79, 0.81)


@pytest.fixture(scope="module")
def measured():
    inscriptis = pytest.importorskip("inscriptis", reason="inscriptis makes the plain text of the pages")
    f1, everything, lost, held = [], [], 0, 0
    for page in pages():
        text = inscriptis.get_text(page.html.decode("utf-8", "replace"))
        cleaned = clean_text(text, language="en")
        assert apply_edits(text, cleaned.edits) == cleaned.body, page.name
        f1.append(word_f1(cleaned.body, page.body))
        everything.append(word_f1(text, page.body))
        gone, there = lost_sentences(page.body, text, cleaned.body)
        lost, held = lost + gone, held + there
    return {
        "pages": len(f1),
        "word_f1": sum(f1) / len(f1),
        "word_f1_of_everything": sum(everything) / len(everything),
        "lost_sentences": lost / held,
    }


def test_the_measure_is_the_known_one(measured):
    assert measured["pages"] == 200
    assert EVERYTHING[0] <= measured["word_f1_of_everything"] <= EVERYTHING[1]


def test_word_f1_holds_its_floor(measured):
    hold("text-body-f1", measured["word_f1"])
    hold("text-body-f1-over-everything", measured["word_f1"] - measured["word_f1_of_everything"])


def test_few_sentences_of_the_article_are_lost(measured):
    hold("text-sentences-lost", measured["lost_sentences"])


def test_a_gold_body_itself_loses_almost_nothing():
    """Cleaning text that is already clean: what goes is lost without need."""
    lost = held = 0
    for page in pages():
        gone, there = lost_sentences(page.body, page.body, clean_text(page.body, language="en", title=page.title).body)
        lost, held = lost + gone, held + there
    assert held > 20_000
    hold("text-gold-sentences-lost", lost / held)
