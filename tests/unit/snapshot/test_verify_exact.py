"""Each finding of ``verify`` that rests on the manifest: its file, its code, what was found and what was expected."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from dataset_builder.errors import SnapshotError, UsageError
from dataset_builder.issues import Issue
from dataset_builder.limits import DEFAULT_LIMITS
from dataset_builder.progress import Progress, Watch
from dataset_builder.snapshot import verify as module
from dataset_builder.snapshot.identity import file_sha256
from dataset_builder.snapshot.manifest import read_manifest, seal
from dataset_builder.snapshot.merkle_check import check_merkle
from dataset_builder.snapshot.row_digests import merkle_root, row_digests
from dataset_builder.snapshot.verify import require_valid, verify
from dataset_builder.snapshot.withdrawn_check import check_withdrawn, read_tombstones

CARD = "README.md"


def reseal(folder: Path, **members: Any) -> None:
    """What a forger does: other members, every size and digest as the files now are, a new seal."""
    manifest = {**read_manifest(folder), **members}
    for entry in manifest["files"] if "files" not in members else ():
        content = (folder / entry["path"]).read_bytes()
        entry |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    seal(folder, manifest)


def found(folder: Path, code: str, **options: Any) -> list[Issue]:
    """The findings with this code."""
    return [issue for issue in verify(folder, **options).issues if issue.code == code]


def shard(folder: Path, table: str) -> str:
    """The first file of a table, below the snapshot."""
    return sorted(path.relative_to(folder).as_posix() for path in (folder / table).rglob("*.parquet"))[0]


def rewrite(folder: Path, path: str, change: Callable[[pa.Table], pa.Table]) -> None:
    """Write a shard anew with changed rows, and seal the snapshot again."""
    table = pq.read_table(folder / path, partitioning=None)
    pq.write_table(change(table), folder / path, compression="zstd")
    reseal(folder)


def with_column(table: pa.Table, name: str, values: list[Any]) -> pa.Table:
    place = table.schema.get_field_index(name)
    return table.set_column(place, table.schema.field(name), pa.array(values, table.schema.field(name).type))


def test_an_untouched_snapshot(built: Path) -> None:
    manifest = read_manifest(built)
    told: list[Progress] = []
    outcome = verify(built, expect=manifest["identity"], on_progress=told.append)
    assert outcome.valid
    assert outcome.issues == ()
    assert outcome.identity == manifest["identity"]
    assert outcome.files == len(manifest["files"])
    assert outcome.rows == {name: table["rows"] for name, table in manifest["tables"].items()}
    assert outcome.rows["catalog"] == 9
    steps = [(entry.done, entry.total) for entry in told if entry.step == "verify"]
    assert steps == [(number, 13) for number in range(13)]
    sizes = sum(entry["bytes"] for entry in manifest["files"])
    assert {entry.total for entry in told if entry.step == "digest"} == {sizes}
    assert [(entry.done, entry.total) for entry in told if entry.step == "digest rows"][-1] == (9, 9)
    texts = manifest["tables"]["articles"]["rows"]
    assert [(entry.done, entry.total) for entry in told if entry.step == "digest texts"][-1] == (texts, texts)
    assert require_valid(built) == outcome


@pytest.mark.parametrize("prefix", ["", "sha256:"])
def test_the_identity_that_a_citation_quotes(built: Path, prefix: str) -> None:
    identity = read_manifest(built)["identity"]
    assert verify(built, expect=prefix + identity.removeprefix("sha256:")).valid
    (issue,) = verify(built, expect=prefix + "0" * 64).issues
    assert (issue.path, issue.field, issue.code) == ("manifest.json", "identity", "identity-unexpected")
    assert (issue.found, issue.expected) == (identity, prefix + "0" * 64)


def test_a_file_that_is_gone_longer_or_other(copy: Path) -> None:
    size, digest = (copy / CARD).stat().st_size, file_sha256(copy / CARD)
    content = (copy / CARD).read_bytes()
    (copy / CARD).unlink()
    (missing,) = found(copy, "file-missing")
    assert (missing.path, missing.found, missing.expected) == (CARD, "no such file", f"{size} bytes")
    (copy / CARD).write_bytes(content + b"\n")
    (longer,) = found(copy, "file-altered")
    assert (longer.path, longer.found, longer.expected) == (CARD, f"{size + 1} bytes", f"{size} bytes")
    (copy / CARD).write_bytes(content[:-1] + b"\t")
    (other,) = found(copy, "file-altered")
    assert (other.path, other.expected) == (CARD, f"sha256 {digest}")
    assert other.found == f"sha256 {file_sha256(copy / CARD)}"
    with pytest.raises(SnapshotError, match=r"does not verify: [1-9]\d* findings") as refused:
        require_valid(copy)
    assert other in refused.value.issues


def test_files_that_nobody_lists(copy: Path) -> None:
    (copy / "catalog" / "b.txt").touch()
    (copy / "a.txt").touch()
    (copy / "catalog" / "a.txt").touch()
    (copy / "way").symlink_to(copy / "catalog")
    added = found(copy, "file-added")
    assert [issue.path for issue in added] == ["a.txt", "catalog/a.txt", "catalog/b.txt", "way"]
    assert {issue.found for issue in added} == {"a file that the manifest does not list"}


def test_a_seal_that_does_not_fit(copy: Path) -> None:
    (copy / "manifest.json.sha256").write_text("0" * 64 + "  manifest.json\n")
    (issue,) = verify(copy).issues
    assert (issue.path, issue.code, issue.found) == ("manifest.json.sha256", "seal-broken", "another digest")
    assert issue.expected == file_sha256(copy / "manifest.json")


@pytest.mark.parametrize(
    ("path", "shown"),
    [("../x", "../x"), ("/etc/x", "/etc/x"), ("a/../../x", "a/../../x"), ("a\\b", "a\\b"), ("", ""), (None, "None"),
     (7, "7"), (".", ".")],
)  # fmt: skip
def test_a_path_that_leads_outside_is_refused_before_anything_is_opened(copy: Path, path: Any, shown: str) -> None:
    files = [*read_manifest(copy)["files"], {"path": path, "bytes": 1, "sha256": "0" * 64}]
    reseal(copy, files=files)
    outcome = verify(copy)
    assert [(issue.path, issue.found) for issue in outcome.issues if issue.code == "path-outside"] == [
        ("manifest.json", shown)
    ]
    assert outcome.files == len(files) - 1


def test_a_nul_in_a_path_is_outside_too(copy: Path) -> None:
    reseal(copy, files=[*read_manifest(copy)["files"], {"path": "a\0b", "bytes": 1, "sha256": "0" * 64}])
    assert len(found(copy, "path-outside")) == 1


def test_a_file_that_is_listed_twice(copy: Path) -> None:
    files = read_manifest(copy)["files"]
    reseal(copy, files=[*files, files[0]])
    (issue,) = found(copy, "manifest-malformed")
    assert (issue.path, issue.found, issue.expected) == ("manifest.json", f"{files[0]['path']} twice", "each file once")


@pytest.mark.parametrize("files", [None, 7, "x", {}])
def test_a_list_of_files_that_is_none(copy: Path, files: Any) -> None:
    reseal(copy, files=files)
    outcome = verify(copy)
    assert outcome.files == 0
    assert {"manifest.json", CARD} <= {issue.path for issue in outcome.issues}


def test_members_of_another_kind_are_findings_and_no_tracebacks(copy: Path) -> None:
    reseal(copy, tables=["articles"])
    outcome = verify(copy)
    assert outcome.rows == {}
    malformed = [issue for issue in outcome.issues if issue.code == "manifest-malformed"]
    assert {issue.path for issue in malformed} == {"manifest.json"}
    assert any(issue.found.startswith("AttributeError: 'list' object has no attribute") for issue in malformed)


def test_rows_of_tables_that_are_no_tables(copy: Path) -> None:
    tables = read_manifest(copy)["tables"]
    reseal(copy, tables={**tables, "x": 3, "y": {}})
    rows = verify(copy).rows
    assert (rows["y"], "x" in rows, rows["catalog"]) == (0, False, 9)


def test_the_identity_of_the_manifest_is_computed_anew(copy: Path) -> None:
    identity = read_manifest(copy)["identity"]
    reseal(copy, identity="sha256:" + "0" * 64)
    (issue,) = found(copy, "identity-wrong")
    assert (issue.path, issue.field, issue.found, issue.expected) == (
        "manifest.json", "identity", "sha256:" + "0" * 64, identity,
    )  # fmt: skip


def test_a_schema_of_another_digest_and_one_that_is_gone(copy: Path) -> None:
    tables = read_manifest(copy)["tables"]
    digest = tables["catalog"]["schema_sha256"]
    wrong = {**tables["catalog"], "schema_sha256": "0" * 64}
    reseal(copy, tables={**tables, "catalog": wrong, "poems": {"rows": 1}, "songs": {"rows": 0}})
    altered = {issue.found: issue for issue in found(copy, "schema-altered")}
    assert altered.keys() == {f"the schema of catalog has sha256 {digest}", "no schema of poems"}
    assert {issue.path for issue in altered.values()} == {"datapackage.json"}
    assert altered[f"the schema of catalog has sha256 {digest}"].expected == "0" * 64


def test_a_table_that_grows_beyond_measure_is_not_read(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shard(copy, "catalog")
    monkeypatch.setattr(module, "grows_beyond", lambda file: file == copy / path)
    (issue,) = verify(copy).issues
    most = DEFAULT_LIMITS.unpacked_bytes((copy / path).stat().st_size)
    assert (issue.path, issue.code) == (path, "compression-bomb")
    assert (issue.found, issue.expected) == (
        f"more than {most} decoded bytes", f"at most {DEFAULT_LIMITS.unpacked_ratio} from each byte of the file",
    )  # fmt: skip


def test_a_shard_that_cannot_be_read_hides_no_bomb_behind_it(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *others = sorted(path for path in copy.rglob("*.parquet"))

    def grows(file: Path) -> bool:
        if file == first:
            raise OSError("unreadable")
        return True

    monkeypatch.setattr(module, "grows_beyond", grows)
    bombs = found(copy, "compression-bomb")
    assert [copy / issue.path for issue in bombs] == others


def test_a_pipe_in_the_snapshot_is_all_that_is_said(copy: Path) -> None:
    os.mkfifo(copy / "zz")
    os.mkfifo(copy / "catalog" / "aa")
    outcome = verify(copy)
    assert [(issue.path, issue.code, issue.found) for issue in outcome.issues] == [
        ("zz", "not-a-regular-file", "a device, pipe or socket"),
        ("catalog/aa", "not-a-regular-file", "a device, pipe or socket"),
    ]
    assert (outcome.identity, outcome.files, outcome.rows) == ("unknown", 0, {})


def test_links_that_lead_outside_or_nowhere_and_one_that_stays(copy: Path) -> None:
    (copy / "a").symlink_to("/etc/hostname")
    (copy / "b").symlink_to(copy / "nowhere")
    (copy / "c").symlink_to(copy / CARD)
    (copy / "d").symlink_to(copy / "d")
    (copy / "e").symlink_to(copy.parent / "nowhere")
    assert [(issue.path, issue.code, issue.found) for issue in verify(copy).issues] == [
        ("a", "path-outside", "a link that leads outside"),
        ("b", "path-outside", "a link that leads nowhere"),
        ("d", "path-outside", "a link that leads nowhere"),
        ("e", "path-outside", "a link that leads nowhere"),
    ]


def test_at_most_a_hundred_of_them_are_listed(copy: Path) -> None:
    for number in range(103):
        (copy / f"{number:03}").symlink_to("nowhere")
    assert [issue.path for issue in verify(copy).issues] == [f"{number:03}" for number in range(100)]


def test_an_altered_text_with_a_new_seal_hangs_on_no_row(copy: Path) -> None:
    path = shard(copy, "articles")
    ids = pq.read_table(copy / path, partitioning=None).column("id").to_pylist()
    bodies = pq.read_table(copy / path, partitioning=None).column("body").to_pylist()
    rewrite(copy, path, lambda table: with_column(table, "body", ["Forged.", *bodies[1:]]))
    assert [(issue.path, issue.field, issue.found) for issue in found(copy, "text-altered")] == [
        (path, "body", f"the text of {ids[0]}")
    ]


def test_an_altered_row_leads_to_another_root(copy: Path) -> None:
    path = shard(copy, "catalog")
    stated = read_manifest(copy)["merkle_root"]
    titles = pq.read_table(copy / path, partitioning=None).column("title").to_pylist()
    rewrite(copy, path, lambda table: with_column(table, "title", ["Forged", *titles[1:]]))
    (issue,) = found(copy, "merkle-root-wrong")
    assert (issue.path, issue.field, issue.found) == ("manifest.json", "merkle_root", stated)
    assert len(issue.expected) == 64
    assert issue.expected != stated
    reseal(copy, merkle_root="x" * 100)
    assert [issue.found for issue in found(copy, "merkle-root-wrong")] == ["x" * 80]


def test_the_root_that_a_manifest_states_is_that_of_its_catalog(built: Path) -> None:
    told: list[Progress] = []
    shards = [entry["path"] for entry in read_manifest(built)["files"] if entry["path"].startswith("catalog/")]
    digests = row_digests(built, shards, watch=Watch("digest rows", told.append))
    assert merkle_root([digests.slice(4), digests.slice(0, 4)]) == read_manifest(built)["merkle_root"]
    assert [entry.done for entry in told][-1] == 9


def test_a_catalog_that_cannot_be_read_is_somebody_elses_finding(copy: Path) -> None:
    manifest = read_manifest(copy)
    entries = {entry["path"]: entry for entry in manifest["files"]}
    (copy / shard(copy, "catalog")).write_bytes(b"PAR1")
    assert list(check_merkle(copy, manifest, entries)) == []


def test_an_unreadable_shard_of_texts_hides_no_altered_one(copy: Path) -> None:
    path = shard(copy, "articles")
    manifest = read_manifest(copy)
    (copy / "articles" / "aaa.parquet").write_bytes(b"PAR1")
    (copy / "articles" / "bbb.txt").write_bytes(b"no shard")
    table = pq.read_table(copy / path, partitioning=None)
    pq.write_table(with_column(table, "body", ["Forged."] * table.num_rows), copy / path)
    entries: dict[str, Any] = {"articles/aaa.parquet": {}, "articles/bbb.txt": {}, path: {}}
    entries |= {entry["path"]: entry for entry in manifest["files"]}
    assert len(list(check_merkle(copy, manifest, entries))) == table.num_rows


def test_a_row_without_a_text_needs_no_digest(copy: Path) -> None:
    path = shard(copy, "articles")
    manifest = read_manifest(copy)
    table = pq.read_table(copy / path, partitioning=None)
    bodies = table.column("body").to_pylist()
    pq.write_table(with_column(table, "body", [None, *bodies[1:]]), copy / path)
    entries = {entry["path"]: entry for entry in manifest["files"]}
    assert list(check_merkle(copy, manifest, entries)) == []


def tombstone(article: str, **members: Any) -> dict[str, Any]:
    return {"id": article, "reason": "asked for", "date": "2024-11-05", **members}


def test_what_was_withdrawn_later_must_not_be_held(built: Path, tmp_path: Path) -> None:
    path = shard(built, "articles")
    article = pq.read_table(built / path, partitioning=None).column("id").to_pylist()[0]
    later = tmp_path / "withdrawals.json"
    later.write_text(json.dumps([tombstone(article), tombstone("0" * 32)]))
    for withdrawals in (later, tmp_path):
        (issue,) = verify(built, withdrawals=withdrawals).issues
        assert (issue.path, issue.code) == (path, "withdrawn-text-held")
        assert issue.found == f"{article}, withdrawn on 2024-11-05: asked for"
        assert issue.expected == "a tombstone"
    later.write_text(json.dumps([{"id": article}]))
    assert verify(built, withdrawals=later).issues[0].found == f"{article}, withdrawn"
    later.write_text(json.dumps([{"id": article, "reason": "why", "date": None}]))
    assert verify(built, withdrawals=later).issues[0].found == f"{article}, withdrawn: why"


def test_a_snapshots_own_tombstones_count(copy: Path) -> None:
    path = shard(copy, "articles")
    article = pq.read_table(copy / path, partitioning=None).column("id").to_pylist()[0]
    (copy / "withdrawals.json").write_text(json.dumps([tombstone(article)]))
    entries: dict[str, Any] = {"withdrawals.json": {}, "articles/gone.parquet": {}, "articles/x.txt": {}, path: {}}
    assert [issue.path for issue in check_withdrawn(copy, entries, {})] == [path]
    del entries["withdrawals.json"]
    assert list(check_withdrawn(copy, entries, {})) == []


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"{", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"{}", "is no list of tombstones"),
        (b"[7]", "is no list of tombstones"),
        (b'[{"id": 7}]', "is no list of tombstones"),
        (b'[{"id": "0123"}]', "is no list of tombstones"),
        (b'[{"id": "' + b"0" * 33 + b'"}]', "is no list of tombstones"),
        (b'[{"id": "' + b"G" * 32 + b'"}]', "is no list of tombstones"),
    ],
)
def test_what_is_no_list_of_tombstones(tmp_path: Path, content: bytes, found: str) -> None:
    path = tmp_path / "withdrawals.json"
    path.write_bytes(content)
    with pytest.raises(UsageError) as refused:
        read_tombstones(tmp_path)
    assert refused.value.found == f"{path} {found}"
    assert refused.value.expected == "a withdrawals.json, or the folder of the snapshot that has it"


def test_tombstones_that_are_gone_or_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataset_builder.snapshot import withdrawn_check

    with pytest.raises(UsageError, match="cannot be read: No such file or directory"):
        read_tombstones(tmp_path / "x.json")
    with pytest.raises(UsageError, match=r"withdrawals\.json cannot be read"):
        read_tombstones(tmp_path)
    (tmp_path / "manifest.json").write_text("{}")
    assert read_tombstones(tmp_path) == {}
    path = tmp_path / "withdrawals.json"
    path.write_text(json.dumps([tombstone("1" * 32)]))
    size = path.stat().st_size
    monkeypatch.setattr(withdrawn_check, "MAX_BYTES", size)
    assert read_tombstones(tmp_path) == {"1" * 32: tombstone("1" * 32)}
    assert read_tombstones(path) == read_tombstones(tmp_path)
    monkeypatch.setattr(withdrawn_check, "MAX_BYTES", size - 1)
    with pytest.raises(UsageError, match=f"is larger than {size - 1} bytes"):
        read_tombstones(tmp_path)


def test_an_erased_row_is_in_the_tree_by_the_digest_that_its_tombstone_keeps(copy: Path) -> None:
    from dataset_builder.snapshot.row_digests import kept_digests, row_digests

    path = shard(copy, "catalog")
    whole = row_digests(copy, [path]).to_pylist()
    assert [row["id"] for row in whole] == sorted(row["id"] for row in whole)
    first, entry = whole[0]["id"], whole[0]["entry"]
    table = pq.read_table(copy / path, partitioning=None)
    pq.write_table(table.filter(pc.not_equal(table.column("id"), first)), copy / path)
    assert row_digests(copy, [path]).to_pylist() == whole[1:]
    kept = kept_digests({first: {"row_sha256": entry.hex()}, "a": {"row_sha256": entry.hex()[:-1]}, "b": {}})
    assert kept == {first: entry}
    assert row_digests(copy, [path], kept).to_pylist() == whole
    manifest = read_manifest(copy)
    entries = {entry["path"]: entry for entry in manifest["files"]}
    assert [issue.code for issue in check_merkle(copy, manifest, entries)][:1] == ["merkle-root-wrong"]
    (copy / "withdrawals.json").write_text(json.dumps([tombstone(first, row_sha256=entry.hex())]))
    codes = [issue.code for issue in check_merkle(copy, manifest, {**entries, "withdrawals.json": {}})]
    assert "merkle-root-wrong" not in codes
