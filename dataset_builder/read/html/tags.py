"""Start tags with more attributes than any page has, cut down: libxml2's time grows with the square of their number.

The tokens are those of the HTML standard (13.2.5, tag and attribute states), so that what the parser takes for one tag
is one here; comments and raw text (scripts, styles) are passed over. One pass, linear in the text.
"""

from __future__ import annotations

import re

#: Real pages stay below fifty; frameworks that write state into attributes below some hundreds.
MAX_ATTRIBUTES = 1_000

_ATTRIBUTE = r"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>"'][^\s>]*+)?+)?+"""
_ONE = re.compile(rf"[\s/]*+{_ATTRIBUTE}")
_OPENING = re.compile(rf"<!--|<([a-zA-Z][^\s/>]*+)((?:[\s/]*+{_ATTRIBUTE})*+)")
_RAW = {
    name: re.compile(rf"</{name}", re.IGNORECASE) for name in ("script", "style", "textarea", "title", "xmp", "iframe")
}


def limit_attributes(text: str) -> tuple[str, int]:
    """``text`` with at most ``MAX_ATTRIBUTES`` a tag, and the number of tags that were cut."""
    kept: list[str] = []
    cut = position = start = 0
    while match := _OPENING.search(text, position):
        position = match.end()
        name = match[1]
        if name is None:
            end = text.find("-->", position)
            if end < 0:
                break
            position = end + 3
            continue
        if len(match[2]) > 2 * MAX_ATTRIBUTES and (keep := _end_of_last(match)) is not None:
            kept.append(text[start:keep])
            start = match.end()
            cut += 1
        if raw := _RAW.get(name.lower()):
            closing = raw.search(text, position)
            if closing is None:
                break
            position = closing.start()
    kept.append(text[start:])
    return "".join(kept), cut


def _end_of_last(match: re.Match[str]) -> int | None:
    """Where the last attribute that stays ends, None where none has to go."""
    position, end = match.start(2), match.end(2)
    for _ in range(MAX_ATTRIBUTES):
        attribute = _ONE.match(match.string, position, end)
        if attribute is None:
            return None
        position = attribute.end()
    return position if position < end else None
