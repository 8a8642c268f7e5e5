"""Archives within archives: what each layer may grow to is bounded, and so is what they grow to together."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from archives import compressed, page_record, record
from dataset_builder import limits
from dataset_builder.read.warc import wacz
from reading import read_file, records, rejected

pytest.importorskip("fastwarc", reason="the extra [warc] is not installed")

FLOOR = 1 << 20


@pytest.fixture(autouse=True)
def low_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ratios count from a megabyte on, so that bombs of some megabytes are bombs."""
    monkeypatch.setattr(limits, "RATIO_FLOOR_BYTES", FLOOR)


def package(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as file:
        for name, content in members.items():
            file.writestr(f"archive/{name}", content)
    return path


def test_a_member_of_zeros(tmp_path: Path) -> None:
    items = read_file(package(tmp_path / "a.wacz", {"a.warc": bytes(8 * FLOOR), "b.warc": page_record(1)}))
    assert rejected(items) == ["compression-bomb"]
    assert len(records(items)) == 1, "the other member is read"


def test_a_gzip_member_amid_others(tmp_path: Path) -> None:
    """The archive in the package is a bomb from its second record on; what stood before it is kept."""
    bomb = record("response", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + bytes(16 * FLOOR), number=2)
    inner = compressed([page_record(1), bomb, page_record(3)])
    items = read_file(package(tmp_path / "a.wacz", {"a.warc.gz": inner}, zipfile.ZIP_STORED))
    assert len(records(items)) == 1
    assert rejected(items)[-1] == "compression-bomb"


def test_what_is_compressed_twice(tmp_path: Path) -> None:
    """Each layer would be within its own ratio, and both together stand for the square of it."""
    twice = gzip.compress(bytes(256 * FLOOR), mtime=0) * 8
    (tmp_path / "plain.warc.gz").write_bytes(twice)
    path = package(tmp_path / "a.wacz", {"a.warc.gz": twice})
    assert path.stat().st_size * wacz._COMPRESSED_TWICE < len(twice)
    assert rejected(read_file(path)) == ["compression-bomb"]


def test_members_on_top_of_each_other(tmp_path: Path) -> None:
    """A directory whose entries claim the same bytes over and over (Fifield, WOOT 2019)."""
    with zipfile.ZipFile(tmp_path / "a.wacz", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("archive/a.warc", page_record(1) * 50)
        file.filelist += [file.filelist[0]] * 40
    items = read_file(tmp_path / "a.wacz")
    assert rejected(items) == ["compression-bomb"]
    assert records(items) == []


@pytest.mark.parametrize("method", [93, 9, 12])
def test_a_method_that_is_not_known_or_does_not_fit(tmp_path: Path, method: int) -> None:
    """Zstandard, Deflate64 and bzip2 in the directory, Deflate in the file."""
    path = package(tmp_path / "a.wacz", {"a.warc": page_record(1)})
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        content[content.index(mark) + offset] = method
    path.write_bytes(content)
    items = read_file(path)
    assert rejected(items)[-1] in ("archive-damaged", "stream-damaged", "archive-without-pages")
    assert records(items) == []


def test_an_honest_package_is_read(tmp_path: Path) -> None:
    members = {"a.warc.gz": compressed([page_record(1), page_record(2)]), "b.warc": page_record(3)}
    assert len(records(read_file(package(tmp_path / "a.wacz", members)))) == 3


def test_a_page_whose_coding_is_a_bomb(tmp_path: Path) -> None:
    """The ratio holds within a record, too; a page after it is read."""
    headers = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
    bomb = record("response", headers + gzip.compress(bytes(16 * FLOOR), mtime=0))
    (tmp_path / "a.warc").write_bytes(bomb + page_record(2))
    items = read_file(tmp_path / "a.warc")
    assert rejected(items) == ["compression-bomb"]
    assert len(records(items)) == 1
