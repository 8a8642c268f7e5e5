"""Whether a page holds several articles: then no one body, title or date is the page's."""

from __future__ import annotations

from typing import Any

from dataset_builder.issues import Issue
from dataset_builder.read.html.json_ld import LinkedData, address_of, page_key
from dataset_builder.read.html.rules import html_rules
from dataset_builder.read.html.values import plain_text, visible_text
from dataset_builder.visible import one_line

_HEADINGS = ("h1", "h2", "h3")
_ASIDE = frozenset({"aside", "nav", "footer", "li"})
#: What an article has and a section of one has not: a date, a byline.
_SIGNED = ".//time | .//*[@itemprop='author'] | .//a[contains(@rel, 'author')]"
_EXPECTED = "one article a page"


def several_articles(tree: Any, data: LinkedData) -> Issue | None:
    """The finding for a page with several articles, by its elements or its linked data, or None."""
    headed = {heading: article for article in tree.iter("article") if (heading := _heading(article))}
    headings = list(headed)
    signed = sum(bool(article.xpath(_SIGNED)) for article in headed.values())
    if len(headings) > 1 and (signed > 1 or not _has_own_title(tree)):
        found = "articles headed " + " and ".join(repr(one_line(heading, 50)) for heading in headings[:2])
        return Issue(code="several-articles", found=found, expected=_EXPECTED)
    named: dict[tuple[str, str], str] = {}
    for node in data.articles():
        address, headline = address_of(node), node.get("headline")
        if address and isinstance(headline, str):
            named.setdefault(page_key(address), plain_text(headline))
    if len(named) > 1 and len(set(named.values())) > 1:
        found = "JSON-LD of " + " and ".join(repr(one_line(headline, 50)) for headline in list(named.values())[:2])
        return Issue(code="several-articles", found=found, expected=_EXPECTED)
    return None


def _has_own_title(tree: Any) -> bool:
    """Whether an ``<h1>`` stands above the articles: then they are sections of one article, or teasers below it."""
    return any(not any(above.tag in ("article", "header") for above in h1.iterancestors()) for h1 in tree.iter("h1"))


def _heading(article: Any) -> str:
    """The heading of an ``<article>`` that is an article of its own, ``""`` for teasers, comments and sections."""
    if any(ancestor.tag in _ASIDE or ancestor.tag == "article" for ancestor in article.iterancestors()):
        return ""
    heading = next((text for e in article.iter(*_HEADINGS) if (text := visible_text(e))), "")
    words = 0
    for paragraph in article.iter("p"):
        words += len(visible_text(paragraph).split())
        if words >= html_rules().second_article_words:
            return heading
    return ""
