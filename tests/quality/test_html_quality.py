"""The HTML reader on pages with known articles; bodies are held against bare trafilatura in the same run."""

from __future__ import annotations

import pytest
from floors import hold
from html_scores import PAGES, report, scores

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PAGES.is_dir(), reason=f"the pages of WCXB are not at {PAGES}"),
]

PAGES_EXPECTED = 200


def test_bodies_are_no_worse_than_bare_trafilatura() -> None:
    found = scores()
    assert found.pages == PAGES_EXPECTED
    assert found.f1 >= found.bare_f1, report()
    hold("html-body-f1-over-trafilatura", found.f1 - found.bare_f1)
    hold("html-body-f1", found.f1)


def test_no_more_sentences_are_lost_than_trafilatura_loses() -> None:
    found = scores()
    assert found.sentences > 20_000
    assert found.lost <= found.bare_lost, report()
    hold("html-sentences-lost-over-trafilatura", (found.lost - found.bare_lost) / found.sentences)
    hold("html-sentences-lost", found.lost / found.sentences)


@pytest.mark.parametrize("name", ["title", "author", "date"])
def test_titles_authors_and_dates_stay_right(name: str) -> None:
    hold(f"html-{name}", getattr(scores(), name))


def test_dates_are_not_invented() -> None:
    found = scores()
    assert found.undated > 0
    hold("html-date-invented", found.invented / found.undated)
