"""The manifest word for word, its seal, and what is refused as none."""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from dataset_builder.describe.facts import FileFacts, LicenseRow, SplitFacts
from dataset_builder.errors import SnapshotError, UsageError
from dataset_builder.partial.reconstruction import Reconstruction
from dataset_builder.release_options import LegalBasis
from dataset_builder.snapshot import manifest as module
from dataset_builder.snapshot.identity import canonical_json, file_sha256, json_sha256, snapshot_identity
from dataset_builder.snapshot.manifest import (
    read_manifest,
    render_json,
    render_manifest,
    seal,
    seal_matches,
    tombstones,
    write_text,
)
from made_snapshots import bare_facts, harbour_facts, settled, with_config

HEX = "ab" * 32


def rendered(tmp_path: Path, **changes: Any) -> dict[str, Any]:
    facts = replace(settled(harbour_facts(tmp_path)), **changes)
    files = [FileFacts("z.parquet", 7, HEX, 3), FileFacts("README.md", 5, "cd" * 32), FileFacts("a.parquet", 1, HEX, 0)]
    return render_manifest(facts, files)


def test_the_whole_manifest(tmp_path: Path) -> None:
    versions = (("articles", "1" * 64), ("catalog", "2" * 64), ("entities", "3" * 64))
    manifest = rendered(tmp_path, schema_digests=versions, merkle_root="4" * 64)
    tables = manifest.pop("tables")
    assert list(tables) == ["articles", "catalog", "entities", "sources"]
    assert {name: table["rows"] for name, table in tables.items()} == {
        "articles": 6, "catalog": 9, "entities": 5, "sources": 2,
    }  # fmt: skip
    assert [table["schema_sha256"] for table in tables.values()] == ["1" * 64, "2" * 64, "3" * 64, None]
    assert all(table.keys() == {"rows", "schema_version", "schema_sha256"} for table in tables.values())
    assert all(isinstance(table["schema_version"], str) for table in tables.values())
    assert list(manifest) == [
        "format", "name", "title", "version", "created", "created_from", "identity", "merkle_root", "doi", "audience",
        "noncommercial", "release", "published_in", "legal_basis", "entities", "license", "license_counts",
        "withheld_counts", "release_counts", "reconstruction", "accounts", "sort_key", "splits", "schema_sha256",
        "policy_version", "policy_sha256", "config_sha256", "builder_version", "tools", "changes", "withdrawals",
        "files",
    ]  # fmt: skip
    config = harbour_facts(tmp_path).config
    assert manifest == {
        "format": "news-dataset-manifest/1",
        "name": "harbour-briefs",
        "title": "Harbour Briefs",
        "version": "1.2.0",
        "created": "2024-11-05",
        "created_from": "declared",
        "identity": "sha256:" + "5ea" * 21 + "f",
        "merkle_root": "4" * 64,
        "doi": None,
        "audience": "public",
        "noncommercial": False,
        "release": config.build.release.mode,
        "published_in": [],
        "legal_basis": None,
        "entities": {"models": dict(config.build.models), "labels": list(config.build.labels) or "all"},
        "license": "CC-BY-4.0 AND CC-BY-SA-4.0",
        "license_counts": {"CC-BY-4.0": 4, "CC-BY-SA-4.0": 2},
        "withheld_counts": {"in-copyright": 1, "no-evidence": 2},
        "release_counts": {"full": 6},
        "reconstruction": None,
        "accounts": {"read": 10, "released": 6, "withheld": 3, "rejected": 0, "merged": 1, "withdrawn": 0},
        "sort_key": ["date", "id"],
        "splits": {"by": "none", "into": dict(config.build.splits.into), "articles": {"train": 0}},
        "schema_sha256": "01" * 32,
        "policy_version": "1.0.0",
        "policy_sha256": "ef" * 32,
        "config_sha256": config.sha256,
        "builder_version": "0.1.0",
        "tools": {"pyarrow": "22.0.0", "spacy": "3.8.0"},
        "changes": [
            {"version": "1.2.0", "description": "Two articles more; one was withdrawn.", "date": "2024-11-05"},
            {"version": "1.1.0", "description": "First.", "date": ""},
        ],
        "withdrawals": [
            {"id": "0" * 32, "reason": "asked for by the author", "date": "2024-11-04", "versions": ["1.0.0"]}
        ],
        "files": [
            {"path": "README.md", "bytes": 5, "sha256": "cd" * 32},
            {"path": "a.parquet", "bytes": 1, "sha256": HEX, "rows": 0},
            {"path": "z.parquet", "bytes": 7, "sha256": HEX, "rows": 3},
        ],
    }


