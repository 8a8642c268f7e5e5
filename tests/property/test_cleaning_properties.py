"""What holds of cleaning for every text: it replays, it rests, it ends in time, and it adds no word."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataset_builder.records import Edit, apply_edits
from dataset_builder.stages.clean import clean_text
from dataset_builder.stages.clean.draft import Draft
from dataset_builder.stages.clean.rules import all_rules

#: Pieces that rules look for, mixed with anything at all.
FURNITURE = sorted({line for rule in all_rules() for example in rule.examples for line in example.text.split("\n")})
PIECES = st.one_of(
    st.sampled_from(FURNITURE),
    st.sampled_from(
        [
            "[ad_1]",
            "A Headline of Some Words",
            "1. November 2024",
            "\u200b",
            "\u202e",
            "Â£5 â€œyesâ€\x9d",
            ") . ).",
            ". ,",
            "\r",
        ]
    ),
    st.text(max_size=40),
    st.lists(st.sampled_from(["the", "ferry", "is", "late", "again", "he", "said", "."]), max_size=30).map(" ".join),
)
TEXTS = st.lists(st.tuples(PIECES, st.sampled_from(["\n", "\n\n", " ", "\r\n", "", "\u2029"])), max_size=25).map(
    lambda pairs: "".join(piece + end for piece, end in pairs)
)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_cleaning_replays_rests_and_keeps_its_form(text):
    cleaned = clean_text(text)
    assert apply_edits(text, cleaned.edits) == cleaned.body
    assert all(one.end <= other.start for one, other in zip(cleaned.edits, cleaned.edits[1:], strict=False))
    assert clean_text(cleaned.body).body == cleaned.body
    assert "\n\n\n" not in cleaned.body
    assert cleaned.body == cleaned.body.strip()


@settings(max_examples=80, deadline=None)
@given(TEXTS, st.sampled_from([None, "en", "es", "fr", "zz"]), st.text(max_size=20))
def test_language_and_title_change_nothing_about_that(text, language, title):
    cleaned = clean_text(text, language=language, title=title)
    assert apply_edits(text, cleaned.edits) == cleaned.body
    assert clean_text(cleaned.body, language=language, title=title).body == cleaned.body


@st.composite
def two_lists_of_edits(draw):
    text = draw(st.text(alphabet="abc", max_size=30))
    first = draw(edits_of(text))
    second = draw(edits_of(apply_edits(text, first)))
    return text, first, second


def edits_of(text):
    """Sorted edits of ``text`` that do not overlap."""
    cuts = st.lists(st.integers(0, len(text)), max_size=8).map(sorted)
    return cuts.flatmap(
        lambda places: st.tuples(
            *(
                st.builds(Edit, st.just(start), st.just(end), st.text(alphabet="xyz", max_size=4), st.just("rule"))
                for start, end in zip(places[::2], places[1::2], strict=False)
            )
        )
    )


@settings(max_examples=500)
@given(two_lists_of_edits())
def test_two_passes_of_edits_end_as_one_list(case):
    text, first, second = case
    draft = Draft.of(text).edited(first).edited(second)
    assert draft.text == apply_edits(apply_edits(text, first), second)
    assert apply_edits(text, draft.edits()) == draft.text


HOSTILE = {
    "one word": "a" * 64,
    "spaces": " " * 64,
    "commas": ", " * 32,
    "brackets": "(" * 64,
    "shortcodes": "[a b=c " * 9,
    "capitals": "ABC DEF ",
    "dates": "1 Nov 2024 ",
    "digits": "1" * 64,
    "credits": "Photo credit: ",
    "names": "By Jane Example ",
    "datelines": "LONDON (AP) - ",
    "mojibake": "â€œÃ©" * 16,
    "marks": "\u200d\u202e\ud800" * 20,
    "stops": ". , ) ).",
    "braces": "{{" * 32,
}


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["", "\n", ".\n"], ids=["line", "lines", "sentences"])
@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_time_is_linear_in_the_text(unit, ending):
    block = unit + ending
    small, large = (timed(block * (size // len(block))) for size in (15_000, 120_000))
    assert large < 24 * small + 0.5, f"{small:.3f} s for an eighth, {large:.3f} s for the whole"


def timed(text: str) -> float:
    """Seconds that cleaning takes."""
    start = time.perf_counter()
    clean_text(text)
    return time.perf_counter() - start
