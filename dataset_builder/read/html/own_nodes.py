"""Which nodes of a page's JSON-LD speak of this page: only what they say of rights can grant anything.

A page carries nodes of other articles: teasers, the next article of an endless scroll, a template never filled in. A
node is the page's own if it names the page's address or its title; a single one also if nothing contradicts it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum

from dataset_builder.read.html.json_ld import LinkedData, Node, addresses_of, same_page, types_of
from dataset_builder.read.html.rules import html_rules
from dataset_builder.read.html.values import plain_text

_WORD = re.compile(r"\w+")
#: A headline is another article's where it shares fewer of its words with every title of the page.
_ALIKE = 0.5
#: Fewer words at the start of a title ("News | The Ledger") are no article's headline.
_HEADLINE_WORDS = 3
_MOST_TITLES = 10


class _Verdict(IntEnum):
    CONTRADICTS = -1
    SILENT = 0
    CONFIRMS = 1


def scoped_nodes(data: LinkedData, addresses: tuple[str, ...], titles: tuple[str, ...]) -> Iterator[tuple[str, Node]]:
    """Each node that may speak of the text's rights, with the scope of what it says: text, page or unknown.

    Args:
        addresses: the page's own addresses, as far as they are known.
        titles: the page's own titles, as headings and metadata beside JSON-LD give them.
    """
    articles, pages = data.articles(), data.pages()
    known = html_rules().article_types | html_rules().page_types | html_rules().media_types
    for scope, nodes in (("text", articles), ("page", pages)):
        yield from _judged(scope, nodes, addresses, titles)
    yield from (("unknown", node) for node in data.nodes if not types_of(node) & known)


def _judged(
    scope: str, nodes: list[Node], addresses: tuple[str, ...], titles: tuple[str, ...]
) -> Iterator[tuple[str, Node]]:
    verdicts = [_verdict(node, addresses, titles) for node in nodes]
    confirmed = _Verdict.CONFIRMS in verdicts
    for node, verdict in zip(nodes, verdicts, strict=True):
        if verdict is _Verdict.CONFIRMS or (len(nodes) == 1 and verdict is _Verdict.SILENT):
            yield scope, node
        elif not (confirmed and verdict is _Verdict.CONTRADICTS):  # beside the page's own, another's is no matter
            yield "unknown", node


def _verdict(node: Node, addresses: tuple[str, ...], titles: tuple[str, ...]) -> _Verdict:
    """Whether a node is the page's: one of address and title must confirm it, and none may speak against it alone."""
    both = (_of_address(node, addresses), _of_title(node, titles))
    return max(both) if _Verdict.CONFIRMS in both else min(both)


def _of_address(node: Node, addresses: tuple[str, ...]) -> _Verdict:
    named = addresses_of(node)
    if not named or not addresses:
        return _Verdict.SILENT
    same = any(_same(address, own) for address in named for own in addresses)
    return _Verdict.CONFIRMS if same else _Verdict.CONTRADICTS


def _same(first: str, second: str) -> bool:
    """Whether two addresses name one page; where both have a query, it may be the article's number."""
    if not same_page(first, second):
        return False
    queries = {address.partition("#")[0].partition("?")[2] for address in (first, second)} - {""}
    return len(queries) < 2


def _of_title(node: Node, titles: tuple[str, ...]) -> _Verdict:
    headline = node.get("headline") or node.get("name")
    words = _words(headline) if isinstance(headline, str) else []
    known = [found for title in titles[:_MOST_TITLES] if (found := _words(title))]
    if not words or not known:
        return _Verdict.SILENT
    if any(_is_title(words, title) for title in known):
        return _Verdict.CONFIRMS
    shared = max(len(set(words) & set(title)) / min(len(set(words)), len(set(title))) for title in known)
    return _Verdict.SILENT if shared >= _ALIKE else _Verdict.CONTRADICTS


def _is_title(words: list[str], title: list[str]) -> bool:
    """Whether a headline is a title, the site's name before or behind it aside."""
    short, long = sorted((words, title), key=len)
    if short == long:
        return True
    return len(short) >= _HEADLINE_WORDS and short in (long[: len(short)], long[-len(short) :])


def _words(text: str) -> list[str]:
    return _WORD.findall(plain_text(text).casefold())
