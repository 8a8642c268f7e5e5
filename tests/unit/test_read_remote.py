"""Files behind fsspec addresses are read like files of the corpus; addresses of this machine's disk are not."""

from __future__ import annotations

import gzip
from pathlib import Path

import fsspec
import pytest

from dataset_builder.config import load_config
from dataset_builder.read.corpus import Corpus
from dataset_builder.read.record import RawRecord, Rejection

CONFIG = """\
name: harbour-notes
title: Harbour Notes
version: 1.0.0
created: 2024-11-05
licenses: [{name: CC0-1.0}]
contributors: [{title: Harbour Archive}]
sources:
  - {name: ledger, title: The Harbour Ledger, email: rights@ledger.example.org, license: CC-BY-4.0, language: en}
articles:
  - {path: "ADDRESS", source: ledger}
"""


def corpus(folder: Path, address: str) -> Corpus:
    (folder / "dataset.yaml").write_text(CONFIG.replace("ADDRESS", address), encoding="utf-8")
    return Corpus.open(load_config(folder))


def test_a_glob_behind_an_address(tmp_path: Path) -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe("/harbour/b.jsonl.gz", gzip.compress(b'{"body": "The pier is open."}\n', mtime=0))
    memory.pipe("/harbour/a.txt", b"The ferry left.\n")
    memory.pipe("/harbour/c.pdf", b"%PDF")
    try:
        found = corpus(tmp_path, "memory://harbour/*")
        records = [item for item in found.records() if isinstance(item, RawRecord)]
    finally:
        memory.rm("/harbour", recursive=True)
    assert [(record.text, record.source) for record in records] == [
        ("The ferry left.\n", "ledger"),
        ("The pier is open.", "ledger"),
    ]
    assert records[0].locator == "memory:///harbour/a.txt"
    assert [issue.code for issue in found.issues] == ["form-not-supported"]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("file:///etc/hostname.txt", "path-outside"),
        ("simplecache::file:///etc/*.txt", "path-outside"),
        ("memory://nowhere/a.txt", "unreadable-file"),
        ("no-such-protocol://bucket/*.txt", "unreadable-file"),
        ("no-such-protocol://bucket/a.txt", "unreadable-file"),
    ],
)
def test_addresses_that_cannot_be_read(tmp_path: Path, address: str, code: str) -> None:
    items = list(corpus(tmp_path, address).records())
    assert [item.issue.code for item in items if isinstance(item, Rejection)] == [code]
