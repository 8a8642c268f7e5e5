"""Texts as they are compared: what a character counts as, and that a batch is folded as its characters are."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataset_builder import spelling
from dataset_builder.spelling import fold, folded, unspaced, whole_characters


def words(*texts: str) -> list[str]:
    """Each text as it is compared, with a bar for what parts words."""
    encoded = [text.encode() for text in texts]
    offsets = np.cumsum([0, *map(len, encoded)])
    data, places = folded(np.frombuffer(b"".join(encoded), np.uint8), offsets)
    return [data[first:last].tobytes().decode().replace("\0", "|") for first, last in pairwise(places)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Quay_7", "the|quay|7"), ("Él corrió", "el|corrio"), ("E\u0301l corrio\u0301", "el|corrio"),
        ("Th\u00ade", "the"), ("a\u200bb\ufeffc\u2060d\u034fe\ufe0ff", "abcdef"), ("ＡＢ，ｃ", "ab|c"),
        ("Straße STRASSE", "strasse|strasse"), ("ﬁn ½ …", "fin|1|2||"), ("𝐛𝐨𝐥𝐝 ①", "bold|1"), ("донʼт", "дон|т"),
        ("Ё ё Й", "е|е|и"), ("كـتاب", "كتاب"), ("a🎉b€", "a|b|"), ("\ue000a", "\ue000a"), ("", ""),
        ("港A口", "|港|a|口|"), ("ท่า", "|ท||า|"), ("ｶﾞガ", "|カ||カ|"), ("\U00020000", "|\U00020000|"),
        ("한국 값", "한국|값"), (unicodedata.normalize("NFD", "한국 값 가"), "한국|값|가"),
        ("\u1100a\u1161", "\u1100a\u1161"),
        ("\u1112x", "\u1112x"), ("x\u1100", "x\u1100"), ("\u1100\u1161", "가"), ("\u1112\u1175\u11c2", "힣"),
        ("\u1113\u1161", "\u1113\u1161"), ("\u1100\u1176", "\u1100\u1176"), ("\u1100\u1161\u11a7", "가\u11a7"),
        ("\u1100\u1161\u11c3", "가\u11c3"),
    ],
)  # fmt: skip
def test_what_a_text_counts_as(text: str, expected: str) -> None:
    assert words(text) == [expected]


TEXTS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters=[*map(chr, range(0x1100, 0x1200))]), max_size=20)
)


@settings(deadline=None)
@given(TEXTS)
def test_a_batch_is_folded_as_its_characters_are(texts: list[str]) -> None:
    assert words(*texts) == ["".join(map(fold, text)).replace(" ", "|") for text in texts]


@settings(deadline=None)
@given(st.text(st.sampled_from("aZé\u0301港ß\u1100\u1161 ½ท"), max_size=60))
def test_a_decomposed_text_is_folded_alike(text: str) -> None:
    one, other = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert words(one) == words(other)


def test_no_syllable_reaches_from_one_text_into_the_next() -> None:
    assert words("\u1100", "\u1161", "\u1100\u1161", "\u11a8") == ["\u1100", "\u1161", "가", "\u11a8"]


@settings(deadline=None)
@given(TEXTS, st.integers(4, 30))
def test_large_data_are_folded_in_parts(texts: list[str], part: int) -> None:
    whole = words(*texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spelling, "_AT_ONCE", part)
        assert words(*texts) == whole


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [("abc", 3, 3), ("abcd", 3, 3), ("aéé", 3, 1), ("éé", 2, 2), ("éé", 3, 2), ("港港", 5, 3), ("é a é", 6, 5)],
)
def test_where_a_part_ends(text: str, limit: int, expected: int) -> None:
    assert whole_characters(np.frombuffer(text.encode(), np.uint8), limit) == expected


def test_scripts_without_blanks_are_those_of_excerpts() -> None:
    assert (0x4E00, 0x9FFF) in unspaced()
    assert fold("字") == " 字 "
    assert fold("가") == "가"


def test_what_is_no_utf_8_is_refused() -> None:
    with pytest.raises(UnicodeDecodeError):
        folded(np.frombuffer(b"quay\xff", np.uint8), np.array([0, 5]))
