"""Small corpora that tests write; fictional, CC0."""

from __future__ import annotations

from pathlib import Path

CONFIG = """\
name: harbour-notes
title: Harbour Notes
version: 1.0.0
created: 2024-11-05
licenses: [{name: CC0-1.0}]
contributors: [{title: Harbour Archive}]
sources:
  - name: ledger
    title: The Harbour Ledger
    email: rights@ledger.example.org
    license: CC-BY-4.0
    language: en
    timezone: Europe/London
    country: GB
  - {name: gazette, title: Gannet Gazette, email: rights@gazette.example.org, language: en}
articles:
  - {path: "ledger/*.txt", source: ledger}
  - {path: "gazette/*.txt", source: gazette}
  - {path: "*.jsonl"}
build:
  entities: {model: MODEL}
"""


def article(number: int, *, day: int = 1) -> str:
    """One fictional article's text."""
    return (
        f"Ferry number {number} left the old harbour of Port Callow on time, said the clerk Ada Quill.\n"
        f"It carried {number + 40} passengers and {number + 7} crates of lamps to Gannet Point.\n"
        "The council will count the lamps again before the winter fair opens its gates.\n"
        f"Published on October {day}, 2024 at 11:00 pm\n"
    )


def write_corpus(folder: Path, *, articles: int = 4, model: str = "none") -> Path:
    """A corpus with a released and a withheld source, two input forms and ``articles`` files each."""
    for source in ("ledger", "gazette"):
        (folder / source).mkdir(parents=True, exist_ok=True)
        for number in range(articles):
            offset = number if source == "ledger" else 1000 + number
            (folder / source / f"{number:04d}.txt").write_text(article(offset, day=number % 28 + 1), encoding="utf-8")
    (folder / "wire.jsonl").write_text(
        '{"title": "Lamps counted", "date": "2024-10-30", "source": "ledger", "license": "CC0-1.0",'
        ' "body": "The lamps of Port Callow were counted twice. Nobody found the missing one."}\n',
        encoding="utf-8",
    )
    (folder / "dataset.yaml").write_text(CONFIG.replace("MODEL", model), encoding="utf-8")
    return folder
