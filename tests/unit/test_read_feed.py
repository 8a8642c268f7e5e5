"""Feeds of every family give articles with what the entry and its channel say; broken XML is read up to its break."""

from __future__ import annotations

from pathlib import Path

import pytest

from reading import declared, read_file, records, rejected

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:d="http://purl.org/dc/elements/1.1/"
 xmlns:cc="http://backend.userland.com/creativeCommonsRssModule"><channel><title>The Ledger</title>
<language>en-gb</language><copyright>© Ledger Press</copyright>
<item><title>Ferry returns</title><link>https://ledger.example.org/ferry</link><d:creator>Ida Brandt</d:creator>
<pubDate>Mon, 21 Oct 2024 06:30:00 +0200</pubDate><cc:license>https://creativecommons.org/licenses/by/4.0/</cc:license>
<description>A boat.</description>
<content:encoded><![CDATA[<p>It <b>left</b> at six.</p>
<ul><li>Adults: four</li><li>Children: two</li></ul>]]></content:encoded>
</item>
<item><title>Pier rebuilt</title><description>The pier is open &amp;amp; dry.</description></item>
<item><title>Nothing</title></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Ledger</title><rights>© Ledger Press</rights>
<entry><title>Ferry returns</title><link href="https://ledger.example.org/ferry"/><link rel="self" href="https://x.example.org"/>
<link rel="license" href="https://creativecommons.org/licenses/by/4.0/"/>
<author><name>Ida Brandt</name><email>ida@ledger.example.org</email></author><published>2024-10-21T06:30:00Z</published>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>It left at six.</p>
<p>It came back.</p></div></content>
</entry></feed>"""


def test_rss(tmp_path: Path) -> None:
    (tmp_path / "feed.rss").write_text(RSS, encoding="utf-8")
    items = read_file(tmp_path / "feed.rss")
    first, second = records(items)
    assert first.text == "It left at six.\n\n- Adults: four\n- Children: two"
    expected = {
        "title": "Ferry returns",
        "author": "Ida Brandt",
        "date": "Mon, 21 Oct 2024 06:30:00 +0200",
        "url": "https://ledger.example.org/ferry",
        "license_url": "https://creativecommons.org/licenses/by/4.0/",
        "summary": "A boat.",
        "language": "en-gb",
        "copyright_notice": "© Ledger Press",
    }
    assert {field: declared(first, field) for field in expected} == expected
    assert second.text == "The pier is open & dry."
    assert [issue.code for issue in second.issues] == ["feed-teaser"]
    assert rejected(items) == ["feed-empty-entry"]


def test_atom(tmp_path: Path) -> None:
    (tmp_path / "feed.atom").write_text(ATOM, encoding="utf-8")
    record = records(read_file(tmp_path / "feed.atom"))[0]
    assert record.text == "It left at six.\n\nIt came back."
    assert declared(record, "author") == "Ida Brandt"
    assert declared(record, "url") == "https://ledger.example.org/ferry"
    assert declared(record, "license_url") == "https://creativecommons.org/licenses/by/4.0/"
    assert declared(record, "copyright_notice") == "© Ledger Press"


def test_a_broken_feed_is_read_up_to_its_break(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(RSS[: RSS.index("<item><title>Nothing")] + "<item><title", encoding="utf-8")
    items = read_file(tmp_path / "feed.xml")
    assert len(records(items)) == 2
    assert rejected(items) == ["feed-invalid"]


@pytest.mark.parametrize(
    "content", ["", "text", "<html><body>x</body></html>", "<a>" * 100_000, "<rss" + " a='b'" * 5_000]
)
def test_what_is_no_feed_is_a_finding(tmp_path: Path, content: str) -> None:
    (tmp_path / "feed.xml").write_text(content, encoding="utf-8")
    assert rejected(read_file(tmp_path / "feed.xml")) == ["feed-invalid"]


def test_an_entry_within_an_entry_is_a_finding(tmp_path: Path) -> None:
    items = [f"<item><title>{word}</title><description>The {word} is open.</description>" for word in ("pier", "quay")]
    feed = f"<rss><channel>{''.join(items)}</item></item></channel></rss>"
    (tmp_path / "feed.rss").write_text(feed, encoding="utf-8")
    found = read_file(tmp_path / "feed.rss")
    assert [record.text for record in records(found)] == ["The pier is open."]
    assert rejected(found) == ["broken-line"]


def test_entities_are_neither_expanded_nor_fetched(tmp_path: Path) -> None:
    bomb = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    secret = tmp_path / "secret.txt"
    secret.write_text("harbour key", encoding="utf-8")
    types = f'<!DOCTYPE rss [<!ENTITY e0 "ha">{bomb}<!ENTITY file SYSTEM "{secret.as_uri()}">]>'
    item = "<item><title>&file;</title><description>&e9; &file; It left.</description></item>"
    (tmp_path / "feed.xml").write_text(f"{types}<rss><channel>{item}</channel></rss>", encoding="utf-8")
    items = read_file(tmp_path / "feed.xml")
    texts = [record.text or "" for record in records(items)]
    assert not any("hahaha" in text or "harbour key" in text for text in texts)
    assert all(len(text) < 1_000 for text in texts)


NC = "https://creativecommons.org/licenses/by-nc-nd/4.0/"


def held(tmp_path: Path, feed: str) -> str:
    """What holds for a feed's first entry where its source grants CC-BY-4.0."""
    from dataset_builder.rights.resolve import resolve
    from dataset_builder.rights.terms import SourceTerms

    (tmp_path / "feed.rss").write_text(feed, encoding="utf-8")
    record = records(read_file(tmp_path / "feed.rss"))[0]
    claims = [claim.as_dict() for claim in record.claims]
    return resolve(claims, [SourceTerms(name="s", license="CC-BY-4.0")])[0].rights_class


