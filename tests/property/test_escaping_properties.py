"""Any text at all comes out as that text: no markup, no second line, no broken encoding, in any description."""

from __future__ import annotations

import json
import unicodedata
from datetime import date

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dataset_builder.describe.cite import STYLES, CitationFacts, Creator, render_citation
from dataset_builder.describe.escape import (
    code,
    escape_markdown,
    fenced,
    link,
    one_line,
    paragraphs,
    table,
    web_address,
)

MARKUP = st.text(alphabet="\\`*_[]()<>|~$#-+=:!&;@{}%^\"' \n\r\t.19ahttpsw/\x1b\u202e\u2028\ud800é漢", max_size=60)
ANYTHING = st.one_of(st.text(max_size=80), MARKUP)
#: GitHub's tables and strikethrough on CommonMark.
PARSER = MarkdownIt("gfm-like", {"linkify": False})


def plain_text(tokens: list) -> str:
    """The text that a reader sees; anything but text, line breaks and code is markup."""
    seen = []
    for token in tokens:
        for child in token.children or []:
            assert child.type in ("text", "code_inline", "softbreak"), child.type
            seen.append(child.content)
    return "".join(seen)


@settings(deadline=None)
@given(ANYTHING)
def test_one_line_is_one_line_that_any_encoding_takes(text: str) -> None:
    line = one_line(text)
    assert line.encode("utf-8").decode("utf-8") == line
    assert not [char for char in line if unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs")]
    assert one_line(line) == line


@settings(deadline=None)
@given(ANYTHING)
@example("www.example.org")
@example("a@example.org https://example.org")
@example("&lt;b&gt;")
def test_escaped_text_renders_as_itself(text: str) -> None:
    tokens = PARSER.parse(str(escape_markdown(text)))
    assert plain_text(tokens) == one_line(text)
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}


@settings(deadline=None)
@given(ANYTHING)
def test_code_renders_as_code(text: str) -> None:
    made = code(text)
    assert (made == "") == (one_line(text) == "")
    tokens = PARSER.parse("x " + made)
    spans = [child for token in tokens for child in token.children or [] if child.type == "code_inline"]
    assert [span.content for span in spans] == ([one_line(text)] if made else [])


@settings(deadline=None)
@given(st.lists(st.tuples(ANYTHING, ANYTHING), min_size=1, max_size=4))
def test_a_table_has_as_many_cells_as_it_was_given(rows: list[tuple[str, str]]) -> None:
    made = table(("A", "B", "C"), [(left, code(right), link("https://x.example.org", right)) for left, right in rows])
    tokens = PARSER.parse(made)
    assert sum(token.type == "td_open" for token in tokens) == 3 * len(rows)
    assert not [token for token in tokens if token.type.startswith(("html", "heading", "fence"))]


@settings(deadline=None)
@given(ANYTHING)
def test_a_fence_holds_everything(text: str) -> None:
    tokens = PARSER.parse(fenced("x\n" + "\n".join(paragraphs(text)), "text"))
    assert [token.type for token in tokens] == ["fence"]


@settings(deadline=None)
@given(ANYTHING)
def test_a_web_address_is_ascii_and_closed(text: str) -> None:
    address = web_address("https://x.example.org/" + text)
    assert address.isascii()
    assert not set(address) & set(" <>()[]\"'\\`\n|^{}") - {"'"}
    assert web_address(address) == address


@settings(deadline=None)
@given(ANYTHING, ANYTHING, ANYTHING)
@example("title", "}{", "a and b")
@example("\\", "%", "{")
def test_every_citation_of_any_text_is_read_as_one(title: str, family: str, name: str) -> None:
    from pybtex.database import parse_string

    creators = (Creator(one_line(name) or "n", one_line(family), one_line(name)), Creator(one_line(title) or "t"))
    facts = CitationFacts("n", one_line(title) or "t", "1.0.0", date(2024, 11, 5), "sha256:00", creators=creators)
    cited = {style: render_citation(facts, style) for style in STYLES}
    library = parse_string(cited["bibtex"], "bibtex")
    assert [len(entry.persons["author"]) for entry in library.entries.values()] == [2]
    assert yaml.safe_load(cited["cff"])["title"] == facts.title
    assert json.loads(cited["csl-json"])[0]["title"] == facts.title
    assert json.loads(cited["datacite"])["titles"] == [{"title": facts.title}]
    assert [line[:6] for line in cited["ris"].splitlines()].count("TY  - ") == 1
    assert cited["apa"].count("\n") == 1
