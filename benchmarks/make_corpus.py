"""A made corpus of any size: ``python benchmarks/make_corpus.py FOLDER ARTICLES [--form text] [--changed 0.01]``.

Articles of about 4 kB in plain words that mean nothing, at 200 a day, so that ten times the articles are ten times the
days. Three sources: one under CC BY, one under CC BY-SA, one that grants nothing, so that its texts are withheld. One
article in fifty is an edited copy of an earlier one, one in two hundred is an exact copy. An article's content depends
on its number and its revision alone: the same call makes the same bytes, and ``--changed`` gives another revision to
the articles spread evenly through the corpus.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np

ARTICLES_A_DAY = 200
ARTICLES_A_FILE = 10_000
FIRST_DAY = date(2004, 1, 1)
WORDS_A_SENTENCE = 17
SENTENCES_A_PARAGRAPH = 4
PARAGRAPHS = 8
#: One article in so many is an edited copy, or an exact one.
EDITED_COPY, EXACT_COPY = 50, 200
SOURCES = (("ledger", "CC-BY-4.0", 6), ("courier", "CC-BY-SA-4.0", 3), ("gazette", "", 1))

SMALL_WORDS = """
    the of and to in that for was on with as by at from were this had its which are after before while when but over
    under into about they their she he would could has been will more than other some most last next first
"""
STEMS = """
    anchor apple autumn baker barge basin beacon bell bench board boat bottle bread breeze brick bridge bucket
    budget cabin canal candle captain cargo carpenter castle cellar chapel cheese cliff clock coast copper corner
    cottage council cousin crane crew custom dairy deck depot dinner ditch dock doctor draper drum engine evening
    farm ferry festival field fish flag fleet flour forest fountain frost garden gate glass goods grain granary gull
    hall hammer harbour harvest hatch hedge hill honey horse inlet iron island jetty journey keeper kettle kitchen
    ladder lake lamp lantern library lock lodge mackerel maker map market marsh mason mayor meadow merchant mill
    mist moor morning museum needle net night notice oak oar office orchard oven owner paint parade parish path pier
    pilot pine pipe plank plough pond pony porter pottery pump quarry quay rail rain reef repair river road roof
    rope sail salt school season shed shelter shepherd shipyard signal silver slate smith snow square stable station
    stone storm stove summer supper tailor tavern teacher tide timber tower tractor trader tunnel valley village
    voyage wagon wall warden water weaver well wharf wheel whistle wind window winter wool yard
