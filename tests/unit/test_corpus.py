"""Which files are articles, and what becomes of those that are not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dataset_builder.config import load_config
from dataset_builder.read.corpus import Corpus, glob_matches
from dataset_builder.read.record import RawRecord, Rejection, digest


def codes(folder: Path) -> tuple[list[RawRecord], list[tuple[str, str]]]:
    corpus = Corpus.open(load_config(folder))
    items = list(corpus.records())
    records = [item for item in items if isinstance(item, RawRecord)]
    issues = [*corpus.issues, *(item.issue for item in items if isinstance(item, Rejection))]
    issues += [issue for record in records for issue in record.issues]
    return records, sorted((issue.code, issue.path) for issue in issues)


@pytest.mark.parametrize(
    ("pattern", "locator", "matches"),
    [
        ("*.txt", "a.txt", True),
        ("*.txt", "b/a.txt", False),
        ("**/*.txt", "a.txt", True),
        ("**/*.txt", "b/c/a.txt", True),
        ("b/**", "b/c/a.txt", True),
        ("b/**/c/*.txt", "b/c/a.txt", True),
        ("b/**/c/*.txt", "b/x/y/c/a.txt", True),
        ("b/**/c/*.txt", "b/x/y/a.txt", False),
        ("[ab].txt", "a.txt", True),
        ("wire.jsonl", "wire.jsonl", True),
    ],
)
def test_globs(pattern: str, locator: str, matches: bool) -> None:
    assert glob_matches(pattern, locator) is matches


def test_identity_is_the_payload_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"The ferry left.\n")
    (tmp_path / "b.txt").write_bytes(b"---\nlicense: CC0-1.0\n---\nThe ferry left.\n")
    (tmp_path / "c.jsonl").write_bytes(b'{"body": "The ferry left.\\n"}\n')
    records, _ = codes(tmp_path)
    assert {record.id for record in records} == {digest(b"The ferry left.\n")[:32]}
    assert [record.locator for record in records] == ["a.txt", "b.txt", "c.jsonl#L1"]


def test_one_bad_file_of_each_kind(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "blank.txt").write_bytes(b"---\ntitle: x\n---\n \n")
    (tmp_path / "binary.txt").write_bytes(b"\x89PNG\x00\x01\x02")
    (tmp_path / "latin.txt").write_bytes("Les élus du port ont décidé de rénover la jetée à l'été.".encode("latin-1"))
    (tmp_path / "field.txt").write_bytes(b"---\nlicence: CC0-1.0\n---\ntext")
    (tmp_path / "typed.txt").write_bytes(b"---\ntitle: [1, 2]\n---\ntext")
    (tmp_path / "rows.jsonl").write_bytes(
        b'{"body": "ok"}\n{"body": \n[1]\n{"title": "x"}\n{"body": "\\ud800"}\n{"body": 7}\n'
    )
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "outside.txt").symlink_to("/etc/hostname")
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere")
    records, found = codes(tmp_path)
    assert found == sorted(
        [
            ("empty-file", "empty.txt"),
            ("empty-file", "blank.txt"),
            ("binary-file", "binary.txt"),
            ("not-utf8", "latin.txt"),
            ("unknown-field", "field.txt"),
            ("field-wrong-type", "typed.txt"),
            ("broken-line", "rows.jsonl"),
            ("broken-line", "rows.jsonl"),
            ("broken-line", "rows.jsonl"),
            ("missing-field", "rows.jsonl"),
            ("field-wrong-type", "rows.jsonl"),
            ("not-a-regular-file", "pipe.txt"),
            ("path-outside", "outside.txt"),
            ("unreadable-file", "dangling.txt"),
        ]
    )
    assert len(records) == 4


def test_metadata_files_describe_the_files_beside_them(tmp_path: Path) -> None:
    folder = tmp_path / "sub"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(f"The ferry {name} left.")
    (folder / "metadata.csv").write_text(
        "file_name,title,license\na.txt,First,CC0-1.0\na.txt,Second,CC-BY-4.0\ngone.txt,x,\n../../etc/passwd,x,\n"
    )
    records, found = codes(tmp_path)
    assert [claim.value for claim in records[0].claims] == ["First", "CC0-1.0"]
    assert found == [
        ("metadata-duplicate-row", "sub/metadata.csv"),
        ("metadata-file-missing", "sub/metadata.csv"),
        ("path-outside", "sub/metadata.csv"),
    ]


def test_names_that_could_forge_a_line_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a\nerror: forged.txt").write_text("text")
    (tmp_path / "right\u202eto-left.txt").write_text("text")
    _, found = codes(tmp_path)
    assert [code for code, _ in found] == ["unsafe-file-name", "unsafe-file-name"]
    assert all("\n" not in path and "\u202e" not in path for _, path in found)
