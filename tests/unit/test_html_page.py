"""One page to one article: body, facts with their origin, rights with their scope, findings for what is wrong."""

from __future__ import annotations

import hashlib
import json

import pytest

from dataset_builder.read.html.page import HtmlPage, extract_html
from dataset_builder.records import Origin

PARAGRAPHS = [
    "The ferry between Port Amsel and the outer islands will sail again from Monday, the harbour office said.",
    "Its engine had failed in the storm of early October, and two hundred islanders had waited for a spare part since.",
    "“We sail at six, as we always did,” said Ida Brandt, who has steered the boat for nineteen years.",
    "The council will pay for a second crew until the spring, so that the late crossing can be kept all winter.",
]
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def page(body: str = BODY, *, head: str = "", title: str = "Ferry returns") -> bytes:
    heading = f"<h1>{title}</h1>" if title else ""
    article = f"<article>{heading}{body}</article>"
    return (
        f"<!doctype html><html lang=en-GB><head><meta charset=utf-8>{head}</head><body>{article}</body></html>".encode()
    )


def linked(**members: object) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", **members}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def first(found: HtmlPage, field: str) -> str | None:
    return next((claim.value for claim in found.claims if claim.field == field), None)


def codes(found: HtmlPage) -> list[str]:
    return [issue.code for issue in found.findings]


def test_body_is_the_paragraphs_separated_by_a_blank_line() -> None:
    found = extract_html(page())
    for paragraph in PARAGRAPHS:
        assert paragraph in found.text.split("\n\n")
    assert found.extraction_sha256 == hashlib.sha256(found.text.encode()).hexdigest()
    assert found.extraction.startswith("trafilatura ")
    assert codes(found) == []


def test_items_of_a_list_stay_together() -> None:
    found = extract_html(
        page(BODY + "<ul><li>Six in the morning</li><li>Nine in the evening</li></ul><p>Tickets cost four.</p>")
    )
    assert "- Six in the morning\n- Nine in the evening" in found.text


def test_facts_come_with_origin_rule_and_confidence() -> None:
    head = linked(
        headline="Ferry returns",
        author=[{"@type": "Person", "name": "Mara Lindqvist"}, {"@type": "Person", "name": "Tom Reyes"}],
        datePublished="2024-10-21T06:30:00+02:00",
        inLanguage="en",
        url="https://ledger.example.org/ferry",
    )
    found = extract_html(page(head=head + '<meta property="og:title" content="Ferry returns | The Ledger">'))
    assert first(found, "title") == "Ferry returns"
    assert first(found, "author") == "Mara Lindqvist; Tom Reyes"
    assert first(found, "date") == "2024-10-21T06:30:00+02:00"
    assert first(found, "url") == "https://ledger.example.org/ferry"
    date = next(claim for claim in found.claims if claim.field == "date")
    assert (date.origin, date.rule) == (Origin.EMBEDDED, "json-ld:datePublished")
    assert all(0 < claim.confidence <= 1 for claim in found.claims)


def test_a_page_without_a_date_gets_none() -> None:
    footer = (
        "<footer>© 2019–2024 Ledger Press</footer><p>In 2003 the old pier burnt down; on 4 May 2004 it was rebuilt.</p>"
    )
    found = extract_html(page(BODY + footer))
    assert first(found, "date") is None


def test_a_date_of_change_is_no_date_of_publication() -> None:
    found = extract_html(page('<p class="date">Last updated on 3 March 2024</p>' + BODY))
    assert first(found, "date") is None


@pytest.mark.parametrize(
    ("markup", "rule"),
    [
        ('<time datetime="2024-10-21">21 October</time>', "time:datetime"),
        ('<p class="byline-date">October 21, 2024</p>', "htmldate:element"),
        ("<div>21 October 2024</div>", "htmldate:beside-heading"),
    ],
)
def test_dates_in_elements_for_dates(markup: str, rule: str) -> None:
    found = extract_html(page(markup + BODY))
    claims = [claim for claim in found.claims if claim.field == "date"]
    assert (claims[0].value, claims[0].rule) == ("2024-10-21", rule)


