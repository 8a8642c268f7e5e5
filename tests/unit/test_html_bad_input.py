"""Pages that lie, never end or hold what they should not: one clear finding, whole text where it can be, no crash."""

from __future__ import annotations

import json
import random

import pytest
from test_html_page import BODY, PARAGRAPHS, codes, extract_html, first, linked, page

from dataset_builder.issues import Severity
from dataset_builder.read.html.charset import decode_page

ACCENTS = (
    "<p>" + "Die Fähre fährt über die schöne Förde nach Süden, sagte Jürgen Möller am Kai von Größenhude. " * 4 + "</p>"
)


@pytest.mark.parametrize(
    ("actual", "declared", "meta"),
    [
        ("utf-8", "iso-8859-1", "utf-8"),
        ("cp1252", "utf-8", "utf-8"),
        ("utf-8", None, "windows-1251"),
        ("utf-8", None, "no-such-charset"),
    ],
)
def test_a_charset_that_lies_costs_no_letter(actual: str, declared: str | None, meta: str) -> None:
    text = f"<html><head><meta charset={meta}></head><body><article><h1>Fähre</h1>{ACCENTS}</article></body></html>"
    found = extract_html(text.encode(actual), declared_charset=declared)
    assert "schöne Förde" in found.text
    assert found.charset == actual
    if meta != "no-such-charset":
        assert codes(found) == ["charset-mismatch"]


def test_cyrillic_behind_the_web_s_default_charset_is_read() -> None:
    words = "Паром между портом и островами снова выйдет в море в понедельник, сообщила портовая служба города. " * 5
    text = f"<html><head></head><body><article><h1>Паром</h1><p>{words}</p></article></body></html>"
    found = extract_html(text.encode("cp1251"), declared_charset="iso-8859-1")
    assert "портовая служба" in found.text
    assert "charset-mismatch" in codes(found)


@pytest.mark.parametrize(
    ("encoding", "language", "words"),
    [
        ("cp1252", "es", "Café señor"),
        ("cp1252", "en", "The menu of the café was read out by the señor at noon, and nobody laughed at all."),
        ("cp1250", "cs", "Přívoz má opět zpoždění, řekl v pondělí správce přístavu, a nikdo se nedivil."),
        ("cp1251", "ru", "Паром снова опаздывает, сказал вчера начальник порта."),
        ("cp932", "ja", "フェリーはまた遅れていると港の責任者が月曜日に述べた。"),
    ],
)
def test_a_page_that_is_not_the_utf_8_it_declares(encoding: str, language: str, words: str) -> None:
    """Few accents are read by the web's default, what is surely of another family in that."""
    html = f"<html lang={language}><meta charset=utf-8><article><p>{words}</p></article>"
    decoded = decode_page(html.encode(encoding), None)
    assert words in decoded.text
    assert decoded.charset == encoding
    assert [issue.code for issue in decoded.issues] == ["charset-mismatch"]


def test_an_encoding_that_the_web_refuses_is_said() -> None:
    decoded = decode_page(b"<meta charset=utf-7><article><p>+ADw-script+AD4-</p></article>", None)
    assert "+ADw-script" in decoded.text
    assert [issue.found for issue in decoded.issues] == ["declared utf-7, read as utf-8"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_wide_encodings_and_byte_order_marks(encoding: str) -> None:
    text = f"<html><head></head><body><article><h1>Fähre</h1>{ACCENTS}</article></body></html>"
    assert "schöne Förde" in extract_html(text.encode(encoding)).text


def test_a_page_that_was_encoded_twice_is_decoded_twice() -> None:
    text = page(BODY).decode().encode("utf-8").decode("latin-1").encode("utf-8")
    found = extract_html(text)
    assert PARAGRAPHS[2] in found.text
    assert "encoded-twice" in codes(found)


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "span", "table><tr><td", "ul><li"])
@pytest.mark.parametrize("depth", [300, 5_000])
def test_endless_nesting_loses_no_word(tag: str, depth: int) -> None:
    found = extract_html(page(f"<{tag}>" * depth + BODY))
    for paragraph in PARAGRAPHS:
        assert paragraph in found.text
    assert "deep-nesting" in codes(found)


def test_deep_but_honest_nesting_is_left_alone() -> None:
    found = extract_html(page("<div>" * 60 + BODY + "</div>" * 60))
    assert codes(found) == []


@pytest.mark.parametrize("attribute", ["a{}=1", "a{}", "a{}='>'", 'a{}="<p"'])
@pytest.mark.parametrize("before", ["", "<script>a<b '</script>", "<!-- ' -->"])
def test_tags_of_fifty_thousand_attributes(attribute: str, before: str) -> None:
    tag = "<p " + " ".join(attribute.format(n) for n in range(50_000)) + ">"
    found = extract_html(page(before + tag + "x</p>" + BODY))
    assert PARAGRAPHS[0] in found.text
    assert "too-many-attributes" in codes(found)


