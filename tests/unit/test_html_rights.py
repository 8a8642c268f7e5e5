"""What a page's markup grants, and what it withholds: only what plainly speaks of the article grants."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dataset_builder.read.html import page as page_module
from dataset_builder.read.html.page import HtmlPage, extract_html
from dataset_builder.rights.resolve import resolve
from dataset_builder.rights.terms import SourceTerms

CLOSED = SourceTerms(name="closed")
FREE = SourceTerms(name="free", license="CC-BY-4.0")

ZERO = "https://creativecommons.org/publicdomain/zero/1.0/"
BY = "https://creativecommons.org/licenses/by/4.0/"
NC = "https://creativecommons.org/licenses/by-nc-nd/4.0/"

TEXT = (
    "<p>The ferry between Port Amsel and the outer islands will sail again from Monday, the harbour office said.</p>"
    "<p>Its engine had failed in the storm of early October, and two hundred islanders had waited for a part since.</p>"
    "<p>The council will pay for a second crew until the spring, so that the late crossing can be kept all winter.</p>"
)
CHATTER = "<p>I, too, have waited for the ferry all winter.</p>" * 40
LINK = f'<a rel="license" href="{BY}">CC BY</a>'
STRICT = f'<a rel="license" href="{NC}">CC BY-NC-ND</a>'


def page(inside: str = "", after: str = "", head: str = "") -> str:
    head = f"<head><title>Ferry returns to Port Amsel - The Ledger</title>{head}</head>"
    article = f"<article><h1>Ferry returns to Port Amsel</h1>{TEXT}{inside}</article>"
    return f"<!doctype html><html lang=en>{head}<body>{article}{after}</body></html>"


def script(*nodes: dict[str, Any]) -> str:
    return f'<script type="application/ld+json">{json.dumps(nodes)}</script>'


def node(headline: str | None, url: str | None, licence: object) -> dict[str, Any]:
    members = {"@type": "NewsArticle", "headline": headline, "url": url, "license": licence}
    return {name: value for name, value in members.items() if value is not None}


OWN = {"headline": "Ferry returns to Port Amsel", "url": "https://ledger.example.org/ferry"}
OTHER = {"headline": "Bakery opens on the quay", "url": "https://ledger.example.org/bakery"}


def rights_of(html: str, terms: SourceTerms, url: str | None = None) -> tuple[str, bool]:
    """The class that holds, and whether its scope lets a text be released."""
    found = extract_html(html.encode(), url=url)
    assert found.text
    held = resolve([claim.as_dict() for claim in found.claims], [terms])[0]
    return held.rights_class, held.scope in {"text", "page"}


def grants(html: str, url: str | None = None) -> bool:
    """Whether the page alone, of a source that declares nothing, lets its text be released."""
    held, covers = rights_of(html, CLOSED, url)
    return covers and held not in {"undetermined", "in-copyright"}


def codes(found: HtmlPage) -> list[str]:
    return [issue.code for issue in found.findings]


@pytest.mark.parametrize(
    "html",
    [
        page(after=f'<div class="comments"><p>{LINK}</p></div>'),
        page(inside=f'<section id="comment-list"><div><p>{LINK}</p></div></section>'),
        page(after=f'<ol class="responses"><li><p>{LINK}</p></li></ol>'),
        page(after=f'<div class="xyz"><p>{LINK}</p></div>'),
        page(after=f"<p>{LINK}</p>"),
        page(after=f'<div class="xyz">{CHATTER}<p>{LINK}</p></div>'),
        page(inside=f'<p><a rel="nofollow ugc license" href="{BY}">CC BY</a></p>'),
        page(after=f"<aside><p>{LINK}</p></aside>"),
        page(inside=f"<aside><footer>{LINK}</footer></aside>"),
        page(inside=f'<div class="related"><p>{LINK}</p></div>'),
        page(inside=f"<article><h2>Bakery opens</h2><p>{LINK}</p></article>"),
        page(after=f"<article><h2>Bakery opens</h2><p>Bread.</p><footer>{LINK}</footer></article>"),
        page(after=f'<aside class="photo"><footer>{LINK}</footer></aside>'),
        page(after=f"<figure><footer>{LINK}</footer></figure>"),
        page(after=f"<section><p>Bread.</p><footer>{LINK}</footer></section>"),
        page(inside=f"<blockquote><p>Bread.</p><footer>{LINK}</footer></blockquote>"),
        page(inside=f'<div about="https://other.example.org/x"><p>{LINK}</p></div>'),
        page(inside=f'<div itemscope itemtype="http://schema.org/Dataset"><i itemprop="license">{BY}</i></div>'),
        page(inside=f'<div itemscope itemtype="http://schema.org/Photograph"><i itemprop="license">{BY}</i></div>'),
        page(
            after=f'<div class="comments"><meta name="license" content="{BY}"><b property="cc:license">{ZERO}</b></div>'
        ),
        page(
            after=f'<div class="comments"><p>{LINK}</p></div><footer>© 2024 The Ledger. All rights reserved.</footer>',
        ),
    ],
)  # fmt: skip
def test_a_licence_beside_the_article_grants_nothing(html: str) -> None:
    assert not grants(html)


@pytest.mark.parametrize(
    "html",
    [
        page(head=f'<link rel="license" href="{BY}">'),
        page(inside=f"<p>This article is under {LINK}.</p>"),
        page(inside=f"<footer>{LINK}</footer>"),
        page(inside=LINK, after=f'<div class="xyz">{CHATTER}</div>'),
        page(after=f"<footer><div><p>{LINK}</p></div></footer>"),
        page(after=f'<div id="footer"><p>{LINK}</p></div>'),
        page(after=f'<main><p class="terms">{LINK}</p></main>'),
        page(inside=f'<link itemprop="license" href="{BY}">'),
        page(inside=f'<span property="dcterms:license" resource="{BY}">free</span>'),
        page(inside='<a rel="cc:license" href="//creativecommons.org/licenses/by/4.0/">free</a>'),
        page(head=f'<meta name="dcterms.license" content="{BY}">'),
        page(head=script(node(**OWN, licence=BY))),
        page(head=script(node(OWN["headline"], None, [{"@type": "CreativeWork", "url": BY}]))),
        page(head=script(node(None, None, {"@id": BY}))),
        page(head=script(node(**OTHER, licence="All rights reserved"), node(**OWN, licence=BY))),
        f"<html><body><h1>Ferry</h1>{TEXT}<p>{LINK}</p></body></html>",
        f'<html><body><div id=content><h1>Ferry</h1>{TEXT}<div class="license">{LINK}</div></div></body></html>',
        f'<html><body><div itemscope itemtype="http://schema.org/NewsArticle">{TEXT}<p>{LINK}</p></div></body></html>',
        '<html><body class="comments-open"><div class="forum-page"><article class="post discussion"><h1>Ferry</h1>'
        f"{TEXT}<p>{LINK}</p></article></div></body></html>",
    ],
)  # fmt: skip
def test_a_licence_that_plainly_speaks_of_the_article_grants(html: str) -> None:
    assert grants(html)
    assert rights_of(html, FREE) == ("attribution", True)


@pytest.mark.parametrize(
    ("nodes", "url"),
    [
        ([node(**OTHER, licence=BY)], None),
        ([node(**OTHER, licence=BY)], OWN["url"]),
        ([node(None, OTHER["url"], BY)], OWN["url"]),
        ([node(OTHER["headline"], None, BY)], None),
        ([node(**OTHER, licence=BY), node(**OWN, licence="All rights reserved")], None),
        ([node(None, None, BY), node(None, None, None) | {"name": "x"}], None),
        ([{"@type": "WebPage", "url": OTHER["url"], "license": BY}], OWN["url"]),
        ([{"@type": "WebSite", "license": BY}], None),
        ([node(None, None, None) | {"usageInfo": BY, "headline": OTHER["headline"], "url": OTHER["url"]}], None),
        ([node(None, "https://ledger.example.org/?p=2", BY)], "https://ledger.example.org/?p=1"),
    ],
)  # fmt: skip
def test_another_article_s_linked_data_grants_nothing(nodes: list[dict[str, Any]], url: str | None) -> None:
    assert not grants(page(head=script(*nodes)), url)


@pytest.mark.parametrize(
    "html",
    [
        page(head=script(node(**OTHER, licence="All rights reserved"))),
        page(head=script(node(**OWN, licence=BY), node(None, None, "All rights reserved"))),
        page(head=script({"headline": "Ferry", "license": "All rights reserved"})),
        page(head=script({"@type": "Thing", "dcterms:license": "All rights reserved"})),
        page(inside=f"<aside>{STRICT}</aside>"),
        page(inside=f"<p>{LINK}</p>", after=f"<footer>{STRICT}</footer>"),
        page(inside=f'<link itemprop="license" href="{NC}">'),
        page(inside=f'<div rel="dct:license" resource="{NC}"></div>'),
        page(inside=f'<div property="schema:license" content="{NC}"></div>'),
        page(inside='<p property="dc:rights">All rights reserved</p>'),
        page(head='<meta name="rights" content="All rights reserved">'),
        page(head='<meta name="copyright" content="All rights reserved">'),
        page(head='<meta property="dcterms:rights" content="All rights reserved">'),
        page(head='<link rel="license" href="/terms">'),
        page(inside='<a rel="license" href="terms.html">Terms</a>'),
        page(inside='<a rel="license">Not for redistribution</a>'),
        page(head=f'<meta name="rights" content="CC BY 4.0 {"and so on " * 250} except that nothing is allowed">'),
        page(inside=LINK * 301),
    ],
)
def test_what_restricts_counts_wherever_it_stands(html: str) -> None:
    assert rights_of(html, FREE)[0] not in {"attribution", "public-domain"}


@pytest.mark.parametrize(
    "html",
    [
        page(after=f'<div class="comments"><p>{STRICT}</p></div>'),
        page(inside=f'<section id="comments"><p>I take {STRICT} for mine.</p></section>'),
        page(head=script(node(**OWN, licence=BY), node(**OTHER, licence="All rights reserved"))),
        page(inside=f"<figure><img src=a.jpg><figcaption>{STRICT}</figcaption></figure>"),
    ],
)
def test_what_plainly_speaks_of_something_else_withholds_nothing(html: str) -> None:
    assert rights_of(html, FREE) == ("attribution", True)


@pytest.mark.parametrize(
    "value", [["All rights reserved"], [5], 5, True, {"a": 1}, [[[[[BY]]]]], {"name": {"en": "x"}}]
)
def test_a_licence_in_any_form_of_json_is_a_statement(value: object) -> None:
    html = page(head=script(node(**OWN, licence=value)))
    assert codes(extract_html(html.encode())) == []
    assert rights_of(html, FREE)[0] in {"in-copyright", "undetermined"}
    assert not grants(html)


def test_a_picture_s_odd_licence_leaves_the_article_s() -> None:
    image = {"@type": "ImageObject", "license": 5}
    html = page(head=script(node(**OWN, licence="All rights reserved") | {"image": [image]}, image))
    assert rights_of(html, FREE)[0] == "in-copyright"


@pytest.mark.parametrize(
    "broken", ['{"license": "All rights reserved",}', '{"copyrightNotice": }', '{"usageInfo": "x"']
)
def test_broken_linked_data_that_speaks_of_rights_withholds(broken: str) -> None:
    html = page(head=f'<script type="application/ld+json">{broken}</script>')
    assert "json-ld-invalid" in codes(extract_html(html.encode()))
    assert rights_of(html, FREE)[0] == "undetermined"


def test_a_licence_that_is_there_twice_is_two_statements() -> None:
    twice = f'{{"@type": "NewsArticle", "license": "All rights reserved", "license": "{BY}"}}'
    html = page(head=f'<script type="application/ld+json">{twice}</script>')
    assert rights_of(html, FREE)[0] == "in-copyright"


def test_broken_linked_data_that_speaks_of_nothing_is_a_finding_only() -> None:
    html = page(head='<script type="application/ld+json">{"headline": }</script>')
    assert codes(extract_html(html.encode())) == ["json-ld-invalid"]
    assert rights_of(html, FREE) == ("attribution", True)


@pytest.mark.parametrize("part", ["license_claims", "meta_claims", "json_ld_claims", "opt_out_claims"])
@pytest.mark.parametrize("error", [AttributeError("x"), RecursionError(), MemoryError()])
def test_a_part_that_fails_withholds(part: str, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **named: object) -> None:
        raise error

    monkeypatch.setattr(page_module, part, fail)
    html = page(head=f'<link rel="license" href="{BY}">')
    found = extract_html(html.encode())
    assert "extraction-failed" in codes(found)
    held = resolve([claim.as_dict() for claim in found.claims], [FREE])[0]
    assert held.rights_class == "undetermined"
    assert "license-unread-in-page" in [issue.code for issue in held.findings]


def test_hostile_places_take_bounded_time() -> None:
    links = "".join(f'<div class="c{number}">{LINK}' for number in range(150))
    assert not grants(page(after=links + "<p>x</p>" * 5_000))
