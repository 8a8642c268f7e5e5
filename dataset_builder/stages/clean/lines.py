"""The lines of a text and what each looks like; whether line ends are paragraphs or only the end of a column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

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
#: Words are counted so many characters at a time, for a list of the words of a whole book takes ten times its memory.
COUNTED = 100_000
#: So many line ends, and this share of all, must stand where the next word did not fit any more.
FEWEST_WRAPS, WRAPPED_SHARE = 4, 0.8


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, from its first to its last character that is no white space: ``whole[start:end]``.

    Attributes:
        bullet: the length of the bullet or number that it starts with.
    """

    start: int
    end: int
    whole: str
    words: int
    prose: bool
    bullet: int

    @property
    def text(self) -> str:
        """The line itself; cut out when it is asked for, as lines of their own would be a second copy of the text."""
        return self.whole[self.start : self.end]

    @property
    def length(self) -> int:
        """Its code points."""
        return self.end - self.start

    @property
    def bare(self) -> str:
        """The line without its bullet and without marks of emphasis around it."""
        return self.whole[self.start + self.bullet : self.end].strip("*_ ") or self.text


@lru_cache(maxsize=1)
def lines_of(text: str) -> tuple[Line, ...]:
    """The lines of ``text`` that are not blank, in order; one pass after the other asks for those of the same text."""
    return tuple(each_line(text))


def each_line(text: str) -> Iterator[Line]:
    """The same, each made when it is asked for."""
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        raw = text[start : end if end >= 0 else len(text)]
        if stripped := raw.strip():
            yield line_of(text, stripped, start + raw.index(stripped[0]))
        start += len(raw) + 1


def line_of(whole: str, text: str, start: int) -> Line:
    """The line ``text``, which begins at ``start`` of ``whole``, with its measures."""
    words = count_words(text)
    bullet = BULLET.match(text)
    return Line(start, start + len(text), whole, words, is_prose(text, words), bullet.end() if bullet else 0)


def count_words(text: str) -> int:
    """Words between spaces; in scripts without spaces two characters count as one."""
    parts = [text] if len(text) <= COUNTED else [text[at : at + COUNTED] for at in range(0, len(text), COUNTED)]
    wide = sum(len(WIDE_SCRIPT.findall(part)) for part in parts) if not text.isascii() else 0
    cut = sum(not (one[-1].isspace() or other[0].isspace()) for one, other in pairwise(parts))
    return sum(len(part.split()) for part in parts) - cut + wide // 2


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
    width = max((line.length for line in lines), default=0)
    if width > WIDEST_COLUMN or len(inside) < FEWEST_WRAPS:
        return set()
    full = {i for i in inside if lines[i].length + 1 + len(lines[i + 1].text.split(None, 1)[0]) > width}
    return full if len(full) >= max(FEWEST_WRAPS, WRAPPED_SHARE * len(inside)) else set()