def test_counts_add_up_over_sources_and_a_missing_licence_is_called_none(tmp_path: Path) -> None:
    rows = (
        LicenseRow("wire", "", "in-copyright", "excerpt", "legal-basis-excerpt", 2),
        LicenseRow("ledger", "", "in-copyright", "features", "legal-basis-features", 3),
        LicenseRow("wire", "MIT", "attribution", "full", "attribution-full", 1),
        LicenseRow("ledger", "MIT", "attribution", "full", "attribution-full", 5),
        LicenseRow("wire", "", "undetermined", "metadata", "z-rule", 4),
        LicenseRow("ledger", "", "undetermined", "metadata", "z-rule", 6),
        LicenseRow("ledger", "", "undetermined", "tombstone", "a-rule", 1),
    )
    manifest = rendered(tmp_path, licenses=rows)
    assert list(manifest["license_counts"].items()) == [("MIT", 6), ("none", 5)]
    assert list(manifest["withheld_counts"].items()) == [("a-rule", 1), ("z-rule", 10)]


def test_what_is_absent_is_null(tmp_path: Path) -> None:
    manifest = render_manifest(bare_facts(tmp_path), [])
    assert (manifest["created"], manifest["license"], manifest["doi"]) == (None, None, None)
    assert manifest["files"] == []


def test_the_doi_the_splits_the_legal_basis_and_what_can_be_rebuilt(tmp_path: Path) -> None:
    facts = settled(harbour_facts(tmp_path))
    basis = LegalBasis("excerpt", "Section 9 of the fictional Quotation Act")
    release = replace(facts.config.build.release, published_in=("IN", "US"), legal_basis=basis)
    build = replace(facts.config.build, release=release, noncommercial=True, labels=("GPE", "ORG"))
    facts = with_config(facts, doi="10.5072/harbour", build=build)
    articles = replace(facts.table("articles"), splits=(SplitFacts("train", 6, 100),))
    rebuilt = Reconstruction(*([1] * len(Reconstruction.__dataclass_fields__)))  # type: ignore[arg-type]
    facts = replace(
        facts, tables=(articles, *facts.tables[1:]), legal_rules=("legal-basis-excerpt",), reconstruction=rebuilt
    )
    manifest = render_manifest(facts, [])
    assert manifest["doi"] == "10.5072/harbour"
    assert manifest["published_in"] == ["IN", "US"]
    assert manifest["noncommercial"] is True
    assert manifest["entities"]["labels"] == ["GPE", "ORG"]
    assert manifest["splits"]["articles"] == {"train": 6}
    assert manifest["legal_basis"]["rules"] == ["legal-basis-excerpt"]
    assert "Quotation Act" in json.dumps(manifest["legal_basis"])
    assert set(manifest["reconstruction"]) == set(Reconstruction.__dataclass_fields__)


def test_tombstones(tmp_path: Path) -> None:
    assert tombstones(harbour_facts(tmp_path)) == [
        {"id": "0" * 32, "reason": "asked for by the author", "date": "2024-11-04", "versions": ["1.0.0"]}
    ]


def test_a_text_file_is_utf_8_and_its_time_follows_from_its_content(tmp_path: Path) -> None:
    content = "Ñandú\n".encode()
    digest = hashlib.sha256(content).hexdigest()
    facts = write_text(tmp_path, "deep/er/x.txt", "Ñandú\n")
    assert (facts.path, facts.bytes, facts.sha256, facts.rows) == ("deep/er/x.txt", 8, digest, None)
    target = tmp_path / "deep" / "er" / "x.txt"
    assert target.read_bytes() == content
    first = target.stat().st_mtime_ns
    os.utime(target, (1, 1))
    write_text(tmp_path, "deep/er/x.txt", "Ñandú\n")  # the folder is there by now
    assert target.stat().st_mtime_ns == first
    write_text(tmp_path, "deep/er/x.txt", "other")
    assert target.stat().st_mtime_ns != first


def test_json_is_for_people_and_canonical_json_is_for_digests() -> None:
    value = {"b": "é", "a": [1, None]}
    assert render_json(value) == '{\n  "b": "é",\n  "a": [\n    1,\n    null\n  ]\n}\n'
    assert canonical_json(value) == '{"a":[1,null],"b":"é"}'.encode()
    assert json_sha256(value) == hashlib.sha256('{"a":[1,null],"b":"é"}'.encode()).hexdigest()


def test_the_identity_can_be_computed_with_sha256sum(tmp_path: Path) -> None:
    schema = {"fields": []}
    digest = hashlib.sha256(b'{"fields":[]}').hexdigest()
    lines = f"{HEX}  articles/a.parquet\n{HEX}  catalog/a.parquet\n{digest}  schema/articles.json\n"
    expected = "sha256:" + hashlib.sha256(lines.encode()).hexdigest()
    assert (
        snapshot_identity({"articles": schema}, [("catalog/a.parquet", HEX), ("articles/a.parquet", HEX)]) == expected
    )
    assert snapshot_identity({}, []) == "sha256:" + hashlib.sha256(b"").hexdigest()


def test_a_file_of_several_pieces_has_one_digest(tmp_path: Path) -> None:
    content = os.urandom(1024) * 2048 + b"end"
    (tmp_path / "large").write_bytes(content)
    assert file_sha256(tmp_path / "large") == hashlib.sha256(content).hexdigest()


