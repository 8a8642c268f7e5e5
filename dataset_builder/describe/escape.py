"""Text from outside, made safe for what it is written into.

Titles, names and statements come from the open web or from a configuration that somebody else wrote. They are data: in
a card they must not become markup, in a terminal they must not move the cursor, in YAML and JSON they must not break
the encoding. Everything here is total: any string goes in, a safe one comes out. (What a terminal shows goes through
:mod:`dataset_builder.visible`, which writes hidden characters as escapes.)
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from urllib.parse import quote, urlsplit

#: Longest text from outside that a description repeats, in code points; a title is far below.
LINE_LIMIT = 400
#: Longest description, abstract or other running text.
TEXT_LIMIT = 4000
#: Marks that turn the direction of the text around them (UAX #9) or hide; they can forge a line.
_DIRECTION_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
#: Punctuation that CommonMark 0.31 or GitHub's extensions (tables, strikethrough, maths) give a meaning inside a line.
_INLINE = re.compile(r"[\\`*_\[\]|~$]")
#: What begins a block at the start of a line: headings, lists, quotations, rules, setext underlines, front matter.
_BLOCK = re.compile(r"[-+#=:]|\d{1,9}(?=[.)](?:\s|$))")
_AUTOLINK = re.compile(r"(?i)\b(https?|ftp)://|\bwww\.")


class Markdown(str):
    """Text that is Markdown already and is not escaped again."""

    __slots__ = ()


def one_line(text: object, limit: int = LINE_LIMIT) -> str:
    """``text`` as one line without control, direction or surrogate characters, cut to ``limit`` code points."""
    raw = str(text)
    if len(raw) <= limit and raw.isprintable():  # no control, separator, surrogate or format character
        return " ".join(raw.split())
    kept = "".join(" " if _breaks(char) else char for char in raw[: limit * 4] if char not in _DIRECTION_MARKS)
    line = " ".join(kept.split())
    return line if len(line) <= limit and len(raw) <= limit * 4 else line[: limit - 1].rstrip() + "…"


def paragraphs(text: object, limit: int = TEXT_LIMIT) -> list[str]:
    """``text`` as safe lines, one a paragraph (between blank lines), of ``limit`` code points in all."""
    raw = str(text)
    cut = raw if len(raw) <= limit else raw[: limit - 1] + "…"
    lines = (one_line(part, limit) for part in re.split(r"(?:\r\n?|\n)[ \t]*(?:\r\n?|\n)", cut))
    return [line for line in lines if line]


def escape_markdown(text: object) -> Markdown:
    """``text`` as one line of Markdown that renders as the text itself: no markup, no HTML, no link, no block."""
    if isinstance(text, Markdown):
        return text
    line = one_line(text)
    line = _AUTOLINK.sub(lambda match: match[0].replace(":", "\0:").replace(".", "\0."), line)
    line = _INLINE.sub(lambda match: "\\" + match[0], line).replace("\0", "\\")
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    begins = _BLOCK.match(line)
    if begins is None:
        return Markdown(line)
    mark = begins[0]
    return Markdown((f"{mark}\\" if mark.isdigit() else f"\\{mark}") + line[begins.end() :])


def code(text: object) -> Markdown:
    """``text`` as a code span, whatever backticks it holds."""
    line = one_line(text)
    if not line:
        return Markdown("")
    longest = max((len(run) for run in re.findall(r"`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return Markdown(f"{fence}{pad}{line}{pad}{fence}")


def fenced(text: str, language: str) -> Markdown:
    """``text`` as a code block that nothing in it can close."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return Markdown(f"{fence}{language}\n{text.rstrip()}\n{fence}")


def script_safe_json(value: object) -> str:
    """JSON as people read it, whose text cannot close the ``<script>`` element of a page that carries it."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029") + "\n"


def web_address(text: object) -> str:
    """``text`` as an http(s) address with everything unusual percent-encoded, or ``""`` where it is no such address."""
    line = one_line(text, TEXT_LIMIT)
    try:
        parts = urlsplit(line)
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return ""
    return quote(line, safe="%/:?#@!$&'*+,;=-._~")


def link(address: object, text: object = "") -> Markdown:
    """A link to an http(s) address, or the escaped text alone where the address is not one."""
    target = web_address(address)
    label = escape_markdown(text or address)
    return Markdown(f"[{label}](<{target}>)") if target else label


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Markdown:
    """A Markdown table; cells are escaped unless they are Markdown already, numbers stand to the right."""
    body = [list(row) for row in rows]
    numeric = [bool(body) and all(isinstance(row[column], int) for row in body) for column in range(len(header))]
    lines = [
        [_cell(name) for name in header],
        ["---:" if right else "---" for right in numeric],
        *([_cell(value) for value in row] for row in body),
    ]
    return Markdown("\n".join("| " + " | ".join(line) + " |" for line in lines))


def _cell(value: object) -> str:
    text = f"{value:,}" if isinstance(value, int) else str(escape_markdown(value))
    return re.sub(r"(?<!\\)\|", r"\\|", text).replace("\n", " ")


def _breaks(char: str) -> bool:
    """Whether ``char`` ends a line, controls a terminal or has no UTF-8: categories that no Unicode version changes."""
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")
