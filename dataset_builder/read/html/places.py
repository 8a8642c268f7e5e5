"""Where on a page a statement of rights stands, and so what it speaks of.

A licence that grants must speak of the article or of the page plainly. Of what stands elsewhere nobody knows what it
covers: it can narrow and grants nothing. What a reader wrote below the article says nothing of it in either direction.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dataset_builder.read.html.json_ld import same_page, types_in
from dataset_builder.read.html.rules import html_rules
from dataset_builder.read.html.values import visible_text

#: The scope of what readers wrote.
COMMENT = "comment"

_PARAGRAPHS = frozenset({"p", "li", "td", "dd", "small", "figcaption", "blockquote"})
_CONTAINERS = frozenset({"div", "section", "ol", "ul", "li", "dl", "article", "aside", "details", "table", "form"})
_WHOLE = frozenset({"html", "body", "main"})
_WORD = re.compile(r"\w+")


class Places:
    """The places of one page, each looked at once.

    Args:
        tree: the page, or a fragment of one.
        addresses: the page's own addresses, as far as they are known.
        whole: whether all of ``tree`` is the article, as the content of a feed's entry is.
    """

    def __init__(self, tree: Any, addresses: tuple[str, ...] = (), *, whole: bool = False) -> None:
        self._tree = tree
        self._addresses = addresses
        self._whole = whole
        self._shell = _around_title(tree)
        self._pictured: dict[Any, bool] = {}
        self._seen: dict[Any, tuple[str, str]] = {}

    def scope(self, element: Any) -> str:
        """What a statement in ``element`` covers: text, page, image, unknown, or :data:`COMMENT`."""
        if self._beside_media(element):
            return "image"
        found = ""
        for above in (element, *element.iterancestors()):
            kind, named = self._looked_at(above)
            if kind == "image" and (found or above is element):  # it named its part before, or is no part at all
                kind = "unknown" if self._is_elsewhere(above) else ""
            if kind:
                return kind
            if found == "page" and self._ends_footer(above):
                return "unknown"
            found = found or named
        return found or self._beside_text(element)

    def _looked_at(self, element: Any) -> tuple[str, str]:
        """The scope that an element around a statement forces upon it, and the one that its own name gives."""
        if element not in self._seen:
            own = element in self._shell or self._is_main(element)
            self._seen[element] = "" if own else self._forced(element), self._named(element)
        return self._seen[element]

    def _forced(self, element: Any) -> str:
        if self._is_comments(element):
            return COMMENT
        if _is_media(element):
            return "image"
        return "unknown" if self._is_elsewhere(element) else ""

    def _named(self, element: Any) -> str:
        """The scope of what stands in an element that says what it is for."""
        rules = html_rules()
        if element.tag in rules.page_ancestors or _names(element) & rules.footer_names:
            return "page"
        return "text" if element.tag == "main" or self._is_main(element) else ""

    def _beside_text(self, element: Any) -> str:
        """The scope of what stands in no named part: text among the article's paragraphs, else unknown."""
        if self._whole:
            return "text"
        block = next((above for above in (element, *element.iterancestors()) if _is_block(above)), self._tree)
        while _class_words(block) & html_rules().license_words and block not in self._shell:
            block = block.getparent()
        if element.tag in ("link", "meta") and block.tag == "body":
            return "page"  # a parser ends the head early where something stands in it that may not
        return "text" if self._holds_text(block) and not self._has_article else "unknown"

    @cached_property
    def _articles(self) -> tuple[list[Any], bool]:
        """The elements that are articles, and whether one of them has most of the page's words."""
        found = [element for element in self._tree.iter("*") if _is_article(element)]
        return found, any(self._holds_text(element) for element in found)

    @cached_property
    def _has_article(self) -> bool:
        """Whether an element is the article, or long enough for it: then no other part of the page is."""
        least = html_rules().second_article_words
        return any(self._is_main(element) or self._words.own[element] >= least for element in self._articles[0])

    def _is_main(self, element: Any) -> bool:
        """Whether an article's element is the page's own: the one with most of its words, else that with its title."""
        if not _is_article(element):
            return False
        return self._whole or self._holds_text(element) or (element in self._shell and not self._articles[1])

    def _holds_text(self, element: Any) -> bool:
        words = self._words
        return 2 * words.own[element] > words.own[self._tree]

    def _is_comments(self, element: Any) -> bool:
        """Whether readers write here; a part with most of the page's words is rather an article with such a class."""
        return _is_commented(element) and 2 * self._words.all[element] <= self._words.all[self._tree]

    def _is_elsewhere(self, element: Any) -> bool:
        """Whether an element holds what is not the page's own: an aside, a quotation, an article beside it."""
        about = (element.get("about") or "").strip()
        if about and not any(same_page(about, address) for address in self._addresses):
            return True
        if "ugc" in (element.get("rel") or "").lower().split() or _is_beside(element) or _is_article(element):
            return True
        return element.get("itemscope") is not None and not types_in(element.get("itemtype")) <= html_rules().own_types

    def _ends_footer(self, element: Any) -> bool:
        """Whether a footer within the element is that of a part only (HTML standard, 4.3.8)."""
        own = element in self._shell or self._is_main(element) or self._holds_text(element)
        return element.tag in html_rules().parts and not own

    @cached_property
    def _words(self) -> _Words:
        return _count_words(self._tree, self._shell)

    def _beside_media(self, element: Any) -> bool:
        """Whether the paragraph around a statement holds a picture or speaks of one."""
        around = next((above for above in element.iterancestors() if above.tag in _PARAGRAPHS), None)
        if around is None:
            return False
        if around not in self._pictured:
            words = set(_WORD.findall(visible_text(around).lower()))
            media = next(around.iter("img", "picture", "video"), None) is not None
            self._pictured[around] = bool(words & html_rules().media_mentions) or media
        return self._pictured[around]


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of paragraphs by element; ``own`` without those of asides, comments and the like."""

    own: Counter[Any]
    all: Counter[Any]


def _count_words(tree: Any, shell: frozenset[Any]) -> _Words:
    """The words below each element, in one pass; where a page has no paragraphs, those of any text."""
    elements = list(tree.iter("*"))
    beside: set[Any] = set()
    for element in elements:
        if element.getparent() in beside or (element not in shell and (_is_beside(element) or _is_commented(element))):
            beside.add(element)
    counted = _Words(Counter(), Counter())
    paragraphs = any(element.tag == "p" and visible_text(element) for element in elements)
    for element in reversed(elements):  # children before their parents
        words = _own_words(element, paragraphs=paragraphs)
        counted.all[element] += words
        if element not in beside:
            counted.own[element] += words
        parent = element.getparent()
        if parent is not None and element is not tree:
            counted.all[parent] += counted.all[element]
            counted.own[parent] += counted.own[element]
    return counted


def _own_words(element: Any, *, paragraphs: bool) -> int:
    if paragraphs:
        return len(visible_text(element).split()) if element.tag == "p" else 0
    if element.tag in ("script", "style", "title"):
        return 0
    return len(" ".join([element.text or "", *(child.tail or "" for child in element)]).split())


def _around_title(tree: Any) -> frozenset[Any]:
    """The elements around the page's title, which are the page's own whatever their classes say."""
    title = next(tree.iter("h1"), None)
    around = [] if title is None else list(title.iterancestors())
    return frozenset((*around, *(element for element in tree.iter(*_WHOLE))))


def _is_article(element: Any) -> bool:
    """Whether an element is marked as an article: by its name, microdata or RDFa."""
    typed = types_in(element.get("itemtype")) | types_in(element.get("typeof"))
    return element.tag == "article" or bool(typed & html_rules().article_types)


def _is_media(element: Any) -> bool:
    rules = html_rules()
    typed = types_in(element.get("itemtype")) | types_in(element.get("typeof"))
    return (
        element.tag in rules.media_ancestors
        or bool(_class_words(element) & rules.media_words)
        or bool(typed & rules.media_types)
    )


def _is_commented(element: Any) -> bool:
    names = _class_words(element) if element.tag in _CONTAINERS else frozenset()
    rules = html_rules()
    return bool(names & rules.comment_words) or any(name.startswith(rules.comment_stems) for name in names)


def _is_beside(element: Any) -> bool:
    rules = html_rules()
    return element.tag in rules.aside_ancestors or (
        element.tag in _CONTAINERS and bool(_class_words(element) & rules.aside_words)
    )


def _is_block(element: Any) -> bool:
    return element.tag in _CONTAINERS or element.tag in _WHOLE


def _class_words(element: Any) -> frozenset[str]:
    """The words in the names of an element."""
    return frozenset(word for name in _names(element) for word in name.replace("-", " ").replace("_", " ").split())


def _names(element: Any) -> frozenset[str]:
    """Its classes and its id, in lower case."""
    return frozenset(f"{element.get('class') or ''} {element.get('id') or ''}".lower().split())
