"""A near copy takes the strictest terms of its cluster; a suspicion stays in the findings."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from corpora import article
from dataset_builder.explain.explanation import explain
from dataset_builder.pipeline import build
from dataset_builder.snapshot.verify import verify

CONFIG = """\
name: copies
title: Copies
version: 1.0.0
created: 2024-11-05
sources:
  - {name: ledger, title: The Harbour Ledger, email: a@ledger.example.org}
articles:
  - {path: "*.txt", source: ledger}
build:
  entities: {model: none}
"""


def copies(tmp_path: Path, *licenses: str, options: str = "") -> Path:
    """The same story once a licence, each with a sentence of its own."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "dataset.yaml").write_text(CONFIG + options)
    for number, license in enumerate(licenses):
        text = f"{article(7)}The edition of copy {number} adds this line about the tide.\n"
        (folder / f"{number}.txt").write_text(f"---\ntitle: Copy {number}\nlicense: {license}\n---\n{text}")
    return folder


def released(out: Path) -> dict[str, dict[str, Any]]:
    return {row["title"]: row for row in pq.read_table(out / "articles", partitioning=None).to_pylist()}


def test_an_attribution_copy_of_a_share_alike_text_is_share_alike(tmp_path: Path) -> None:
    corpus = copies(tmp_path, "CC-BY-4.0", "CC-BY-SA-4.0")
    result = build(corpus, tmp_path / "out")
    rows = released(result.out)
    assert {path.parent.name for path in (result.out / "articles").rglob("*.parquet")} == {"sharealike"}
    assert rows["Copy 0"]["license"] == "CC-BY-4.0 AND CC-BY-SA-4.0"
    assert rows["Copy 0"]["rights_class"] == rows["Copy 1"]["rights_class"] == "share-alike"
    assert rows["Copy 0"]["decision_rule"] == "share-alike-full"
    assert rows["Copy 1"]["license"] == "CC-BY-SA-4.0"
    assert [issue.path for issue in result.issues if issue.code == "near-copy-terms"] == ["0.txt"]
    assert verify(result.out).issues == ()
    story = explain("0.txt", corpus).decision
    assert (story.rule, story.license) == ("share-alike-full", "CC-BY-4.0 AND CC-BY-SA-4.0")
    assert "1.txt" in story.reason


def test_a_noncommercial_copy_binds_the_others_in_a_noncommercial_release(tmp_path: Path) -> None:
    corpus = copies(tmp_path, "CC-BY-4.0", "CC-BY-NC-4.0", options="  noncommercial: true\n")
    out = build(corpus, tmp_path / "out").out
    assert {path.parent.name for path in (out / "articles").rglob("*.parquet")} == {"noncommercial"}
    assert verify(out).issues == ()


def test_copies_under_the_same_terms_keep_their_own(tmp_path: Path) -> None:
    result = build(copies(tmp_path, "CC-BY-4.0", "CC-BY-3.0"), tmp_path / "out")
    assert {row["license"] for row in released(result.out).values()} == {"CC-BY-4.0", "CC-BY-3.0"}
    assert not [issue for issue in result.issues if issue.code == "near-copy-terms"]


def test_a_suspicion_is_in_the_findings_and_in_no_file(tmp_path: Path) -> None:
    case = Path(__file__).parents[1] / "cases" / "valid" / "spun-wording" / "corpus"
    shutil.copytree(case, tmp_path / "corpus")
    result = build(tmp_path / "corpus", tmp_path / "out")
    (finding,) = [issue for issue in result.issues if issue.code == "review-needed"]
    assert "press convention" in finding.found
    for path in result.out.rglob("*"):
        if path.is_file():
            text = path.read_bytes().lower()
            assert b"suspect" not in text, path
            assert b"press convention" not in text, path
    (flags,) = pq.read_table(result.out / "catalog", partitioning=None).column("quality_flags").to_pylist()
    assert flags == ["date-missing"]
