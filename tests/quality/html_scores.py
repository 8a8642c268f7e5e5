"""How well the HTML reader does on pages with known articles, beside bare trafilatura in the same run.

For the table: ``python tests/quality/html_scores.py``. The pages are WCXB's development articles (Murrough Foley,
CC BY 4.0), which lie beside the repository and not in it.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dataset_builder.read.html.body import extractor_name, word_f1
from dataset_builder.read.html.page import HtmlPage, extract_html

PAGES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "wcxb-articles"

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
#: Shorter pieces are headings and labels, which turn up by chance.
_SENTENCE_WORDS = 5


@dataclass(frozen=True)
class GoldPage:
    """One page with what is known of its article; None where the annotators found no author or date."""

    name: str
    url: str
    payload: bytes
    title: str
    author: str | None
    date: str | None
    body: str


@dataclass(frozen=True)
class Scores:
    """Means over all pages, except the counts of sentences and invented dates."""

    pages: int
    f1: float
    bare_f1: float
    lost: int
    bare_lost: int
    sentences: int
    title: float
    author: float
    date: float
    dated: int
    invented: int
    undated: int


def gold_pages() -> Iterator[GoldPage]:
    """The pages in the order of their names."""
    for path in sorted((PAGES / "ground-truth").glob("*.json")):
        entry = json.loads(path.read_text(encoding="utf-8"))
        truth = entry["ground_truth"]
        payload = gzip.decompress((PAGES / "html" / f"{path.stem}.html.gz").read_bytes())
        yield GoldPage(
            path.stem,
            entry["url"],
            payload,
            truth["title"],
            truth["author"] or None,
            truth["publish_date"] or None,
            truth["main_content"],
        )


@cache
def scores() -> Scores:
    """Read every page with the reader and with bare trafilatura, and compare both with the truth."""
    from trafilatura import extract

    sums: Counter[str] = Counter()
    f1 = bare_f1 = 0.0
    for page in gold_pages():
        found, bare = extract_html(page.payload, url=page.url), extract(page.payload) or ""
        f1 += word_f1(found.text, page.body)
        bare_f1 += word_f1(bare, page.body)
        gold = sentences(page.body)
        sums["pages"] += 1
        sums["sentences"] += len(gold)
        sums["lost"] += missing(gold, found.text)
        sums["bare_lost"] += missing(gold, bare)
        sums["title"] += words(value(found, "title")) == words(page.title)
        sums["author"] += sorted(words(value(found, "author"))) == sorted(words(page.author or ""))
        date = value(found, "date")[:10]
        sums["dated"] += page.date is not None
        sums["undated"] += page.date is None
        sums["date"] += page.date is not None and date == page.date
        sums["invented"] += page.date is None and bool(date)
    count = sums["pages"]
    return Scores(
        pages=count,
        f1=f1 / count,
        bare_f1=bare_f1 / count,
        lost=sums["lost"],
        bare_lost=sums["bare_lost"],
        sentences=sums["sentences"],
        title=sums["title"] / count,
        author=sums["author"] / count,
        date=sums["date"] / sums["dated"],
        dated=sums["dated"],
        invented=sums["invented"],
        undated=sums["undated"],
    )


def value(page: HtmlPage, field: str) -> str:
    """The page's most trusted claim for a field."""
    return next((claim.value for claim in page.claims if claim.field == field), "")


def words(text: str) -> list[str]:
    """The words without regard to case and marks."""
    return _WORD.findall(text.casefold())


def sentences(text: str) -> list[str]:
    """The sentences of a text as runs of words."""
    pieces = (words(piece) for line in text.split("\n") for piece in _SENTENCE_END.split(line))
    return [" ".join(piece) for piece in pieces if len(piece) >= _SENTENCE_WORDS]


def missing(gold: list[str], text: str) -> int:
    """How many of the sentences are not in the text as a run of words."""
    flat = " ".join(words(text))
    return sum(sentence not in flat for sentence in gold)


def report() -> str:
    """The scores as lines to print."""
    found = scores()
    return "\n".join(
        (
            f"HTML, {found.pages} pages of WCXB, {extractor_name()}",
            f"  body word F1      {found.f1:.4f}   bare trafilatura {found.bare_f1:.4f}",
            f"  sentences lost    {found.lost} of {found.sentences}   bare trafilatura {found.bare_lost}",
            f"  title             {found.title:.3f}",
            f"  author            {found.author:.3f}",
            f"  date              {found.date:.3f} of {found.dated}; invented on {found.invented} of {found.undated}",
        )
    )


if __name__ == "__main__":
    print(report())
