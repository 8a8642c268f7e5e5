"""The two documents that the project was started from, where they are at hand; none of their sentences stands here."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from dataset_builder.pipeline import BuildResult, build
from dataset_builder.records import Edit, apply_edits

HEADLINE = "USA: North Korean troops are in Russia to fight against Ukraine"


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    seeds = Path(__file__).resolve().parents[3] / "shared" / "seeds"
    if not seeds.is_dir():
        pytest.skip("the folder ../shared is absent: this test needs its two documents")
    folder = tmp_path_factory.mktemp("documents") / "given"
    shutil.copytree(seeds, folder)
    return folder


@pytest.fixture(scope="module")
def private(documents: Path, tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    return build(documents, tmp_path_factory.mktemp("private") / "out", audience="private")


def rows(result: BuildResult, table: str = "articles") -> dict[str, dict[str, Any]]:
    """Rows by the first three characters of their file's name."""
    paths = sorted(result.out.glob(f"{table}/**/*.parquet"))
    found = [row for path in paths for row in pq.read_table(path, partitioning=None).to_pylist()]
    return {row["provenance"]["locator"][:3]: row for row in found}


def original(documents: Path, prefix: str) -> str:
    return next(documents.glob(f"{prefix}*")).read_text(encoding="utf-8")


def test_titles_and_dates(private: BuildResult) -> None:
    articles = rows(private)
    assert articles["004"]["title"] == HEADLINE
    assert articles["000"]["title"] is None
    assert (articles["004"]["date"], articles["004"]["published_at"]) == (date(2024, 10, 23), None)
    assert (articles["000"]["date"], articles["000"]["published_at"]) == (date(2024, 11, 1), None)
    said = {(issue.code, issue.path[:3]) for issue in private.issues}
    assert ("no-title", "000") in said
    assert {path for code, path in said if "zone" in code} == {"000", "004"}


def test_residue_is_gone_and_the_dek_is_the_summary(private: BuildResult, documents: Path) -> None:
    articles = rows(private)
    residue = (
        r"\[/?ad_|Source link|Credit:|credit score|Shutterstock|\| *Photograph"
        r"|^INTERNATIONAL|^Defined|^Revealed|^Published on"
    )
    for row in articles.values():
        assert re.search(residue, row["body"], re.MULTILINE) is None
    dek = original(documents, "004").splitlines()[3]
    assert articles["004"]["summary"] == dek
    assert HEADLINE not in articles["004"]["body"]


def test_every_sentence_is_kept_word_for_word(private: BuildResult, documents: Path) -> None:
    """What remains is the file's lines of the article, in order, subject to joins of punctuation only."""
    furniture = {"000": {0, -1}, "004": {0, 1, 2, 3, 4, 5, 6, -1, -2}}
    for prefix, row in rows(private).items():
        lines = original(documents, prefix).splitlines()
        dropped = {index % len(lines) for index in furniture[prefix]}
        kept = [line for index, line in enumerate(lines) if index not in dropped and line.strip()]
        kept = [line for line in kept if not line.startswith("Defined |")]
        paragraphs = row["body"].split("\n\n")
        assert len(paragraphs) == len(kept)
        for paragraph, line in zip(paragraphs, kept, strict=True):
            assert re.findall(r"\w+", paragraph) == re.findall(r"\w+", line)
    assert {"Ukrainian outrage", "Development in missile know-how"} <= set(rows(private)["000"]["body"].split("\n\n"))


def test_edits_replay(private: BuildResult, documents: Path) -> None:
    for prefix, row in rows(private).items():
        edits = [Edit(**edit) for edit in row["provenance"]["edits"]]
        assert apply_edits(original(documents, prefix), edits) == row["body"]


def test_mentions_slice_the_body(private: BuildResult) -> None:
    for row in rows(private).values():
        assert {"PER", "ORG", "LOC"} <= {entity["coarse_label"] for entity in row["entities"]}
        for entity in row["entities"]:
            assert row["body"][entity["start"] : entity["end"]] == entity["text"]


def test_a_declared_zone_settles_the_time(documents: Path, tmp_path: Path) -> None:
    folder = tmp_path / "declared"
    shutil.copytree(documents, folder)
    (folder / "dataset.yaml").write_text(
        "name: declared\nsources:\n  - {name: wire, timezone: Asia/Kolkata, email: desk@wire.example.org}\n"
        'articles: [{path: "*.txt", source: wire}]\nbuild: {audience: private, entities: {model: none}}\n'
    )
    articles = rows(build(folder, tmp_path / "out"))
    assert articles["000"]["published_at"] == datetime(2024, 10, 31, 22, 5, tzinfo=UTC)
    assert articles["000"]["date"] == date(2024, 11, 1)


def eight_word_runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[start : start + 8]) for start in range(len(words) - 7)}


def test_a_public_build_withholds_both_and_leaks_neither(private: BuildResult, documents: Path, tmp_path: Path) -> None:
    result = build(documents, tmp_path / "out")
    assert (result.accounts.read, result.accounts.withheld, result.accounts.released) == (2, 2, 0)
    assert {row["release"] for row in rows(result, "catalog").values()} == {"metadata"}
    withheld = set().union(*(eight_word_runs(row["body"]) for row in rows(private).values()))
    emitted = "\n".join(str(row) for row in rows(result, "catalog").values())
    for path in sorted(result.out.rglob("*")):
        if path.is_file():
            emitted += "\n" + path.read_bytes().decode("utf-8", "replace")
    assert not eight_word_runs(emitted) & withheld
    assert (documents / "000_da0c0311e5771e2b.txt").exists(), "the test reads the documents that it means"
