"""What reads a snapshot that somebody else sends: the manifest, the tombstones, a data package, a schema."""

from __future__ import annotations

import hashlib
import json

from fuzz_target import Feed, Target
from scratch_file import ScratchFile, scratch_folder

from reader_samples import SAMPLES

_FORMAT = "news-dataset-manifest/1"


def _manifest() -> Feed:
    from dataset_builder.errors import SnapshotError
    from dataset_builder.snapshot.verify import verify

    folder = scratch_folder()
    file, seal = ScratchFile("manifest.json", folder), ScratchFile("manifest.json.sha256", folder)

    def feed(data: bytes) -> None:
        file.write(data)
        seal.write(f"{hashlib.sha256(data).hexdigest()}  manifest.json\n".encode())
        try:
            outcome = verify(folder)
        except SnapshotError as error:
            assert len(str(error)) < 1_000
            return
        assert not outcome.valid, "a folder without tables verifies"
        assert all(issue.kind.code == issue.code and "\n" not in issue.found for issue in outcome.issues)

    return feed


def _tombstones() -> Feed:
    from dataset_builder.errors import DatasetBuilderError
    from dataset_builder.snapshot.withdrawn_check import read_tombstones

    file = ScratchFile("withdrawals.json")

    def feed(data: bytes) -> None:
        file.write(data)
        try:
            read_tombstones(file.path)
        except DatasetBuilderError:
            return

    return feed


def _citation_facts() -> Feed:
    from dataset_builder.describe.cite import STYLES, render_citation
    from dataset_builder.describe.cite.facts import read_citation_facts
    from dataset_builder.errors import DatasetBuilderError

    folder = scratch_folder()
    file = ScratchFile("datapackage.json", folder)
    (folder / "manifest.json").write_text(json.dumps({"identity": "sha256:" + "0" * 64}))

    def feed(data: bytes) -> None:
        file.write(data)
        try:
            facts = read_citation_facts(folder)
        except DatasetBuilderError:
            return
        for style in STYLES:
            render_citation(facts, style).encode()

    return feed


def _parquet_footer() -> Feed:
    import io

    import pyarrow.parquet as pq

    from dataset_builder.parquet_footer import footer_fault

    metadata = pq.ParquetFile(io.BytesIO(SAMPLES["a.parquet"])).metadata

    def feed(data: bytes) -> None:
        fault = footer_fault(io.BytesIO(data + len(data).to_bytes(4, "little") + b"PAR1"), metadata)
        assert "\n" not in fault

    return feed


def _footer(table: bytes) -> bytes:
    return table[-8 - int.from_bytes(table[-8:-4], "little") : -8]


_ENTRY = {"path": "articles/a.parquet", "bytes": 3, "sha256": "0" * 64, "rows": 1}
_MANIFEST = {
    "format": _FORMAT,
    "identity": "sha256:" + "0" * 64,
    "files": [_ENTRY, {"path": "../x", "bytes": 0, "sha256": ""}],
    "tables": {name: {"rows": 0, "schema_sha256": ""} for name in ("articles", "catalog", "entities", "sources")},
    "accounts": dict.fromkeys(("read", "released", "withheld", "rejected", "merged", "withdrawn"), 0),
}
_PACKAGE = {
    "name": "n",
    "title": "N",
    "version": "1.0.0",
    "created": "2024-11-05",
    "licenses": [{"name": "CC-BY-4.0"}],
    "contributors": [
        {"title": "Harbour Archive", "roles": ["creator"], "path": "https://orcid.org/0000-0001-0000-0000"}
    ],
}
TARGETS = (
    Target(
        "manifest",
        (json.dumps(_MANIFEST).encode(),),
        _manifest,
        ("snapshot.manifest", "snapshot.verify"),
        longest=4_096,
    ),
    Target(
        "tombstones",
        (json.dumps([{"id": "a1" * 16, "reason": "r", "date": "2024-11-05", "versions": ["1"]}]).encode(),),
        _tombstones,
        ("snapshot.withdrawn_check",),
    ),
    Target("citation-facts", (json.dumps(_PACKAGE).encode(),), _citation_facts, ("describe.cite.facts",)),
    Target("parquet-footer", (_footer(SAMPLES["a.parquet"]),), _parquet_footer, ("parquet_footer",), longest=2_048),
)