def test_json_ld_article_body_is_never_the_body() -> None:
    found = extract_html(page(head=linked(headline="Ferry returns", articleBody="Something else altogether. " * 40)))
    assert "Something else" not in found.text
    assert PARAGRAPHS[0] in found.text


def test_references_between_nodes_are_followed() -> None:
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Article", "headline": "Ferry returns", "author": {"@id": "https://ledger.example.org/#ida"}},
            {"@type": "Person", "@id": "https://ledger.example.org/#ida", "name": "Ida Brandt"},
        ],
    }
    found = extract_html(page(head=f'<script type="application/ld+json">{json.dumps(graph)}</script>'))
    assert first(found, "author") == "Ida Brandt"


def test_a_heading_that_nothing_confirms_yields_to_the_page_s_own_title() -> None:
    head = '<meta property="og:title" content="Ferry returns in spring | The Ledger">'
    head += '<meta property="og:site_name" content="The Ledger">'
    found = extract_html(page(head=head, title="Our blog"))
    assert first(found, "title") == "Ferry returns in spring"


@pytest.mark.parametrize(
    ("markup", "scope"),
    [
        (
            '<figure><img src=a.jpg><figcaption>Photo: <a rel="license" href="{}">CC BY</a></figcaption></figure>',
            "image",
        ),
        ('<div class="photo-credit"><a rel="license" href="{}">CC BY</a></div>', "image"),
        ('<p><img src=a.jpg> Ida Brandt, <a rel="license" href="{}">CC BY</a></p>', "image"),
        ('<p>Photo by Ida Brandt, <a rel="license" href="{}">CC BY</a></p>', "image"),
        ('<p>This article is under <a rel="license" href="{}">CC BY</a></p>', "text"),
    ],
)
def test_a_licence_covers_what_it_stands_beside(markup: str, scope: str) -> None:
    address = "https://creativecommons.org/licenses/by/4.0/"
    found = extract_html(page(BODY + markup.format(address)))
    assert first(found, "license_url") == address
    assert first(found, "license_scope") == scope
    assert codes(found) == []


def test_a_licence_of_the_page_is_not_narrowed_by_a_picture_s() -> None:
    picture = '<figure><figcaption><a rel="license" href="https://creativecommons.org/licenses/by-nc/4.0/">x</a></figcaption></figure>'
    head = '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">'
    found = extract_html(page(BODY + picture, head=head))
    assert [claim.value for claim in found.claims if claim.field == "license_url"] == [
        "https://creativecommons.org/licenses/by/4.0/"
    ]
    assert first(found, "license_scope") == "page"


def test_rights_and_opt_outs_are_passed_on() -> None:
    head = (
        '<meta name="copyright" content="© Ledger Press"><meta name="tdm-reservation" content="1">'
        '<meta name="robots" content="index, noai"><meta name="dc.rights" content="All rights reserved">'
    ) + linked(headline="Ferry returns", copyrightHolder={"@type": "Organization", "name": "Ledger Press"})
    found = extract_html(page(head=head))
    assert first(found, "copyright_notice") == "© Ledger Press"
    assert first(found, "tdm_reservation") == "1"
    assert first(found, "content_usage") == "noai"
    assert first(found, "rights_statement") == "All rights reserved"
    assert first(found, "rights_holder") == "Ledger Press"


def test_the_address_that_a_browser_noted_is_the_page_s() -> None:
    comment = b"<!-- saved from url=(0034)https://ledger.example.org/ferry -->"
    assert first(extract_html(comment + page()), "url") == "https://ledger.example.org/ferry"


def test_same_page_same_result() -> None:
    payload = page(head=linked(headline="Ferry returns"))
    assert extract_html(payload) == extract_html(payload)
