"""Columns compared as wholes give the same verdicts as Python's ``==`` gives cell by cell."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataset_builder.comparison.cells import differing, shown

ITEM = pa.struct([pa.field("a", pa.string()), pa.field("b", pa.list_(pa.int64()))])
SMALL = st.none() | st.sampled_from(["", "x", "y"])
NUMBERS = st.none() | st.lists(st.none() | st.integers(0, 1), max_size=2)
OBJECT = st.none() | st.fixed_dictionaries({"a": SMALL, "b": NUMBERS})
KINDS = {
    "text": (pa.string(), SMALL),
    "list": (pa.list_(pa.int64()), NUMBERS),
    "object": (ITEM, OBJECT),
    "objects": (pa.list_(ITEM), st.none() | st.lists(OBJECT, max_size=2)),
}


@pytest.mark.parametrize("kind", KINDS)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_verdicts_are_those_of_equality(kind: str, data: st.DataObject) -> None:
    type_, values = KINDS[kind]
    pairs: list[tuple[Any, Any]] = data.draw(st.lists(st.tuples(values, values), max_size=5))
    start = data.draw(st.integers(0, len(pairs)))
    old, new = (pa.array([pair[side] for pair in pairs], type_).slice(start) for side in (0, 1))
    assert differing(old, new).tolist() == [before != after for before, after in pairs[start:]]


def test_two_nan_are_equal() -> None:
    old, new = pa.array([float("nan"), 1.0, None]), pa.array([float("nan"), float("nan"), 1.0])
    assert differing(old, new).tolist() == [False, True, True]


def test_values_are_shown_on_one_line() -> None:
    assert shown("a\x1b[31m\nb") == "a\\u{1b}[31m b"
    assert shown([{"text": "x"}]) == "1 item"
    assert shown(["near-copy", "short"]) == "near-copy, short"
    assert shown(None) == "nothing"
