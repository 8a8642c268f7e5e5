"""From a request for removal to a tombstone: what is listed and written, what the next build and old copies say."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpora import article, write_corpus
from dataset_builder.cli import main
from dataset_builder.config import load_config
from dataset_builder.errors import OutsideError, UsageError
from dataset_builder.pipeline import build
from dataset_builder.snapshot.identity import file_sha256
from dataset_builder.snapshot.verify import verify
from dataset_builder.withdraw.request import find_withdrawn, record

PERSON = "The late mail was carried by Åsa Nordlund, who rowed it over the sound.\nNobody else was out.\n"


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Articles over two months, one with an address, one that names a person; the current folder is empty."""
    folder = write_corpus(tmp_path / "corpus", articles=3)
    front = "---\ntitle: A page\nurl: https://www.ledger.example.org/a-page?utm_source=x\ndate: 2024-09-02\n---\n"
    (folder / "ledger" / "page.txt").write_text(front + article(77).rpartition("Published")[0], encoding="utf-8")
    (folder / "gazette" / "mail.txt").write_text(PERSON, encoding="utf-8")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return folder


def identity(path: Path) -> str:
    """The id of a file without front matter."""
    return file_sha256(path)[:32]


def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    """Exit code and standard output of one call."""
    monkeypatch.setattr(sys, "argv", ["build-dataset", *map(str, arguments)])
    try:
        main()
        code = 0
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 0
    return code, capsys.readouterr().out


def places(folder: Path, reference: str, **options: Any) -> list[tuple[str, str]]:
    """(locator, why) of what a reference means."""
    return [(one.locator, one.why) for one in find_withdrawn(reference, folder, **options).touched]


def test_an_article_by_each_of_its_names(corpus: Path) -> None:
    article_id = identity(corpus / "ledger" / "0000.txt")
    assert places(corpus, article_id) == [("ledger/0000.txt", "id")]
    assert places(corpus, article_id[:8].upper()) == [("ledger/0000.txt", "id")]
    assert places(corpus, "ledger/0000.txt") == [("ledger/0000.txt", "path")]
    assert places(corpus, "http://www.ledger.example.org/a-page/") == [("ledger/page.txt", "address")]
    assert places(corpus, "ledger.example.org") == [("ledger/page.txt", "domain")]
    assert places(corpus, "example.org") == [("ledger/page.txt", "domain")]


def test_a_domain_means_a_publication_whose_articles_have_no_address(corpus: Path) -> None:
    config = corpus / "dataset.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace("title: Gannet Gazette,", "title: Gannet Gazette, path: 'https://gazette.example.org',")
    )
    found = places(corpus, "gazette.example.org")
    assert [place for place, _ in found] == [f"gazette/{name}.txt" for name in ("0000", "0001", "0002", "mail")]


@pytest.mark.parametrize("name", ["Åsa Nordlund", "A\u030asa   NORDLUND", "nordlund"])
def test_a_person_by_name(corpus: Path, name: str) -> None:
    assert places(corpus, name, person=True) == [("gazette/mail.txt", "text")]


def test_a_person_is_whole_words(corpus: Path) -> None:
    with pytest.raises(UsageError, match="names Nord"):
        find_withdrawn("Nord", corpus, person=True)


def test_a_person_by_what_an_earlier_snapshot_calls_them(corpus: Path, tmp_path: Path) -> None:
    """The text says Nordlund only; the entities' canonical name is the whole one."""
    article_id = identity(corpus / "gazette" / "mail.txt")
    build(corpus, tmp_path / "old")
    (tmp_path / "old" / "entities").mkdir()
    mention = {"article_id": [article_id], "text": ["Nordlund"], "canonical": ["Åsa Maria Nordlund"]}
    pq.write_table(pa.table(mention), tmp_path / "old" / "entities" / "train-undated-00000.parquet")
    found = places(corpus, "Åsa Maria Nordlund", person=True, snapshots=[tmp_path / "old"])
    assert found == [("gazette/mail.txt", "entities")]