def rss(item: str, channel: str = "") -> str:
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:cc="http://creativecommons.org/ns#" '
        'xmlns:old="http://web.resource.org/cc/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f"<channel><title>The Ledger</title>{channel}<item><title>Ferry</title>{item}</item></channel></rss>"
    )


CONTENT = "<content:encoded>&lt;p&gt;It left at six.&lt;/p&gt;</content:encoded>"
BY = "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize(
    "feed",
    [
        rss(f'<content:encoded><![CDATA[<p>It left.</p><p><a rel="license" href="{NC}">x</a></p>]]></content:encoded>'),
        rss(f'<description><![CDATA[<p>It left.</p><link rel="license" href="{NC}">]]></description>'),
        rss(CONTENT + f'<description><![CDATA[It left. <a rel="license" href="{NC}">x</a>]]></description>'),
        rss(CONTENT + f'<cc:license rdf:resource="{NC}"/>'),
        rss(CONTENT + f'<cc:license><cc:License rdf:about="{NC}"/></cc:license>'),
        rss(CONTENT + f'<old:license rdf:resource="{NC}"/>'),
        rss(CONTENT + f'<cc:license>{BY}</cc:license><cc:license rdf:resource="{NC}"/>'),
        rss(CONTENT + f'<cc:license>{BY}</cc:license><atom:link rel="license" href="{NC}"/>'),
        rss(CONTENT + f'<atom:link rel="license" href="{BY}"/><atom:link rel="license" href="{NC}"/>'),
        rss(CONTENT, f'<cc:license rdf:resource="{NC}"/>'),
        rss(CONTENT, f'<atom:link rel="license" href="{NC}"/>'),
    ],
)
def test_a_licence_is_read_wherever_a_feed_names_it(tmp_path: Path, feed: str) -> None:
    assert held(tmp_path, feed) == "noncommercial-no-derivatives"


def test_an_entry_s_licence_takes_the_place_of_the_channel_s(tmp_path: Path) -> None:
    feed = rss(CONTENT + f'<atom:link rel="license" href="{BY}"/>', f"<cc:license>{NC}</cc:license>")
    assert held(tmp_path, feed) == "attribution"
