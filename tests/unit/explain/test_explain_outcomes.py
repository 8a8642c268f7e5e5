"""What holds an article back, said so that a person can change it: a stricter copy, a reader, an error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpora import write_corpus
from dataset_builder.cli.explain_text import render_explanation
from dataset_builder.cli.terminal import plain
from dataset_builder.errors import UsageError
from dataset_builder.explain.explanation import explain

WORDS = " ".join(f"The keeper counted lamp number {number} beside the harbour wall." for number in range(30))
ADDRESS = "https://ledger.example.org/2024/lamps"


def put(folder: Path, name: str, text: str, **fields: str) -> None:
    front = "".join(f"{key}: {value}\n" for key, value in fields.items())
    (folder / "ledger" / name).write_text(f"---\n{front}---\n{text}\n", encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_corpus(tmp_path, articles=1)


def test_a_near_copy_names_the_member_whose_terms_it_takes(folder: Path) -> None:
    put(folder, "free.txt", f"{WORDS} free", title="Free", license="CC-BY-4.0")
    put(folder, "bound.txt", f"{WORDS} bound", title="Bound", license="CC-BY-NC-4.0")
    story, bound = explain("ledger/free.txt", folder), explain("ledger/bound.txt", folder)
    member = f"{bound.id} (ledger/bound.txt)"
    assert f"the terms of {member}, by its rule noncommercial-withheld" in story.decision.reason
    assert story.decision.would_change
    assert all(change.startswith(f"settle the terms of {member}: ") for change in story.decision.would_change)
    assert [issue.path for issue in story.issues if issue.code == "near-copy-terms"] == ["ledger/free.txt"]
    assert "near-copy-terms" not in {issue.code for issue in bound.issues}
    assert "settle" not in " ".join(bound.decision.would_change)


def test_a_dropped_near_copy_says_the_setting_that_drops_it(folder: Path) -> None:
    config = folder / "dataset.yaml"
    settings = config.read_text(encoding="utf-8").replace("build:", "build:\n  duplicates: {action: drop}", 1)
    config.write_text(settings, encoding="utf-8")
    put(folder, "one.txt", f"{WORDS} one", title="One", license="CC-BY-4.0")
    put(folder, "two.txt", f"{WORDS} two", title="Two", license="CC-BY-4.0")
    stories = [explain(f"ledger/{name}.txt", folder) for name in ("one", "two")]
    (dropped,) = [story for story in stories if story.decision.rule == "near-copy-dropped"]
    assert dropped.decision.would_change == ("say build.duplicates.action: mark in dataset.yaml",)
    assert str(dropped.copy_of) in dropped.decision.reason


def test_a_text_that_waits_for_a_reader_says_so_beside_its_licence(folder: Path) -> None:
    (folder / "gazette").mkdir(exist_ok=True)
    put(folder, "../gazette/held.txt", WORDS, title="Held", reviewed_by="pending")
    changes = explain("gazette/held.txt", folder).decision.would_change
    reading = "read the article and name the reader in reviewed_by"
    assert "declare a license for the article or its source, with evidence" in changes
    assert reading in changes
    put(folder, "../gazette/held.txt", WORDS, title="Held", reviewed_by="A. Quill")
    assert reading not in explain("gazette/held.txt", folder).decision.would_change


def test_a_rejected_article_is_said_to_be_rejected_and_by_what(folder: Path) -> None:
    put(folder, "wrong.txt", WORDS, title="Wrong", license="CC-BYE-4.0")
    story = explain("ledger/wrong.txt", folder)
    assert story.outcome == "rejected"
    assert story.rejected_by
    lines = render_explanation(story, plain)
    start = lines.index(f"Decision: rejected, by {', '.join(story.rejected_by)}")
    assert lines[start + 1] == "  what would change it"
    assert lines[start + 2].startswith(f"    - {story.rejected_by[0]}: ")
    assert f"Without these errors: {story.decision.release}, by the rule {story.decision.rule}" in lines
    assert not [line for line in lines if line.startswith("Decision: ") and "rejected" not in line]


def test_an_address_of_several_revisions_means_the_newest(folder: Path) -> None:
    for day in ("03", "01", "02"):
        put(
            folder,
            f"r{day}.txt",
            f"Revision {day}. {WORDS}",
            title="R",
            url=ADDRESS,
            fetched_at=f"2024-10-{day}T06:00Z",
        )
    by_path = {day: explain(f"ledger/r{day}.txt", folder).id for day in ("01", "02", "03")}
    story = explain(ADDRESS, folder)
    assert (story.id, story.earlier) == (by_path["03"], (by_path["02"], by_path["01"]))
    assert by_path["01"] in "\n".join(render_explanation(story, plain))


def test_an_address_of_articles_that_are_no_revisions_is_refused(folder: Path) -> None:
    rows = [
        {
            "title": "A",
            "source": "ledger",
            "url": ADDRESS,
            "canonical_url": f"{ADDRESS}/{name}",
            "body": f"{name} rang.",
        }
        for name in ("bells", "ropes")
    ]
    (folder / "table.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with pytest.raises(UsageError, match="means 2 articles"):
        explain(ADDRESS, folder)