"""
ENDINGS = ("", "s", "side", "man", "men", "work", "house", "ing", "ed", "like")


@cache
def vocabulary() -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """The words: a few that are in every sentence, and many that are not."""
    return np.array(
        SMALL_WORDS.split() * 20 + [stem + ending for stem in STEMS.split() for ending in ENDINGS], dtype=object
    )


def article(number: int, revision: int = 0, paragraphs: int = PARAGRAPHS) -> dict[str, str]:
    """Article ``number`` in its ``revision``, by field."""
    day = FIRST_DAY + timedelta(days=number // ARTICLES_A_DAY)
    weights = np.repeat(np.arange(len(SOURCES)), [share for _, _, share in SOURCES])
    source = SOURCES[weights[number % len(weights)]][0]
    original = number
    if number % EXACT_COPY == EXACT_COPY - 1:
        return article(number - 7, revision, paragraphs)
    if number % EDITED_COPY == EDITED_COPY - 1:
        original = number - 11
    words = _words(original, revision, paragraphs)
    if original != number:
        words[:: len(words) // 12] = "elsewhere"
    return {
        "title": " ".join(words[3:9]).capitalize(),
        "date": day.isoformat(),
        "source": source,
        "url": f"https://{source}.example.org/{day.year}/{number}",
        "body": _text(words),
    }


def _words(number: int, revision: int, paragraphs: int) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    chance = np.random.Generator(np.random.PCG64([20240115, number, revision]))
    sentences = SENTENCES_A_PARAGRAPH * paragraphs
    known = vocabulary()
    return known[chance.integers(0, len(known), sentences * WORDS_A_SENTENCE)]


def _text(words: np.ndarray[tuple[int], np.dtype[np.object_]]) -> str:
    sentences = [
        " ".join(words[first : first + WORDS_A_SENTENCE]).capitalize() + "."
        for first in range(0, len(words), WORDS_A_SENTENCE)
    ]
    paragraphs = range(0, len(sentences), SENTENCES_A_PARAGRAPH)
    return "\n\n".join(" ".join(sentences[first : first + SENTENCES_A_PARAGRAPH]) for first in paragraphs)


def articles(first: int, last: int, *, changed: float = 0.0, short: bool = False) -> Iterator[dict[str, str]]:
    """The articles from number ``first`` to before ``last``, a share of them in their next revision."""
    every = round(1 / changed) if changed else last + 1
    paragraphs = 1 if short else PARAGRAPHS
    return (article(number, int(number % every == every - 1), paragraphs) for number in range(first, last))


def write_wire(
    folder: Path, number: int, count: int | None = None, *, changed: float = 0.0, short: bool = False
) -> None:
    """Write the file of this number: 10,000 articles, or fewer where there are only ``count`` in all."""
    first, last = number * ARTICLES_A_FILE, (number + 1) * ARTICLES_A_FILE
    unfinished = folder / f".wire-{number:05d}"
    with unfinished.open("w", encoding="utf-8") as file:
        for row in articles(first, last if count is None else min(last, count), changed=changed, short=short):
            file.write(json.dumps(row) + "\n")
    unfinished.replace(folder / f"wire-{number:05d}.jsonl")


CONFIG = """name: made-corpus
title: Made Corpus
version: 1.0.0
created: 2060-01-01
licenses: [{{name: CC0-1.0}}]
contributors: [{{title: Benchmark, roles: [creator]}}]
sources:
{sources}
articles:
  - {{path: "{glob}"}}
build:
  entities: {{model: {model}}}
{more}"""


def write_config(folder: Path, *, form: str = "jsonl", model: str = "none", more: str = "") -> None:
    """Write dataset.yaml; ``more`` are further lines of its ``build`` section, indented by two."""
    entries = []
    for name, license_, _ in SOURCES:
        granted = f", license: {license_}" if license_ else ""
        entries.append(
            f"  - {{name: {name}, title: The {name.capitalize()}, email: desk@{name}.example.org,"
            f" language: en, timezone: Europe/London, country: GB{granted}}}"
        )
    glob = "*.jsonl" if form == "jsonl" else "**/*.txt"
    (folder / "dataset.yaml").write_text(
        CONFIG.format(sources="\n".join(entries), glob=glob, model=model, more=more), encoding="utf-8"
    )


def write_corpus(
    folder: Path,
    count: int,
    *,
    form: str = "jsonl",
    changed: float = 0.0,
    short: bool = False,
    model: str = "none",
    more: str = "",
) -> None:
    """Write ``count`` articles below ``folder``: JSON Lines of 10,000, or a text file with front matter each."""
    folder.mkdir(parents=True, exist_ok=True)
    write_config(folder, form=form, model=model, more=more)
    if form == "jsonl":
        for number in range(-(-count // ARTICLES_A_FILE)):
            write_wire(folder, number, count, changed=changed, short=short)
        return
    for number, row in enumerate(articles(0, count, changed=changed, short=short)):
        path = folder / f"{number // 1000:05d}" / f"{number:08d}.txt"
        path.parent.mkdir(exist_ok=True)
        body = row.pop("body")
        head = "".join(f"{name}: {value}\n" for name, value in row.items())
        path.write_text(f"---\n{head}---\n{body}\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("articles", type=int)
    parser.add_argument("--form", choices=("jsonl", "text"), default="jsonl")
    parser.add_argument("--changed", type=float, default=0.0)
    parser.add_argument("--short", action="store_true", help="articles of a paragraph")
    parser.add_argument("--model", default="none")
    options = parser.parse_args()
    write_corpus(
        options.folder,
        options.articles,
        form=options.form,
        changed=options.changed,
        short=options.short,
        model=options.model,
    )