def test_a_file_is_not_taken_into_memory_as_a_whole() -> None:
    asked: list[int | None] = []

    class Shard:
        def open(self, mode: str) -> Any:
            assert mode == "rb"
            return Opened(b"PAR1" * 1000)

    class Opened(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            asked.append(size)
            return super().read(size)

    assert file_sha256(cast(Path, Shard())) == hashlib.sha256(b"PAR1" * 1000).hexdigest()
    assert asked == [1 << 20, 1 << 20]


def test_a_sealed_manifest_is_read_back(tmp_path: Path) -> None:
    manifest = {"format": "news-dataset-manifest/1", "title": "Ñandú"}
    seal(tmp_path, manifest)
    text = (tmp_path / "manifest.json").read_bytes()
    assert text == render_json(manifest).encode()
    assert (tmp_path / "manifest.json.sha256").read_text() == f"{hashlib.sha256(text).hexdigest()}  manifest.json\n"
    assert seal_matches(tmp_path)
    assert read_manifest(tmp_path) == manifest


@pytest.mark.parametrize(
    "words", [b"", b"0" * 64, b"DIGEST", b"DIGEST  manifest.jsn", b"DIGEST manifest.json more", b"\xff\xfe\x00"]
)
def test_a_seal_that_says_anything_else_is_broken(tmp_path: Path, words: bytes) -> None:
    seal(tmp_path, {"format": "news-dataset-manifest/1"})
    digest = file_sha256(tmp_path / "manifest.json").encode()
    (tmp_path / "manifest.json.sha256").write_bytes(words.replace(b"DIGEST", digest))
    assert not seal_matches(tmp_path)


def test_a_seal_of_gigabytes_is_not_read_into_memory(tmp_path: Path) -> None:
    seal(tmp_path, {"format": "news-dataset-manifest/1"})
    with (tmp_path / "manifest.json.sha256").open("r+b") as file:
        file.truncate(1 << 40)
    assert seal_matches(tmp_path) is False


def test_a_seal_that_is_gone_is_broken(tmp_path: Path) -> None:
    seal(tmp_path, {"format": "news-dataset-manifest/1"})
    (tmp_path / "manifest.json.sha256").unlink()
    assert seal_matches(tmp_path) is False


def refused(folder: Path, error: type[Exception] = SnapshotError) -> Any:
    with pytest.raises(error) as caught:
        read_manifest(folder)
    return caught.value


def test_what_is_no_folder_or_has_no_manifest(tmp_path: Path) -> None:
    assert refused(tmp_path / "none", UsageError).found == f"there is no folder {tmp_path / 'none'}"
    (tmp_path / "file").touch()
    assert refused(tmp_path / "file", UsageError).found == f"{tmp_path / 'file'} is not a folder"
    (tmp_path / "empty").mkdir()
    error = refused(tmp_path / "empty")
    assert error.found == f"{tmp_path / 'empty'} is no snapshot: manifest.json is absent"
    assert error.expected == "the folder that a build wrote, with its manifest.json"
    assert error.__cause__ is None


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"{", "manifest.json is not JSON"),
        (b"\xff", "manifest.json is not JSON"),
        (b"[" * 100_000, "manifest.json is not JSON"),
        (b"[]", "no JSON object"),
        (b"{}", "the format 'None'"),
        (b'{"format": "' + b"x" * 70 + b'"}', f"the format '{'x' * 60}'"),
        (b'{"format": "news-dataset-manifest/2"}', "the format 'news-dataset-manifest/2'"),
    ],
)
def test_what_is_no_manifest_of_ours(tmp_path: Path, content: bytes, found: str) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    error = refused(tmp_path)
    assert error.found == found
    assert error.place == str(tmp_path / "manifest.json")
    assert error.expected in ("news-dataset-manifest/1", "the folder that a build wrote, with its manifest.json")


def test_a_manifest_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seal(tmp_path, {"format": "news-dataset-manifest/1"})
    size = (tmp_path / "manifest.json").stat().st_size
    monkeypatch.setattr(module, "MAX_MANIFEST_BYTES", size)
    assert read_manifest(tmp_path)["format"] == "news-dataset-manifest/1"
    monkeypatch.setattr(module, "MAX_MANIFEST_BYTES", size - 1)
    error = refused(tmp_path)
    assert (error.found, error.expected) == (f"a manifest of {size} bytes", f"at most {size - 1}")
    assert error.place == str(tmp_path / "manifest.json")


def test_a_manifest_that_may_not_be_read(tmp_path: Path) -> None:
    seal(tmp_path, {"format": "news-dataset-manifest/1"})
    (tmp_path / "manifest.json").unlink()
    (tmp_path / "manifest.json").mkdir()
    assert refused(tmp_path).found == f"{tmp_path} is no snapshot: manifest.json is Is a directory"


def test_a_pipe_beside_the_manifest_is_refused_unopened(tmp_path: Path) -> None:
    seal(tmp_path, {"format": "news-dataset-manifest/1"})
    os.mkfifo(tmp_path / "pipe")
    error = refused(tmp_path)
    assert [issue.path for issue in error.issues] == ["pipe"]
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_the_date_is_written_as_iso_8601(tmp_path: Path) -> None:
    assert rendered(tmp_path, created=date(2024, 1, 2))["created"] == "2024-01-02"
