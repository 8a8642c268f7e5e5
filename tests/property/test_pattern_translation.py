"""What is translated for RE2 matches what Python's ``re`` matches, and nothing runs away."""

from __future__ import annotations

import re
import warnings

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dataset_builder.validate.bounded_re import BoundedRe, CostlyPatternError, PatternBounds
from dataset_builder.validate.matcher import PatternMatcher
from dataset_builder.validate.patterns import translate

ATOMS = ["a", "b", "-", ".", r"\.", r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", "[ab]", "[^a]", r"[\d-]", r"[^\s]",
         "[a-é]", "[^\\W_]", "é", "\\n", "^", "$", r"\b", r"\A", r"\Z", "[\u0100-\uffff]", "(?:)"]  # fmt: skip
PATTERNS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("|".join),
        inner.map(lambda body: f"({body})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0,1}", "{2,}", "*?", "+?"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=6,
)
TEXTS = st.lists(st.text(st.sampled_from("ab-.é1\n _٣²\u2028\x1c\u0130Z"), max_size=6), min_size=1, max_size=12)


@settings(max_examples=1500, deadline=None)
@given(PATTERNS, TEXTS)
def test_re2_decides_as_python_does(pattern, texts):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compiled = re.compile(f"^{pattern}$")
        except re.error:
            assume(False)
        translation = translate(pattern)
    assume(translation is not None)
    expected = [bool(compiled.match(text)) for text in texts]
    assert PatternMatcher(pattern).match_column(pa.array(texts)).tolist() == expected


@pytest.mark.parametrize("pattern", ["(?=a)b", r"(a)\1", "(?i:a)", "(?>a)", "a++", r"\Ba", "(a*)*", "a$b", "a{1001}"])
def test_what_re2_reads_otherwise_is_left_to_python(pattern):
    assert translate(pattern) is None


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+", "(.*a){20}", r"(\w+\s?)+"])
def test_catastrophic_patterns_that_re2_can_decide(pattern):
    cells = ["a" * 100_000 + "!", "a"]
    assert PatternMatcher(pattern).match_column(pa.array(cells)).tolist() == [False, pattern != "(.*a){20}"]


def test_catastrophic_pattern_that_only_python_knows_is_ended():
    with pytest.raises(CostlyPatternError, match=r"takes more than 0\.2 s on a cell of 41 characters"):
        BoundedRe("^(?=a)(a|aa)+$", PatternBounds(cell_seconds=0.2)).matches(["aa", "a" * 40 + "!"])


def test_bounded_re_answers_after_it_was_ended():
    bounded = BoundedRe("^(?=a)(a|aa)+$", PatternBounds(cell_seconds=0.2))
    with pytest.raises(CostlyPatternError):
        bounded.matches(["a" * 60 + "!"])
    with bounded:
        assert bounded.matches(["a", "b", "\ud800", "a\n"]) == [True, False, False, True]
