"""What stands for a long text is made of its parts, and must be the same as if it were made of the whole."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataset_builder.copies import signature
from dataset_builder.copies.shingles import shingle, word_parts
from dataset_builder.copies.signature import Signatures, signatures
from dataset_builder.stages.clean import lines

#: Letters, capitals, digits; blanks and marks of one to three bytes; characters that are words alone.
TEXTS = st.text(st.sampled_from(list("aéZ7 \n.\u00a0\u2014\u3002字のไ😀")), max_size=400) | st.text(
    "ab ", min_size=100, max_size=400
)


def _alike(one: Signatures, other: Signatures) -> bool:
    names = ("bands", "bitmaps", "anchors", "anchor_counts", "empty")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


@given(TEXTS, st.integers(40, 130))
def test_a_text_in_parts_has_the_signature_of_the_whole(text: str, part: int) -> None:
    whole = signatures(pa.array([text]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signature, "LONG_BYTES", part)
        assert _alike(signatures(pa.array([text])), whole)


@given(TEXTS, st.integers(40, 130))
def test_parts_are_no_longer_than_they_may_be(text: str, part: int) -> None:
    data = np.frombuffer(text.encode(), np.uint8)
    words = [len(found) for found in word_parts(data, part)]
    assert max(words, default=0) <= part
    assert sum(words) >= len(shingle(pa.array([text])).hashes)


@given(st.text(st.sampled_from(list("aé \n\u3000字\x1f")), max_size=200), st.integers(1, 60))
def test_words_are_counted_in_parts(text: str, part: int) -> None:
    whole = lines.count_words(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "COUNTED", part)
        assert lines.count_words(text) == whole
