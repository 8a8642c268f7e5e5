"""Text from outside stays text, in Markdown, in tables, in links and on one line."""

from __future__ import annotations

import json

import pytest

from dataset_builder.describe.escape import (
    LINE_LIMIT,
    Markdown,
    code,
    escape_markdown,
    fenced,
    link,
    one_line,
    paragraphs,
    script_safe_json,
    table,
    web_address,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("  a\tb\r\nc\u2028d ", "a b c d"),
        ("\x1b[2Jgone\x07\x9b", "[2Jgone"),
        ("left\u202eright\u2066", "leftright"),
        ("half \ud800 pair", "half pair"),
        ("नमस्ते 👩\u200d🔬", "नमस्ते 👩\u200d🔬"),
    ],
)
def test_one_line_keeps_letters_and_drops_what_moves_a_cursor(text: str, expected: str) -> None:
    assert one_line(text) == expected


def test_one_line_is_bounded_for_any_length() -> None:
    assert len(one_line("word " * 1_000_000)) <= LINE_LIMIT
    assert one_line("\0" * 10_000_000) == "…"


def test_paragraphs_split_at_blank_lines_only() -> None:
    assert paragraphs("one\ntwo\n \n\n# three\r\n\r\n\0") == ["one two", "# three"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*b* _i_ `c` ~s~ $x$", r"\*b\* \_i\_ \`c\` \~s\~ \$x\$"),
        ("[t](javascript:x) ![i](y)", r"\[t\](javascript:x) !\[i\](y)"),
        ("<script>&amp;", "&lt;script&gt;&amp;amp;"),
        ("a|b\\|c", r"a\|b\\\|c"),
        ("# heading", r"\# heading"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
        ("25.0 %", "25.0 %"),
        ("see https://x.example.org and WWW.y.example", r"see https\://x.example.org and WWW\.y.example"),
        ("two\n\n# lines", "two # lines"),
    ],
)
def test_markdown_is_escaped_where_it_would_mean_something(text: str, expected: str) -> None:
    assert escape_markdown(text) == expected


def test_markdown_is_not_escaped_twice() -> None:
    once = escape_markdown("a*b")
    assert escape_markdown(once) is once
    assert isinstance(code("x"), Markdown)


@pytest.mark.parametrize(("text", "expected"), [("x", "`x`"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("", "")])
def test_code_spans_cannot_be_closed_from_inside(text: str, expected: str) -> None:
    assert code(text) == expected


def test_a_fence_is_longer_than_any_inside() -> None:
    assert fenced("a\n````\nb", "text").splitlines()[0] == "`````text"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example.org",
        "ftp://x",
        "http://",
        "https://[",
        "plain",
        "",
    ],
)
def test_only_web_addresses_become_links(address: str) -> None:
    assert web_address(address) == ""
    assert "](" not in link(address, "text")


def test_json_cannot_close_the_script_that_carries_it() -> None:
    value = {"name": "</script><!--", "line": "\u2028", "n": [1, None]}
    text = script_safe_json(value)
    assert json.loads(text) == value
    assert "<" not in text
    assert "\u2028" not in text


def test_a_link_cannot_be_broken_out_of() -> None:
    made = link("https://x.example.org/a>)(b <script> \n[c]", "te]xt")
    assert made == r"[te\]xt](<https://x.example.org/a%3E%29%28b%20%3Cscript%3E%20%5Bc%5D>)"


def test_tables_keep_their_columns_whatever_the_cells_hold() -> None:
    text = table(("A", "N"), [("a|b\nc", 1000), (code("x|y"), 2)])
    assert text == "| A | N |\n| --- | ---: |\n| a\\|b c | 1,000 |\n| `x\\|y` | 2 |"
