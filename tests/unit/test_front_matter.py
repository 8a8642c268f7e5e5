"""The front matter goes, the payload stays, byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataset_builder.read.front_matter import split_front_matter


def test_the_payload_is_what_follows() -> None:
    front = split_front_matter(b"---\ntitle: Harbour\nlicense: CC0-1.0\n---\n\nThe ferry left.\r\n", "a.txt")
    assert front.values == {"title": "Harbour", "license": "CC0-1.0"}
    assert front.lines == {"title": 2, "license": 3}
    assert front.payload == b"\nThe ferry left.\r\n"


@given(st.binary(max_size=200).filter(lambda content: not content.removeprefix(b"\xef\xbb\xbf").startswith(b"---")))
def test_a_file_without_front_matter_is_its_own_payload(content: bytes) -> None:
    assert split_front_matter(content, "a.txt").payload == content


@given(st.binary(max_size=100))
def test_adding_front_matter_does_not_change_the_payload(content: bytes) -> None:
    front = split_front_matter(b"---\nlicense: CC0-1.0\n---\n" + content, "a.txt")
    assert front.issue is None
    assert front.payload == content


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"---\ntitle: Harbour\n", 1),
        (b"---\ntitle: a: b\n---\ntext", 2),
        (b"---\njust words\n---\ntext", 2),
        (b"---\ntitle: \xff\n---\ntext", 2),
        (b"---\n" + b"x: y\n" * 20_000 + b"---\ntext", 1),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_line(content: bytes, line: int) -> None:
    issue = split_front_matter(content, "a.txt").issue
    assert issue is not None
    assert (issue.code, issue.line) == ("front-matter-invalid", line)
