"""The article's body: trafilatura at its best settings, and whether other extractors agree with it.

Measured on 200 article pages of WCXB (word F1, gold sentences lost of 23,613): trafilatura's default .928 and 1,280,
without readers' comments .936 and 1,280, without comments and in recall mode .948 and 1,021. The latter is used.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from copy import deepcopy
from functools import cache
from importlib.metadata import version
from typing import Any

from dataset_builder.read.html.rules import html_rules
from dataset_builder.read.html.values import plain_text, visible_text

_WORD = re.compile(r"\w+")
_ITEM = ("- ", "| ", "|")
#: A longer line that ends as a sentence does is no link.
_LINK_CHARACTERS = 120
_SENTENCE = re.compile(r"[.!?\u3002\u061f\u0964][\"'\u201d\u2019\u00bb)]*$")
#: A page of more links is a list whatever its text is; looking each up would cost more than it tells.
_MOST_LINKS = 20_000
#: Longer texts are compared by their beginning; agreement is a matter of shares, not of every word.
_COMPARED_CHARACTERS = 200_000


def extract_body(tree: Any, url: str | None) -> str:
    """The article's text: paragraphs separated by a blank line, items of a list and rows of a table by a line break."""
    from trafilatura import extract

    _silence()
    text = extract(deepcopy(tree), url=url, favor_recall=True, include_comments=False, include_tables=True) or ""
    return _paragraphs(text)


def is_navigation(tree: Any, text: str) -> bool:
    """Whether the text consists of links, headings and notices for browsers without scripts: a page without an article.

    The extractor returns such lines where it finds nothing better.
    """
    lines = [line.removeprefix("- ").strip() for line in text.split("\n") if line.strip()]
    if any(len(line) > _LINK_CHARACTERS and _SENTENCE.search(line) for line in lines):
        return False
    known: set[str] = set()
    for element in tree.iter("a", "h1", "title", "noscript", "button"):
        known.add(plain_text(" ".join(element.itertext())) if element.tag == "noscript" else visible_text(element))
        if len(known) > _MOST_LINKS:
            return False
    return all(plain_text(line) in known for line in lines)


@cache
def extractor_name() -> str:
    """The extractor, its version and its settings, as ``extraction`` records it."""
    return f"trafilatura {version('trafilatura')} (recall, no comments)"


def extractors_disagree(tree: Any, text: str) -> bool:
    """Whether neither readability nor justext finds about the same text.

    readability is asked first as it costs a fifth; where it disagrees, as it does on every fifth page, justext decides.
    """
    thresholds = html_rules().agreement
    if word_f1(text, _readability(tree)) >= thresholds["readability"]:
        return False
    return word_f1(text, _justext(tree)) < thresholds["justext"]


def word_f1(first: str, second: str) -> float:
    """F1 of the two texts' words as bags, without regard to case; 0 where one is empty."""
    left = Counter(_WORD.findall(first[:_COMPARED_CHARACTERS].casefold()))
    right = Counter(_WORD.findall(second[:_COMPARED_CHARACTERS].casefold()))
    shared = sum((left & right).values())
    return 2 * shared / (sum(left.values()) + sum(right.values())) if shared else 0.0


def _paragraphs(text: str) -> str:
    blocks: list[str] = []
    was_item = False
    for line in text.split("\n"):
        line = line.strip()
        if not line:
            continue
        item = line.startswith(_ITEM)
        blocks += ([] if not blocks else ["\n" if item and was_item else "\n\n"]) + [line]
        was_item = item
    return "".join(blocks)


def _readability(tree: Any) -> str:
    from trafilatura.external import try_readability

    found = try_readability(deepcopy(tree))
    return "" if found is None else " ".join(found.itertext())


def _justext(tree: Any) -> str:
    from justext.core import ParagraphMaker, classify_paragraphs, revise_paragraph_classification  # type: ignore[import-untyped]
    from lxml import etree

    try:
        stripped = deepcopy(tree)
        etree.strip_elements(stripped, "script", "style", "noscript", "svg", with_tail=False)
        paragraphs = ParagraphMaker.make_paragraphs(stripped)
        classify_paragraphs(paragraphs, _stop_words(), 50, 150, 0.1, 0.2, 0.2, True)
        revise_paragraph_classification(paragraphs, 150)
    except (ValueError, etree.LxmlError, RecursionError):
        return ""
    return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)


@cache
def _stop_words() -> frozenset[str]:
    """The stop words of the languages that trafilatura itself gives to justext."""
    from justext.utils import get_stoplist  # type: ignore[import-untyped]
    from trafilatura.settings import JUSTEXT_LANGUAGES

    return frozenset().union(*(get_stoplist(name) for name in sorted(set(JUSTEXT_LANGUAGES.values()))))


@cache
def _silence() -> None:
    """The libraries log what they do not like in a page; the reader's findings say it instead."""
    for name in ("trafilatura", "htmldate", "justext", "courlan", "readability"):
        logging.getLogger(name).addHandler(logging.NullHandler())