def test_a_page_of_too_many_elements_is_read_up_to_the_limit() -> None:
    found = extract_html(page(BODY + "<i></i>" * 80_000))
    assert PARAGRAPHS[0] in found.text
    assert "page-too-large" in codes(found)


def test_a_page_of_fifty_megabytes_is_bounded() -> None:
    found = extract_html(page(BODY + "<p title='" + "x" * 50_000_000 + "'>end</p>"))
    assert PARAGRAPHS[0] in found.text
    assert "page-too-large" in codes(found)


def test_two_articles_are_no_article() -> None:
    other = "".join(f"<p>{paragraph}</p>" for paragraph in reversed(PARAGRAPHS))
    articles = f"<article><h2>Ferry returns</h2>{BODY}</article><article><h2>Pier rebuilt</h2>{other}</article>"
    found = extract_html(f"<html><body>{articles}</body></html>".encode())
    assert codes(found) == ["several-articles"]
    assert found.findings[0].severity is Severity.ERROR


def test_sections_and_teasers_are_no_articles_of_their_own() -> None:
    sections = f"<article><h3>Engine</h3>{BODY}</article><article><h3>Crew</h3>{BODY}</article>"
    found = extract_html(f"<html><body><main><h1>Ferry returns</h1>{sections}</main></body></html>".encode())
    assert "several-articles" not in codes(found)
    teasers = "<article><h3><a href=/a>Pier rebuilt</a></h3><p>Short.</p></article>" * 5
    assert "several-articles" not in codes(extract_html(page(BODY).replace(b"</body>", teasers.encode() + b"</body>")))


def test_linked_data_of_two_articles_is_found() -> None:
    nodes = [
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": name,
            "url": f"https://ledger.example.org/{name}",
        }
        for name in ("ferry", "pier")
    ]
    assert "several-articles" in codes(
        extract_html(page(head=f'<script type="application/ld+json">{json.dumps(nodes)}</script>'))
    )


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b" \n",
        b"\x00" * 500,
        b"not a page",
        b"<html></html>",
        b"<html><body><nav><a href=/>Home</a></nav><div id=app></div>",
        b"<html><body><h1>Only a heading</h1></body></html>",
        b"<html><body><ul>" + b"<li><a href=/x>Another section</a>" * 30,
        b"<html><body><noscript>Please enable JavaScript to read this page.</noscript></body></html>",
    ],
)
def test_no_body_is_an_error(payload: bytes) -> None:
    found = extract_html(payload)
    assert codes(found)[-1] == "no-body"
    assert (found.text, found.extraction_sha256) == ("", None)
    assert found.findings[-1].severity is Severity.ERROR


@pytest.mark.parametrize(
    "script",
    [
        '{"headline": }',
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"datePublished": ' + "9" * 10_000 + "}",
        '{"headline": "' + "x" * 3_000_000 + '"}',
    ],
)
def test_linked_data_that_cannot_be_read_leaves_a_finding(script: str) -> None:
    found = extract_html(page(head=f'<script type="application/ld+json">{script}</script>'))
    assert "json-ld-invalid" in codes(found)
    assert PARAGRAPHS[0] in found.text
    assert not [issue for issue in found.findings if "sys." in issue.found], "no word of Python's own"


def test_scripts_in_linked_data_reach_no_claim() -> None:
    node = linked(
        headline="<script>alert(1)</script>Ferry &lt;b&gt;returns", author="<img src=x onerror=alert(1)>Ida Brandt"
    )
    closing = "</script>"
    head = node.removesuffix(closing).replace("</", "<\\/") + closing
    found = extract_html(page(head=head, title=""))
    assert first(found, "title") == "Ferry returns"
    assert first(found, "author") == "Ida Brandt"
    assert "markup-in-metadata" in codes(found)
    assert not any("alert" in claim.value for claim in found.claims)


def test_entities_are_not_expanded() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    found = extract_html(bomb.encode() + page(BODY + "<p>&b;</p>")[15:])
    assert "entity-declarations" in codes(found)
    assert "hahaha" not in found.text


@pytest.mark.parametrize(
    "scrap",
    [b"<p a='", b"<!--", b"<script>", b"<style>", b"<![CDATA[", b"<table", b"&#x110000;", b"&#xD800;", b"<p/" * 1000],
)
def test_markup_that_never_ends_loses_nothing_before_it(scrap: bytes) -> None:
    found = extract_html(page(BODY).replace(b"</article></body></html>", scrap))
    assert PARAGRAPHS[0] in found.text
    found.text.encode()


@pytest.mark.parametrize(
    "payload", [b"%PDF-1.7\n<html><p>It left.", b"\x89PNG\r\n\x1a\n" + b"\x00" * 90, random.Random(1).randbytes(4_000)]
)
def test_what_is_no_text_is_refused_whatever_it_is_called(payload: bytes) -> None:
    found = extract_html(payload, declared_charset="utf-8")
    assert (codes(found), found.text) == (["binary-file"], "")
