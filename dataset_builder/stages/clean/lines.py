"""The lines of a text and what each looks like; whether line ends are paragraphs or only the end of a column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

#: A sentence ends so, closing quotes and brackets included.
SENTENCE_END = re.compile(r"[.!?…。！？؟।:][\"'”’»)\]」』]{0,3}$")
#: The end of a statement; a question or an exclamation may also be a headline.
STATEMENT_END = re.compile(r"[.…。।][\"'”’»)\]」』]{0,3}$|[.!?…][\"”»」』]$")
INNER_SENTENCE = re.compile(r"[^\W\d_]{3}[.!?]['\"”’»)]{0,2} [\"“‘«(¿¡]?[A-ZÀ-ÞА-Я]")
BULLET = re.compile(r"[ \t]*(?:[*•·▪◦‣●○►▶»>+#-]{1,6}|\d{1,3}[.)])[ \t]+")
WIDE_SCRIPT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
BLANK = re.compile(r"\s*")

#: A hard-wrapped text has lines of at most this length.
WIDEST_COLUMN = 120
#: So many line ends, and this share of all, must stand where the next word did not fit any more.
FEWEST_WRAPS, WRAPPED_SHARE = 4, 0.8


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: ``text`` is what stands between its outer white space, at ``[start, end)``."""

    start: int
    end: int
    text: str
    words: int
    prose: bool
    bullet: int  # the length of the bullet or number that it starts with

    @property
    def bare(self) -> str:
        """The line without its bullet and without marks of emphasis around it."""
        return self.text[self.bullet :].strip("*_ ") or self.text


@lru_cache(maxsize=1)
def lines_of(text: str) -> tuple[Line, ...]:
    """The lines of ``text`` that are not blank, in order; one pass after the other asks for those of the same text."""
    lines: list[Line] = []
    start = 0
    for raw in text.split("\n"):
        if stripped := raw.strip():
            offset = start + raw.index(stripped[0])
            lines.append(line_of(stripped, offset))
        start += len(raw) + 1
    return tuple(lines)


def line_of(text: str, start: int) -> Line:
    """One line with its measures."""
    words = count_words(text)
    bullet = BULLET.match(text)
    return Line(start, start + len(text), text, words, is_prose(text, words), bullet.end() if bullet else 0)


def count_words(text: str) -> int:
    """Words between spaces; in scripts without spaces two characters count as one."""
    wide = len(WIDE_SCRIPT.findall(text)) if not text.isascii() else 0
    return len(text.split()) + wide // 2


def is_prose(text: str, words: int) -> bool:
    """Whether a line reads like sentences and not like a heading, a link or a list entry."""
    if words >= 25:
        return True
    if STATEMENT_END.search(text[-6:]):
        return words >= 6
    return words >= 12 and bool(SENTENCE_END.search(text[-6:]) or INNER_SENTENCE.search(text))


def wraps(text: str, lines: Sequence[Line]) -> set[int]:
    """The indices of lines that go on in the next line, because the text is set in columns.

    A line is wrapped where the next line's first word would not have fitted within the widest line; a text is, where
    nearly all line ends inside its blocks are such.
    """
    if not lines or len(text) < 2 * WIDEST_COLUMN:
        return set()
    inside = [i for i in range(len(lines) - 1) if text[lines[i].end : lines[i + 1].start].count("\n") == 1]
    width = max((len(line.text) for line in lines), default=0)
    if width > WIDEST_COLUMN or len(inside) < FEWEST_WRAPS:
        return set()
    full = {i for i in inside if len(lines[i].text) + 1 + len(lines[i + 1].text.split(None, 1)[0]) > width}
    return full if len(full) >= max(FEWEST_WRAPS, WRAPPED_SHARE * len(inside)) else set()
