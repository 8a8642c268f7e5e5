"""Words of any script, the first of them, and how often each stands."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataset_builder.partial.excerpt import excerpt_end
from dataset_builder.partial.features import LABEL_MEMBERS, labels, unigrams
from dataset_builder.partial.words import folded, rules, words
from dataset_builder.release_options import ExcerptLimit

LONG = "The pilot counted the ropes. " * 20


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't stop: the well-known café, 3.14", ["Don't", "stop", "the", "well", "known", "café", "3", "14"]),
        ("हिन्दी में समाचार", ["हिन्दी", "में", "समाचार"]),
        ("می\u200cخواهم بروم", ["می\u200cخواهم", "بروم"]),
        ("日本語です", ["日", "本", "語", "で", "す"]),
        ("ช่องว่าง", ["ช่", "อ", "ง", "ว่", "า", "ง"]),
        ("e\u0301tat", ["e\u0301tat"]),
        ("snake_case __ ٣٤", ["snake", "case", "٣٤"]),
        ("", []),
    ],
)
def test_words_of_many_scripts(text: str, expected: list[str]) -> None:
    assert [match[0] for match in words(text)] == expected


def test_a_word_is_counted_whatever_its_case_and_composition() -> None:
    assert folded("E\u0301TAT") == folded("état") == "état"
    assert folded("STRASSE") == folded("Straße")


@given(st.text(max_size=200))
def test_any_text_is_cut_into_words_that_stand_in_it(text: str) -> None:
    found = list(words(text))
    assert all(text[match.start() : match.end()] == match[0] for match in found)
    assert all(one.end() <= other.start() for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("limit", "taken"),
    [
        (ExcerptLimit(3, 0.5), "The pilot counted"),
        (ExcerptLimit(30, 0.05), "The pilot counted the ropes"),
        (ExcerptLimit(9, 0.001), ""),
    ],
)
def test_an_excerpt_is_the_first_words_and_both_limits_hold(limit: ExcerptLimit, taken: str) -> None:
    assert LONG[: excerpt_end(LONG, limit)] == taken


@given(st.text(max_size=300), st.integers(1, 50), st.floats(0.01, 0.5))
def test_an_excerpt_never_holds_more_than_its_limits(text: str, most: int, share: float) -> None:
    end = excerpt_end(text, ExcerptLimit(most, share))
    taken = len(list(words(text[:end])))
    assert taken <= most
    assert taken <= share * len(list(words(text)))


def test_unigrams_are_sorted_and_say_nothing_of_the_order() -> None:
    found = unigrams(LONG)
    assert found == [
        {"word": "counted", "count": 20},
        {"word": "pilot", "count": 20},
        {"word": "ropes", "count": 20},
        {"word": "the", "count": 40},
    ]
    assert unigrams(" ".join(reversed(LONG.split()))) == found


def test_a_short_text_gives_no_unigrams() -> None:
    least = rules()["least_words"]
    assert unigrams("ropes " * (least - 1)) is None
    assert unigrams("ropes " * least) == [{"word": "ropes", "count": least}]


def test_labels_hold_no_words() -> None:
    mention = {"start": 0, "end": 4, "text": "Lima", "label": "GPE", "coarse_label": "LOC", "canonical": "Lima"}
    mention |= {"country": "PE"}
    (label,) = labels([mention]) or []
    assert tuple(label) == LABEL_MEMBERS
    assert "Lima" not in str(label)
    assert "PE" not in label.values()
    assert labels(None) is None
