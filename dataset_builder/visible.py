"""Text from the open web, made safe to show on one line of a terminal, a log or a message."""

from __future__ import annotations

import unicodedata

#: Categories that move the cursor, change the direction of text or show nothing: control, format, surrogate, private
#: use, unassigned, line and paragraph separators.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def one_line(text: str, limit: int = 120) -> str:
    """``text`` on one line of at most ``limit`` code points; what cannot be seen is written as an escape."""
    cut = text[: limit + 1]
    # Printable is, but for the ordinary space, the complement of _UNSAFE and of the category Zs.
    shown = cut if cut.isprintable() else "".join(_escape(character) for character in cut)
    return shown if len(text) <= limit and len(shown) <= limit else shown[: limit - 1] + "…"


def is_unsafe(text: str) -> bool:
    """Whether ``text`` holds characters that must not reach a terminal or a file name."""
    return not text.isprintable() and any(unicodedata.category(character) in _UNSAFE for character in text)


def _escape(character: str) -> str:
    if unicodedata.category(character) not in _UNSAFE:
        return character
    return " " if character in "\n\r\t" else f"\\u{{{ord(character):x}}}"


def without_controls(text: str) -> str:
    """``text`` without the characters that :func:`is_unsafe` objects to; line breaks and tabs become spaces.

    A terminal's escape sequence loses its first character and with it its power; what is left of it is shown.
    """
    kept = (" " if c in "\n\r\t" else "" if unicodedata.category(c) in _UNSAFE else c for c in text)
    return "".join(kept)
