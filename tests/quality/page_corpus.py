"""The development pages with gold bodies, and the two measures that bodies are judged by.

The pages are read from ``../shared/data/wcxb-articles`` (WCXB, Murrough Foley, CC BY 4.0) and never copied here.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "wcxb-articles"

WORD = re.compile(r"\w+")
SENTENCE_BREAK = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\n+")
#: Shorter stretches (list entries, headings) are no sentences, and their words stand anywhere.
FEWEST_SENTENCE_WORDS = 4


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its HTML as bytes, and what people marked on it."""

    name: str
    html: bytes
    title: str
    author: str | None
    date: str | None
    body: str


def pages() -> Iterator[Page]:
    """The pages in the order of their names."""
    for path in sorted((CORPUS / "ground-truth").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))["ground_truth"]
        html = gzip.decompress((CORPUS / "html" / f"{path.stem}.html.gz").read_bytes())
        yield Page(path.stem, html, gold["title"], gold["author"], gold["publish_date"], gold["main_content"])


def word_f1(body: str, gold: str) -> float:
    """F1 of the two bags of words, without regard to case."""
    found, wanted = Counter(WORD.findall(body.casefold())), Counter(WORD.findall(gold.casefold()))
    common = sum((found & wanted).values())
    return 2 * common / (found.total() + wanted.total()) if common else float(found == wanted)


def sentences(text: str) -> list[str]:
    """The sentences of ``text`` as their words, joined by single spaces."""
    found = (" ".join(WORD.findall(part.casefold())) for part in SENTENCE_BREAK.split(text))
    return [sentence for sentence in found if sentence.count(" ") + 1 >= FEWEST_SENTENCE_WORDS]


def lost_sentences(gold: str, given: str, body: str) -> tuple[int, int]:
    """How many sentences of ``gold`` that ``given`` holds are missing from ``body``, and how many it holds."""
    before, after = (" ".join(WORD.findall(text.casefold())) for text in (given, body))
    held = [sentence for sentence in sentences(gold) if sentence in before]
    return sum(sentence not in after for sentence in held), len(held)
