"""Words of any script: letters and digits with the marks that belong to them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

from dataset_builder.resources import read_yaml, schema_file
from dataset_builder.spelling import unspaced

#: Joiners inside words (Persian, Indic scripts), and the last plane that holds combining marks of scripts.
_JOINERS = "\u200c\u200d"
_LAST_MARK = 0x1FFFF
_APOSTROPHES = "'’ʼ"


@cache
def rules() -> Any:
    """``schema/rights/partial-release.yaml``."""
    return read_yaml(schema_file("rights", "partial-release.yaml"))


def words(text: str) -> Iterator[re.Match[str]]:
    """The words of ``text``, in order."""
    return _word().finditer(text)


def folded(word: str) -> str:
    """The form in which a word is counted: caseless, composed (Unicode 15.0, D145 and NFC)."""
    return unicodedata.normalize("NFC", word.casefold())


@cache
def _word() -> re.Pattern[str]:
    marks = _JOINERS + _class_of(_runs(code for code in range(0x300, _LAST_MARK) if _is_mark(code)))
    alone = _class_of(iter(unspaced()))
    letter = rf"[^\W_{alone}](?:[^\W_{alone}]|[{marks}])*"
    return re.compile(rf"(?![{marks}])(?:{letter}(?:[{_APOSTROPHES}]{letter})*|[{alone}][{marks}]*)")


def _is_mark(code: int) -> bool:
    return unicodedata.category(chr(code)).startswith("M")


def _runs(codes: Iterator[int]) -> Iterator[tuple[int, int]]:
    """Code points as (first, last) of their runs."""
    first = last = next(codes)
    for code in codes:
        if code != last + 1:
            yield first, last
            first = code
        last = code
    yield first, last


def _class_of(runs: Iterator[tuple[int, int]]) -> str:
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in runs)