def test_an_id_that_is_not_there_names_the_nearest(corpus: Path) -> None:
    article_id = identity(corpus / "ledger" / "0000.txt")
    wrong = article_id[:-1] + ("0" if article_id[-1] != "0" else "1")
    with pytest.raises(UsageError) as caught:
        find_withdrawn(wrong, corpus)
    assert article_id in caught.value.hint
    assert caught.value.exit_code == 2


def test_control_characters_in_a_reference_never_reach_the_terminal(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["build-dataset", "withdraw", "\x1b[2Jledger\u202e\nx", str(corpus)])
    with pytest.raises(SystemExit) as left:
        main()
    shown = "".join(capsys.readouterr())
    assert left.value.code == 2
    assert "ledger" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_without_yes_it_only_lists(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (corpus / "dataset.yaml").read_bytes()
    code, shown = call(monkeypatch, capsys, "withdraw", "ledger/0000.txt", corpus, "--reason", "asked for")
    assert code == 0, shown
    assert "ledger/0000.txt" in shown
    assert "nothing was recorded" in shown
    assert (corpus / "dataset.yaml").read_bytes() == before


def test_the_way_of_a_withdrawal(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Build, withdraw, build again: a tombstone, a changelog, other shards as they were, a word on old copies."""
    old = tmp_path / "here" / "out" / "harbour-notes"
    build(corpus)
    article_id = find_withdrawn("ledger/page.txt", corpus).touched[0].id
    page = "https://ledger.example.org/a-page"
    options = ("--reason", "Asked: by letter", "--yes", "--json")
    code, shown = call(monkeypatch, capsys, "withdraw", page, corpus, *options)
    assert code == 0, shown
    assert json.loads(shown)["recorded"] == [
        {"id": article_id, "reason": "Asked: by letter", "date": "2024-11-05", "versions": ["1.0.0"]}
    ]
    config = corpus / "dataset.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace("version: 1.0.0", "version: 1.0.1"), encoding="utf-8")
    new = build(corpus, tmp_path / "new")
    assert new.accounts.withdrawn == 1
    tombstones = json.loads((new.out / "withdrawals.json").read_text(encoding="utf-8"))
    assert [(stone["id"], stone["versions"]) for stone in tombstones] == [(article_id, ["1.0.0"])]
    changes = (new.out / "README.md").read_text(encoding="utf-8").partition("## Changes")[2]
    assert "Withdrawn: 1 article; 1.0.0 held text of it" in changes.partition("## Checks")[0]
    assert changed_shards(old, new.out) == {
        "articles/permissive/train-2024-09-00000.parquet",
        "catalog/train-2024-09-00000.parquet",
        "sources/train-00000.parquet",
    }

    assert verify(old).valid
    for place in (new.out, new.out / "withdrawals.json"):
        (issue,) = verify(old, withdrawals=place).issues
        assert (issue.code, issue.path) == ("withdrawn-text-held", "articles/permissive/train-2024-09-00000.parquet")
        assert article_id in issue.found
    assert verify(new.out, withdrawals=new.out).valid
    code, shown = call(monkeypatch, capsys, "verify", old, "--withdrawals", new.out, "--json")
    assert code == 1
    assert [issue["code"] for issue in json.loads(shown)["issues"]] == ["withdrawn-text-held"]


def changed_shards(old: Path, new: Path) -> set[str]:
    shards = [
        {path.relative_to(root).as_posix(): file_sha256(path) for path in root.rglob("*.parquet")}
        for root in (old, new)
    ]
    return {path for path in {**shards[0], **shards[1]} if shards[0].get(path) != shards[1].get(path)}


def test_versions_name_only_snapshots_that_held_the_text(corpus: Path, tmp_path: Path) -> None:
    build(corpus, tmp_path / "old")
    request = find_withdrawn("gazette/0000.txt", corpus, snapshots=[tmp_path / "old"])
    assert request.touched[0].versions == ()
    assert find_withdrawn("gazette/0000.txt", corpus).touched[0].versions == ("1.0.0",)


def test_an_article_that_only_an_earlier_version_has(corpus: Path, tmp_path: Path) -> None:
    build(corpus, tmp_path / "old")
    article_id = identity(corpus / "ledger" / "0001.txt")
    (corpus / "ledger" / "0001.txt").unlink()
    request = find_withdrawn(article_id, corpus, snapshots=[tmp_path / "old"])
    assert [(one.locator, one.versions) for one in request.touched] == [("", ("1.0.0",))]


def test_what_is_withdrawn_is_not_withdrawn_again(corpus: Path) -> None:
    record(find_withdrawn("ledger/0000.txt", corpus), reason="asked for")
    written = (corpus / "dataset.yaml").read_bytes()
    request = find_withdrawn("ledger/0000.txt", corpus)
    assert request.new == ()
    assert record(request, reason="asked for") == ()
    assert (corpus / "dataset.yaml").read_bytes() == written


def test_a_bare_folder_gets_a_dataset_yaml_and_needs_a_day(tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "one.txt").write_text(PERSON, encoding="utf-8")
    request = find_withdrawn("one.txt", tmp_path / "bare")
    with pytest.raises(UsageError, match="no day"):
        record(request, reason="asked for")
    record(request, reason="asked for", day="2024-11-04")
    (entry,) = load_config(tmp_path / "bare").withdrawals
    assert (entry.id, entry.date) == (identity(tmp_path / "bare" / "one.txt"), "2024-11-04")


@pytest.mark.parametrize("reason", ["", "  ", "one\ntwo: three", "\x1b[2J", "a" * 501])
def test_an_unfit_reason_writes_nothing(corpus: Path, reason: str) -> None:
    before = (corpus / "dataset.yaml").read_bytes()
    with pytest.raises(UsageError):
        record(find_withdrawn("ledger/0000.txt", corpus), reason=reason)
    assert (corpus / "dataset.yaml").read_bytes() == before


@pytest.mark.parametrize("content", ["[1]", "{}", '[{"id": "../x"}]', "not JSON", "[" * 100_000])
def test_tombstones_that_are_none_are_refused(corpus: Path, tmp_path: Path, content: str) -> None:
    build(corpus, tmp_path / "old")
    (tmp_path / "withdrawals.json").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError):
        verify(tmp_path / "old", withdrawals=tmp_path / "withdrawals.json")


def test_two_calls_at_once_record_an_article_once(corpus: Path) -> None:
    """Both have read dataset.yaml before either of them wrote it."""
    first, other = (find_withdrawn(name, corpus) for name in ("ledger/page.txt", "gazette/mail.txt"))
    both = replace(first, touched=(*first.touched, *other.touched))
    assert [entry.id for entry in record(first, reason="Asked for.")] == [first.new[0].id]
    assert [entry.id for entry in record(both, reason="Asked again.")] == [other.new[0].id]
    assert record(first, reason="Asked a third time.") == ()
    recorded = [(entry.id, entry.reason) for entry in load_config(corpus).withdrawals]
    assert recorded == [(first.new[0].id, "Asked for."), (other.new[0].id, "Asked again.")]


def test_a_configuration_that_was_broken_meanwhile_is_not_added_to(corpus: Path) -> None:
    request = find_withdrawn("ledger/page.txt", corpus)
    for text in ("name: [harbour\n", "- harbour\n", "withdrawals: 7\n", "withdrawals: [7]\n"):
        (corpus / "dataset.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(OutsideError, match="changed meanwhile"):
            record(request, reason="Asked for.")
        assert (corpus / "dataset.yaml").read_text(encoding="utf-8") == text
