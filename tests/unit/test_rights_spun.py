"""Tell-tales of spun wording: found with their places, weighed, and never enough alone."""

from __future__ import annotations

from pathlib import Path

from dataset_builder.resources import schema_file
from dataset_builder.rights.spun import expanded, looks_spun, tell_tales

SPUN = (
    "The fee of the State Division held a press convention within the metropolis corridor. “We have now not agreed,” "
    "she mentioned on Monday. Photograph credit score: Ana Example."
)
PLAIN = (
    "The State Department held a press conference in the city hall. “We have not agreed,” she said on Monday. The "
    "council mentioned that the corridor of the division needs paint. Photo: Ana Example."
)


def test_a_spun_text_is_told_with_its_places_and_what_was_meant() -> None:
    found = tell_tales(SPUN)
    assert [SPUN[tale.start : tale.end] for tale in found] == [tale.found for tale in found]
    assert {tale.meant for tale in found} >= {"State Department", "press conference", "photo credit", "city hall"}
    assert looks_spun(found)


def test_a_plain_text_is_not() -> None:
    assert not looks_spun(tell_tales(PLAIN))


def test_one_tell_tale_is_not_enough_however_often_it_stands() -> None:
    assert not looks_spun(tell_tales("The State Division said so. " * 20))
    assert not looks_spun(tell_tales("She mentioned that it rained. " * 20))


def test_places_hold_where_small_letters_are_longer() -> None:
    text = "İstanbul: " + SPUN
    assert [text[tale.start : tale.end] for tale in tell_tales(text)] == [tale.found for tale in tell_tales(text)]


def test_phrases_are_expanded() -> None:
    assert expanded("a (b|c (d|e)) f|g") == ["a b f", "a c d f", "a c e f", "g"]


def test_every_entry_has_two_words_at_least() -> None:
    lexicon = schema_file("rights", "spun-wording.yaml").read_text(encoding="utf-8")
    assert lexicon.count("found:") > 80
    assert all(len(tale.found.split()) >= 2 for tale in tell_tales(SPUN))


def test_the_given_document_that_was_spun_is_held_back(shared: Path) -> None:
    seeds = sorted((shared / "seeds").glob("*.txt"))
    verdicts = [looks_spun(tell_tales(path.read_text(encoding="utf-8"))) for path in seeds]
    assert verdicts == [True, False]


def test_ordinary_pages_are_left_alone(shared: Path) -> None:
    pages = sorted((shared / "data" / "wcxb-articles" / "ground-truth").glob("*.json"))[:100]
    assert len(pages) == 100
    assert [page.name for page in pages if looks_spun(tell_tales(page.read_text(encoding="utf-8")))] == []
