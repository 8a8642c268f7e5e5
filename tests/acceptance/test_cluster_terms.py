"""A near copy takes the strictest terms of its cluster; a suspicion stays in the findings."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

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


@pytest.mark.parametrize("copies_left", [1, 2])
def test_a_copy_of_a_withdrawn_text_waits_for_a_person(tmp_path: Path, copies_left: int) -> None:
    licenses = ["CC-BY-4.0"] * (1 + copies_left)
    corpus = copies(tmp_path, *licenses)
    first = next(row["id"] for row in released(build(corpus, tmp_path / "before").out).values())
    config = (corpus / "dataset.yaml").read_text()
    gone = f'withdrawals:\n  - {{id: "{first}", reason: Asked for., date: 2024-11-05}}\n'
    (corpus / "dataset.yaml").write_text(config + gone)

    result = build(corpus, tmp_path / "out")
    assert not (result.out / "articles").exists()
    assert result.accounts.withdrawn == 1
    waiting = [issue for issue in result.issues if issue.code == "copy-of-withdrawn"]
    assert len(waiting) == copies_left
    assert all(first in issue.expected for issue in waiting)
    rows = pq.read_table(result.out / "catalog", partitioning=None).to_pylist()
    clusters = {row["duplicate_cluster"] for row in rows if row["id"] != first}
    assert (clusters == {None}) is (copies_left == 1)
    assert not any(first[:16] in (name or "") for name in clusters)
    assert verify(result.out).issues == ()
    story = explain(waiting[0].path, corpus).decision
    assert story.release == "metadata"
    assert first in story.reason

    read = corpus / waiting[0].path
    read.write_text(read.read_text().replace("\nlicense:", "\nreviewed_by: Ada Quay\nlicense:", 1))
    kept = released(build(corpus, tmp_path / "read").out)
    assert [row["reviewed_by"] for row in kept.values()] == ["Ada Quay"]


def test_a_copy_but_for_its_last_line_break_is_a_copy(tmp_path: Path) -> None:
    corpus = copies(tmp_path, "CC-BY-4.0")
    text = (corpus / "0.txt").read_text()
    first = next(iter(released(build(corpus, tmp_path / "before").out).values()))["id"]
    (corpus / "1.txt").write_text(text + "\n\n")
    with (corpus / "dataset.yaml").open("a") as config:
        config.write(f'withdrawals:\n  - {{id: "{first}", reason: Asked for., date: 2024-11-05}}\n')
    assert not (build(corpus, tmp_path / "out").out / "articles").exists()
