"""A snapshot that a stranger sends: nothing outside it is read, nothing waits for ever, nothing fills the memory."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from dataset_builder.cli.app import app
from dataset_builder.errors import DatasetBuilderError, SnapshotError
from dataset_builder.snapshot.verify import verify
from dataset_builder.visible import is_unsafe

#: An endless file would be read for longer; so would a pipe to which nobody writes.
SECONDS = 60


@contextmanager
def in_time() -> Iterator[None]:
    def ring(*_: Any) -> None:
        raise TimeoutError("it waits")

    previous = signal.signal(signal.SIGALRM, ring)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


def first(folder: Path, pattern: str) -> Path:
    return sorted(folder.glob(pattern))[0]


def make_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    path.unlink()
    with socket.socket(socket.AF_UNIX) as server:
        os.chdir(path.parent)  # the address of a socket is short
        server.bind(path.name)


def link_to_zero(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def link_outside(path: Path) -> None:
    outside = path.parents[len(path.parts) - 2 - path.parts.index("copy")].parent / f"outside-{path.name}"
    shutil.copyfile(path, outside)
    path.unlink()
    path.symlink_to(outside)


MEMBERS = ("manifest.json", "manifest.json.sha256", "README.md", "datapackage.json", "catalog/*.parquet", "LICENSES/*")
CHANGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "pipe": (make_pipe, "not-a-regular-file"),
    "socket": (make_socket, "not-a-regular-file"),
    "endless": (link_to_zero, "path-outside"),
    "outside": (link_outside, "path-outside"),
}


@pytest.mark.parametrize("member", MEMBERS)
@pytest.mark.parametrize("change", CHANGES)
def test_what_is_no_regular_file_is_named_and_not_opened(
    copy: Path, member: str, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(copy)  # and back, after a socket was made
    spoil, code = CHANGES[change]
    target = first(copy, member)
    spoil(target)
    with in_time():
        outcome = verify(copy)
    assert [issue.code for issue in outcome.issues] == [code]
    assert outcome.issues[0].path == target.relative_to(copy).as_posix()


@pytest.mark.parametrize("change", CHANGES)
def test_every_command_that_reads_a_snapshot_refuses_it(
    copy: Path, tmp_path: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataset_builder.describe.cite import read_citation_facts
    from dataset_builder.rehydrate.rehydration import rehydrate
    from dataset_builder.withdraw.holders import Holder

    monkeypatch.chdir(copy)
    CHANGES[change][0](copy / "datapackage.json")
    (tmp_path / "originals").mkdir()
    with in_time():
        with pytest.raises(SnapshotError):
            read_citation_facts(copy)
        with pytest.raises(SnapshotError):
            Holder.open(copy)
        with pytest.raises(DatasetBuilderError):
            rehydrate(copy, tmp_path / "originals", tmp_path / "whole")
    assert not (tmp_path / "whole").exists()


NAMES = {
    "newline": "articles/a\n::error::x.parquet",
    "nul": "articles/a\0b.parquet",
    "right-to-left": "articles/\u202eteuqrap.a.parquet",
    "escape": "articles/\x1b[2Ja.parquet",
    "256-bytes": f"articles/{'a' * 300}.parquet",
    "absolute": "/etc/hostname",
    "parent": "articles/../../outside.parquet",
    "backslash": "articles\\..\\..\\x.parquet",
    "surrogate": "articles/\udcff.parquet",
    "device-of-windows": "articles/CON.parquet",
}


@pytest.mark.parametrize("name", NAMES)
def test_names_in_a_forged_manifest(copy: Path, name: str) -> None:
    path = copy / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"].append({"path": NAMES[name], "bytes": 1, "sha256": "0" * 64, "rows": 1})
    path.write_text(json.dumps(manifest))
    outcome = verify(copy)
    assert not outcome.valid
    for issue in outcome.issues:
        assert not is_unsafe(issue.path + issue.found + issue.expected)
        assert len(issue.found) < 400


def test_names_on_the_disk_that_could_forge_a_line(copy: Path) -> None:
    (copy / "articles" / "a\n::error::x\x1b[2J.txt").write_text("x")
    shown = [issue for issue in verify(copy).issues if issue.code == "file-added"]
    assert len(shown) == 1
    assert not is_unsafe(shown[0].path)


def bomb(path: Path, column: str, rows: int, size: int) -> None:
    """Kilobytes that stand for ``rows`` times ``size`` bytes: one text in the dictionary, and a run-length."""
    cells = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * size]))
    pq.write_table(pa.table({column: cells}), path, compression="zstd", store_schema=False)
    assert path.stat().st_size < 100_000


@pytest.mark.parametrize(("rows", "size"), [(100_000, 1_000_000), (20, 50_000_000)])
def test_a_shard_that_stands_for_gigabytes_is_not_decoded(copy: Path, rows: int, size: int) -> None:
    shard = first(copy, "catalog/*.parquet")
    bomb(shard, "id", rows, size)
    before = pa.default_memory_pool().max_memory()
    codes = {issue.code for issue in verify(copy).issues}
    assert "compression-bomb" in codes
    assert pa.default_memory_pool().max_memory() < max(before, 1_500_000_000)


@pytest.mark.parametrize("table", ["articles/*/*.parquet", "catalog/*.parquet"])
def test_a_footer_that_would_end_the_process_is_a_finding(copy: Path, table: str, tmp_path: Path) -> None:
    """Size statistics that contradict the schema: a required column with statistics of an optional one."""
    shard = first(copy, table)
    content = shard.read_bytes()
    optional, required = b"\x25\x02\x18\x05title", b"\x25\x00\x18\x05title"
    assert content.count(optional) == 1
    shard.write_bytes(content.replace(optional, required))
    outcome = verify(copy)
    assert not outcome.valid
    assert shard.relative_to(copy).as_posix() in {issue.path for issue in outcome.issues}
    for command in (
        ["report", str(copy), "--out", str(tmp_path / "r.html")],
        ["publish", str(copy), str(tmp_path / "p")],
    ):
        ran = CliRunner().invoke(app, command)
        assert ran.exit_code == 1, ran.output
        assert "Traceback" not in ran.output
    assert not (tmp_path / "p").exists()


def test_a_folder_of_the_snapshot_that_is_a_link_to_outside(copy: Path, tmp_path: Path) -> None:
    shutil.move(copy / "catalog", tmp_path / "elsewhere")
    (copy / "catalog").symlink_to(tmp_path / "elsewhere")
    outcome = verify(copy)
    assert not outcome.valid
    assert {issue.code for issue in outcome.issues} == {"path-outside"}


@pytest.mark.parametrize(("rows", "size"), [(100_000, 1_000_000), (20, 50_000_000)])
def test_a_table_that_stands_for_gigabytes_is_a_finding(tmp_path: Path, rows: int, size: int) -> None:
    from reading import read_file, rejected

    bomb(tmp_path / "a.parquet", "body", rows, size)
    before = pa.default_memory_pool().max_memory()
    found = read_file(tmp_path / "a.parquet")
    assert rejected(found) == ["compression-bomb"]
    assert pa.default_memory_pool().max_memory() < max(before, 1_500_000_000)


def test_an_honest_table_with_repeated_texts_is_no_bomb(tmp_path: Path) -> None:
    from dataset_builder.parquet_bounds import grows_beyond
    from reading import read_file, records

    texts = [f"The ferry left Port Callow at {number % 7}. " * 50 for number in range(2_000)]
    pq.write_table(pa.table({"body": texts}), tmp_path / "a.parquet")
    assert grows_beyond(tmp_path / "a.parquet") == 0
    assert len(records(read_file(tmp_path / "a.parquet"))) == 2_000
