"""The value of a member or an attribute as plain text on one line."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from dataset_builder.read.html.rules import html_rules

_MARKUP = re.compile(r"<[/!a-zA-Z][^<>]*>")
_SCRIPT = re.compile(r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_SPACE = re.compile(r"\s+")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


#: Elements that do not break a word in two.
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "em", "font", "i", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u"}
)
_HIDDEN = frozenset({"script", "style", "template", "noscript", "svg", "button"})
#: More than any heading or byline has, so that an element around the whole page costs little.
_VISIBLE_CHARACTERS = 20_000


def plain_text(value: str) -> str:
    """``value`` without markup, entities, control characters and needless space, cut to the limit of a value."""
    cut = value[: 4 * html_rules().limits.value_characters]
    if "<" in cut or "&" in cut:
        cut = _MARKUP.sub(" ", _SCRIPT.sub(" ", html.unescape(cut)))
    return _squeeze(cut)


def has_markup(value: str) -> bool:
    """Whether a value that should be plain text holds tags."""
    return bool(_MARKUP.search(html.unescape(value[: 4 * html_rules().limits.value_characters])))


def visible_text(element: Any, limit: int = _VISIBLE_CHARACTERS) -> str:
    """The text of an ``lxml`` element as a reader sees it, on one line; scripts, styles and comments are left out.

    Args:
        limit: about how many characters of markup text are looked at.
    """
    parts: list[str] = []
    size = 0
    for event, node in walk(element):
        part = (node.text if event == "start" else node.tail) or ""
        gap = "" if node.tag in _INLINE else " "
        parts.append(gap + part)
        size += len(part)
        if size > limit:
            break
    return _squeeze("".join(parts))


def walk(element: Any) -> Iterator[tuple[str, Any]]:
    """Events of the elements that can be seen, in the order of the text; without recursion, as pages may be deep."""
    pending: list[tuple[str, Any]] = [("start", element)]
    while pending:
        event, node = pending.pop()
        if event == "start":
            if not isinstance(node.tag, str) or node.tag in _HIDDEN:
                continue
            yield event, node
            for child in reversed(node):
                pending += (("end", child), ("start", child))
        else:
            yield event, node


def _squeeze(text: str) -> str:
    return _SPACE.sub(" ", _CONTROLS.sub("", text)).strip()[: html_rules().limits.value_characters].rstrip()
