"""Corpora that are a burden in one way each; fictional, CC0, the same for the same number."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

HEAD = """\
name: burden
title: Burden
version: 1.0.0
created: 2024-11-05
licenses: [{{name: CC0-1.0}}]
contributors: [{{title: Harbour Archive}}]
build: {{entities: {{model: none}}, limits: {{article_characters: {largest}, item_bytes: {bytes}}}}}
"""
LEDGER = (
    "sources: [{name: ledger, title: The Harbour Ledger, email: rights@ledger.example.org, license: CC-BY-4.0, "
    "language: en, timezone: Europe/London}]\n"
)
_SENTENCE = "Keeper {} of the light at Saltby wrote down {} gulls, {} boats and a ferry that was late by {} minutes. "


def tiny_articles(folder: Path, number: int) -> None:
    """``number`` files of a sentence each, all in one folder."""
    _configured(folder, LEDGER + "articles: [{path: 'ledger/*.txt', source: ledger}]\n")
    (folder / "ledger").mkdir()
    for n in range(number):
        head = f"---\ntitle: Note {n}\ndate: 20{n // 336 % 20 + 4:02}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}\n---\n"
        (folder / "ledger" / f"{n:07}.txt").write_text(head + _said(n) + "\n", encoding="utf-8")


def many_sources(folder: Path, number: int) -> None:
    """``number`` sources in dataset.yaml, and an article of each in one file."""
    row = (
        "  - {{name: paper-{0}, title: Paper {0}, email: rights@p{0}.example.org, license: CC-BY-4.0, language: en}}\n"
    )
    _configured(folder, "sources:\n" + "".join(row.format(n) for n in range(number)))
    _rows(folder, number, lambda n: {"source": f"paper-{n}", "date": f"2024-10-{n % 28 + 1:02}"})


def many_findings(folder: Path, number: int) -> None:
    """``number`` articles with a date that is none, which is a finding each."""
    _configured(folder, LEDGER)
    _rows(folder, number, lambda n: {"source": "ledger", "date": f"the {n}th of Neverember"})


def giant_text(folder: Path, megabytes: int) -> None:
    """One plain-text article of so many megabytes; the limit is raised for it, as for the next two."""
    _configured(folder, LEDGER, megabytes)
    with (folder / "a.txt").open("w", encoding="utf-8") as out:
        out.writelines(_sentences(megabytes, "", "\n"))


def giant_page(folder: Path, megabytes: int) -> None:
    """The same as a page of HTML."""
    _configured(folder, LEDGER, megabytes)
    with (folder / "a.html").open("w", encoding="utf-8") as out:
        out.write("<html><head><title>The long watch</title></head><body><article>\n")
        out.writelines(_sentences(megabytes, "<p>", "</p>\n"))
        out.write("</article></body></html>\n")


def giant_row(folder: Path, megabytes: int) -> None:
    """The same as a row of JSON Lines, with a small row before and after it."""
    _configured(folder, LEDGER, megabytes)
    with (folder / "wire.jsonl").open("w", encoding="utf-8") as out:
        for body in ([_said(1)], _sentences(megabytes, "", " "), [_said(2)]):
            out.write('{"title": "Watch", "source": "ledger", "date": "2024-10-01", "body": "')
            out.writelines(body)
            out.write('"}\n')


def _configured(folder: Path, rest: str, megabytes: int = 1) -> None:
    folder.mkdir(parents=True)
    head = HEAD.format(largest=(megabytes + 1) * 1_000_000, bytes=(megabytes + 1) * 1_000_000)
    (folder / "dataset.yaml").write_text(head + rest, encoding="utf-8")


def _rows(folder: Path, number: int, more: Callable[[int], dict[str, str]]) -> None:
    with (folder / "wire.jsonl").open("w", encoding="utf-8") as out:
        for n in range(number):
            out.write(json.dumps({"title": f"Note {n}", "body": _said(n), **more(n)}) + "\n")


def _said(n: int) -> str:
    return _SENTENCE.format(n, n * 7919 % 10_007, n * 104_729 % 1_009, n * 31 % 241).strip()


def _sentences(megabytes: int, before: str, after: str) -> Iterator[str]:
    written, n = 0, 0
    while written < megabytes * 1_000_000:
        line = f"{before}{_said(n)}{after}"
        written += len(line)
        n += 1
        yield line


CORPORA: dict[str, tuple[Callable[[Path, int], None], int, str]] = {
    "tiny": (tiny_articles, 1_000_000, "articles in one folder"),
    "sources": (many_sources, 100_000, "sources in dataset.yaml"),
    "findings": (many_findings, 10_000, "findings"),
    "text": (giant_text, 200, "MB in one text file"),
    "page": (giant_page, 200, "MB in one page of HTML"),
    "row": (giant_row, 200, "MB in one row of JSON Lines"),
}
