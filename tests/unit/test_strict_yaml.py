"""YAML as people write it, with line numbers and without machinery."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataset_builder.strict_yaml import YamlError, parse_yaml


def test_values_keep_the_text_that_was_written() -> None:
    document = parse_yaml("country: NO\ndate: 2024-11-01\nversion: '1.0'\nyes: 1\nratio: 0.5\nnone:\n")
    assert document.value == {
        "country": "NO", "date": "2024-11-01", "version": "1.0", "yes": 1, "ratio": 0.5, "none": None,
    }  # fmt: skip


def test_every_value_knows_its_line() -> None:
    document = parse_yaml("a: 1\nb:\n  - c: 2\n  - d: 3\n")
    assert document.line(("b", 1, "d")) == 4
    assert document.line(("b", 1, "not there")) == 4
    assert document.line(("nowhere",)) == 1


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: &x 1\nb: 2", 1, "anchor"),
        ("a: 1\nb: *x", 2, "alias"),
        ("a: !!python/object:os.system x", 1, "tag"),
        ("a: 1\na: 2", 2, "second time"),
        ("? [1, 2]\n: x", 1, "key"),
        ("a: [1, 2", 2, "expected"),
        ("a: 1\n---\nb: 2", 2, "another document"),
        ("[" * 200, 1, "nesting"),
        ("a: \x07", 1, "U+0007"),
    ],
)
def test_what_is_refused_has_a_line_and_a_reason(text: str, line: int, words: str) -> None:
    with pytest.raises(YamlError) as caught:
        parse_yaml(text)
    assert words in caught.value.found
    assert caught.value.line == line


def test_aliases_that_would_explode_are_refused_at_once() -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(YamlError, match="anchor"):
        parse_yaml("\n".join(levels))


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    refused = None
    try:
        parse_yaml(text)
    except YamlError as error:
        refused = error
    assert refused is None or (1 <= refused.line <= text.count("\n") + 2 and refused.found)
