from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpora import write_corpus
from dataset_builder.errors import CorpusError, UsageError
from dataset_builder.explain.explanation import Explanation, explain

ADDRESS = "https://ledger.example.org/2024/bells"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files, a table with several rows, an exact copy, a file that is rejected."""
    folder = write_corpus(tmp_path_factory.mktemp("corpus"), articles=2)
    rows = [
        {
            "title": "Bells",
            "source": "ledger",
            "url": ADDRESS,
            "body": "The bells of Port Callow rang twice on Sunday.",
        },
        {"title": "Ropes", "source": "ledger", "body": "The ropes of the pilot boat were changed on Monday."},
    ]
    (folder / "table.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (folder / "ledger" / "copy.txt").write_bytes((folder / "ledger" / "0001.txt").read_bytes())
    (folder / "ledger" / "empty.txt").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def first(corpus: Path) -> Explanation:
    return explain("ledger/0000.txt", corpus)


def test_an_id_a_prefix_of_it_and_its_digest_mean_the_same(corpus: Path, first: Explanation) -> None:
    for reference in (first.id, first.id[:6], first.id[:9].upper(), first.payload["sha256"]):
        assert explain(reference, corpus) == first


def test_a_path_may_be_written_from_here_or_from_the_corpus(
    corpus: Path, first: Explanation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(corpus.parent)
    here = Path(corpus.name)
    for reference in (f"{corpus.name}/ledger/0000.txt", "./ledger/0000.txt", str(corpus / "ledger" / "0000.txt")):
        assert explain(reference, here).id == first.id


def test_a_row_is_named_by_its_line(corpus: Path) -> None:
    assert explain("table.jsonl#L2", corpus).sightings == (("table.jsonl#L2", "ledger"),)


def test_an_address_means_its_article(corpus: Path) -> None:
    assert explain(ADDRESS, corpus).sightings[0][0] == "table.jsonl#L1"
    assert explain(ADDRESS + "/", corpus).sightings[0][0] == "table.jsonl#L1"


def test_a_copy_means_the_record_that_it_was_merged_into(corpus: Path) -> None:
    copy = explain("ledger/copy.txt", corpus)
    assert [locator for locator, _ in copy.sightings] == ["ledger/0001.txt", "ledger/copy.txt"]
    assert copy == explain("ledger/0001.txt", corpus)
    assert [(issue.code, issue.path) for issue in copy.issues if issue.code == "exact-copy"] == [
        ("exact-copy", "ledger/copy.txt")
    ]


def test_several_articles_are_named(corpus: Path) -> None:
    with pytest.raises(UsageError, match="means 2 articles") as refused:
        explain("table.jsonl", corpus)
    assert "table.jsonl#L1" in refused.value.hint
    assert "table.jsonl#L2" in refused.value.hint


@pytest.mark.parametrize(
    ("reference", "near"),
    [("ledger/0010.txt", "ledger/0000.txt"), ("https://ledger.example.org/2024/bell", ADDRESS)],
)
def test_an_unknown_reference_is_told_the_nearest(corpus: Path, reference: str, near: str) -> None:
    with pytest.raises(UsageError, match="no article is known as") as refused:
        explain(reference, corpus)
    assert near in refused.value.hint


def test_an_unknown_id_is_told_the_nearest(corpus: Path, first: Explanation) -> None:
    wrong = first.id[:11] + ("0" if first.id[11] != "0" else "1")
    with pytest.raises(UsageError, match="no article is known as") as refused:
        explain(wrong, corpus)
    assert first.id in refused.value.hint


def test_five_digits_are_no_reference(corpus: Path, first: Explanation) -> None:
    with pytest.raises(UsageError, match="no article is known as"):
        explain(first.id[:5], corpus)


def test_what_the_reader_rejected_is_said_to_be_rejected(corpus: Path) -> None:
    with pytest.raises(CorpusError, match="was rejected when it was read") as refused:
        explain("ledger/empty.txt", corpus)
    assert [issue.code for issue in refused.value.issues] == ["empty-file"]


def test_a_hostile_reference_is_shown_on_one_line(corpus: Path) -> None:
    with pytest.raises(UsageError) as refused:
        explain("a\x1b[2J\n::error::\u202e" * 50, corpus)
    assert "\x1b" not in str(refused.value)
    assert len(refused.value.found) < 300


def test_a_near_copy_elsewhere_narrows_the_decision(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path, articles=0)
    words = " ".join(f"The keeper counted lamp number {number} beside the harbour wall." for number in range(30))
    for name, license_ in (("free.txt", "CC-BY-4.0"), ("bound.txt", "CC-BY-NC-4.0")):
        (folder / "ledger" / name).write_text(f"---\ntitle: {name}\nlicense: {license_}\n---\n{words} {name}\n")
    story = explain("ledger/free.txt", folder)
    assert (story.outcome, story.decision.rule) == ("withheld", "noncommercial-withheld")
    assert story.decision.license == "CC-BY-4.0"
    assert "near copy" in story.decision.reason
