"""Small corpora that tests write; fictional, CC0."""

from __future__ import annotations

import hashlib
import random
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


WHO = (
    "the clerk Ada Quill",
    "the pilot Bram Oake",
    "the baker Cora Finch",
    "a warden of the lighthouse",
    "Dean Harrow",
)
WHAT = ("lamps", "bells", "ropes", "barrels of tar", "brass compasses", "crates of herring", "sails", "anchors")
WHERE = ("Port Callow", "Gannet Point", "Lower Wexmouth", "Merrow Quay", "Saltby", "the old customs house")
DID = ("counted", "lost", "painted", "sold at auction", "weighed twice", "hid under the pier", "gave to the school")
WHEN = ("before the winter fair", "in the night of the storm", "on the ferry's birthday", "while the tide was out")


def article(number: int, *, day: int = 1) -> str:
    """One fictional article's text; different numbers give texts that are no copies of each other."""
    draw = random.Random(number)
    sentences = [
        f"{draw.choice(WHO).capitalize()} {draw.choice(DID)} {draw.randint(3, 900)} {draw.choice(WHAT)} "
        f"at {draw.choice(WHERE)} {draw.choice(WHEN)}, "
        f"and {draw.choice(WHO)} {draw.choice(DID)} the {draw.choice(WHAT)}."
        for _ in range(6)
    ]
    return "\n".join([*sentences, f"Published on October {day}, 2024 at 11:00 pm"]) + "\n"


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


def digests(folder: Path) -> dict[str, str]:
    """Path -> digest of every file."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
