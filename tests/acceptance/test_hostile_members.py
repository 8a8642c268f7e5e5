"""Files that a caller names and members of a folder that were put there by a stranger: nothing waits, nothing fills the
memory, and the fault has the file's name.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpora import write_corpus
from dataset_builder.comparison import diff
from dataset_builder.describe.cite import read_article_citation
from dataset_builder.errors import ConfigError, SnapshotError, UsageError
from dataset_builder.pipeline import build
from dataset_builder.report.build_findings import read_build_findings
from dataset_builder.snapshot.identity import file_sha256
from dataset_builder.snapshot.manifest import MANIFEST, seal
from dataset_builder.snapshot.opened import Snapshot
from dataset_builder.snapshot.proof import prove
from dataset_builder.snapshot.table_check import PACKAGE
from dataset_builder.snapshot.verify import MAX_MEMBER_BYTES, READ_WHOLE, verify
from dataset_builder.snapshot.withdrawn_check import read_tombstones
from dataset_builder.withdraw.holders import Holder


def pipe(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def outside(path: Path) -> None:
    target = path.parents[1] / "outside.json"
    target.write_text("{}")
    path.symlink_to(target)


def itself(path: Path) -> None:
    path.symlink_to(path.name)


def vast(path: Path) -> None:
    path.touch()
    os.truncate(path, 5 << 30)


@pytest.mark.parametrize(
    ("put", "told"),
    [
        (pipe, "a device, pipe or socket"),
        (Path.mkdir, "a folder"),
        (endless, "outside the corpus"),
        (outside, "outside the corpus"),
        (itself, "outside the corpus"),
        (vast, r"[\d,]+ bytes, more than 1,000,000\n"),
    ],
)
@pytest.mark.parametrize("key", ["policy: own.json", "access: {terms: own.json}\n  audience: restricted"])
def test_a_file_that_dataset_yaml_names(tmp_path: Path, put: Callable[[Path], None], told: str, key: str) -> None:
    corpus = write_corpus(tmp_path / "corpus", articles=1)
    config = (corpus / "dataset.yaml").read_text()
    (corpus / "dataset.yaml").write_text(config.replace("build:\n", f"build:\n  {key}\n"))
    put(corpus / "own.json")
    with pytest.raises(ConfigError, match=told):
        build(corpus, tmp_path / "out")


def first(folder: Path, pattern: str) -> Path:
    return sorted(folder.glob(pattern))[0]


def stands_for_gigabytes(shard: Path, column: str) -> None:
    """The shard's own schema and rows, with a long text that a column's dictionary holds once."""
    table = pq.read_table(shard, partitioning=None)
    rows = pa.concat_tables([table.slice(0, 1)] * 3_000)
    cells = pa.DictionaryArray.from_arrays(pa.array([0] * 3_000, pa.int32()), pa.array(["x" * 2_000_000]))
    rows = rows.set_column(rows.column_names.index(column), column, cells)
    pq.write_table(rows, shard, compression="zstd", store_schema=False)


def lies_in_its_footer(shard: Path, column: str) -> None:
    """A required column with the size statistics of an optional one."""
    optional, required = (b"\x25" + kind + b"\x18" + bytes([len(column)]) + column.encode() for kind in (b"\2", b"\0"))
    content = shard.read_bytes()
    assert content.count(optional) == 1
    shard.write_bytes(content.replace(optional, required))


def seal_anew(root: Path) -> None:
    """The manifest with the digests of the files as they are now."""
    manifest = json.loads((root / MANIFEST).read_bytes())
    for entry in manifest["files"]:
        path = root / entry["path"]
        entry |= {"bytes": path.stat().st_size, "sha256": file_sha256(path)}
    seal(root, manifest)


@pytest.mark.parametrize(("spoil", "told"), [(stands_for_gigabytes, "stands for more than"), (lies_in_its_footer, "")])
def test_what_reads_shards_without_verifying_names_the_shard(
    snapshot: Path, copy: Path, spoil: Callable[[Path, str], None], told: str
) -> None:
    reference = Snapshot.open(snapshot).table("catalog", ["id"]).column("id")[0].as_py()
    shard = first(copy, "catalog/*.parquet")
    spoil(shard, "title")
    seal_anew(copy)
    before = pa.default_memory_pool().max_memory()
    for command in (
        lambda: diff(snapshot, copy),
        lambda: diff(copy, snapshot),
        lambda: read_article_citation(copy, reference),
        lambda: prove(copy, reference),
        lambda: Holder.open(copy).catalog(),
        lambda: Snapshot.open(copy).table("catalog"),
    ):
        with pytest.raises(SnapshotError, match=f"{shard.name}.*{told}") as caught:
            command()
        assert f"verify {copy}" in caught.value.hint
    assert pa.default_memory_pool().max_memory() <= max(before, 1_000_000_000)


@pytest.mark.parametrize("put", [pipe, endless, Path.mkdir])
def test_lists_that_a_caller_names(tmp_path: Path, put: Callable[[Path], None]) -> None:
    put(tmp_path / "withdrawals.json")
    for read in (read_tombstones, lambda path: read_build_findings(path, "sha256:0")):
        with pytest.raises(UsageError, match="cannot be read"):
            read(tmp_path / "withdrawals.json")


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("member", READ_WHOLE)
def test_a_member_that_would_fill_the_memory_is_not_read(copy: Path, member: str, sealed: bool) -> None:
    (copy / member).touch()
    os.truncate(copy / member, MAX_MEMBER_BYTES + 1)
    if sealed:
        seal_anew(copy)
    found = [issue for issue in verify(copy).issues if issue.path == member]
    assert [issue.found for issue in found if issue.code == "member-too-large"] == [f"{MAX_MEMBER_BYTES + 1} bytes"]
    assert {issue.code for issue in found} <= {"member-too-large", "file-altered", "file-added"}
    if member == PACKAGE:
        with pytest.raises(SnapshotError, match=r"datapackage\.json has"):
            diff(copy, copy)
