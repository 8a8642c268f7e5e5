"""From markup to a tree, within bounds: pages that are too long are cut, pages that are too deep are flattened."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from dataset_builder.issues import Issue
from dataset_builder.limits import DEFAULT_LIMITS, Limits
from dataset_builder.read.html.rules import html_rules
from dataset_builder.read.html.tags import MAX_ATTRIBUTES, limit_attributes

#: A tag; quoted attribute values may hold ``>``. Possessive quantifiers keep it linear on markup that never ends.
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,60}+)((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>""")
_START_TAG = re.compile(r"<[a-zA-Z]")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
#: Elements whose end tag may be left out and that end where the next of their kind begins (HTML standard, 13.1.2.4).
_IMPLIED_END = frozenset({"p", "li", "dt", "dd", "tr", "td", "th", "option", "thead", "tbody", "tfoot"})
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """The page's tree (an ``lxml.html.HtmlElement``, None where there is no markup at all) and what had to be cut."""

    tree: Any | None
    issues: tuple[Issue, ...] = ()


def parse_page(text: str, limits: Limits = DEFAULT_LIMITS) -> ParsedPage:
    """Parse a page's text; never raises for anything that the page holds."""
    issues: list[Issue] = []
    text, cut = _cut(text, limits)
    if cut:
        issues.append(cut)
    if "<!ENTITY" in text[:100_000].upper():
        issues.append(
            Issue(code="entity-declarations", found="<!ENTITY", expected="a document type without declarations")
        )
    text, tags = limit_attributes(_UNSEEN.sub("", text))
    if tags:
        found = f"{tags} tags with more than {MAX_ATTRIBUTES} attributes"
        issues.append(Issue(code="too-many-attributes", found=found, expected="the attributes that HTML knows"))
    tree = _parse(text)
    limit = html_rules().limits.depth
    if tree is not None and _deeper_than(tree, limit):
        issues.append(Issue(code="deep-nesting", found=f"more than {limit} open elements", expected="a flatter page"))
        tree = _parse(flatten(text, limit))
    return ParsedPage(tree, tuple(issues))


def _cut(text: str, limits: Limits) -> tuple[str, Issue | None]:
    end = min(len(text), limits.page_characters)
    for count, match in enumerate(_START_TAG.finditer(text, 0, end)):
        if count == limits.page_elements:
            end = match.start()
            break
    if end == len(text):
        return text, None
    found = f"{len(text)} characters, read up to character {end}"
    expected = f"at most {limits.page_characters} characters and {limits.page_elements} elements"
    return text[:end], Issue(code="page-too-large", found=found, expected=expected)


def _parse(text: str) -> Any | None:
    from trafilatura import load_html

    if not _START_TAG.search(text):
        return None
    if "<html" not in text[:5_000].lower():
        text = f"<html><body>{text}</body></html>" if "<body" not in text[:5_000].lower() else f"<html>{text}</html>"
    return load_html(text)


def _deeper_than(tree: Any, limit: int) -> bool:
    level = [tree]
    for _ in range(limit):
        level = [child for element in level for child in element]
        if not level:
            return False
    return True


def flatten(text: str, limit: int) -> str:
    """``text`` without the tags that stand deeper than ``limit`` open elements; every word stays. Linear in time."""
    kept: list[str] = []
    position = 0
    stack: list[str] = []
    dropped: dict[str, int] = {}
    for tag in _TAG.finditer(text):
        name = tag[2].lower()
        if name in _VOID or tag[3].endswith("/"):
            continue
        keep = _close(name, stack, dropped) if tag[1] else _open(name, stack, dropped, limit)
        if not keep:
            kept += (text[position : tag.start()], " ")
            position = tag.end()
    kept.append(text[position:])
    return "".join(kept)


def _open(name: str, stack: list[str], dropped: dict[str, int], limit: int) -> bool:
    if name in _IMPLIED_END and stack and stack[-1] == name:
        return True
    if len(stack) < limit - 4:  # html and body may be implied; so may one row and cell
        stack.append(name)
        return True
    if name not in _IMPLIED_END:
        dropped[name] = dropped.get(name, 0) + 1
        return False
    return name == "p"


def _close(name: str, stack: list[str], dropped: dict[str, int]) -> bool:
    if dropped.get(name):
        dropped[name] -= 1
        return False
    if stack and stack[-1] in _IMPLIED_END and stack[-1] != name:
        stack.pop()
    if stack and stack[-1] == name:
        stack.pop()
    return True
