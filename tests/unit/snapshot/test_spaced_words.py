"""Words are counted as ``str.split`` counts them, at numpy's speed."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from dataset_builder.snapshot.spaced_words import count_words

#: White space of ASCII and beyond it, and what is none.
LETTERS = st.sampled_from([*"ab.\n\t \x0b\x0c\r\x1c\x1d\x1e\x1f\x00", "\x85", "\xa0", "\u2003", "\u200b", "é", "日"])


@given(st.lists(st.none() | st.text(LETTERS, max_size=30), max_size=9))
def test_as_str_split_counts(texts):
    assert count_words(pa.array(texts, pa.string())) == sum(len(text.split()) for text in texts if text)


def test_many_texts_and_a_slice_of_them():
    texts = pa.array(["two words", None, " three  more\nwords ", "éine Möwe"] * 300)
    assert count_words(texts) == 300 * 7
    assert count_words(texts.slice(2, 3)) == 3 + 2 + 2
