"""Files behind fsspec addresses are read like files of the corpus; addresses of this machine's disk are not."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from dataset_builder.config import load_config
from dataset_builder.errors import UsageError
from dataset_builder.read.corpus import Corpus
from dataset_builder.read.public_web import VARIABLE
from dataset_builder.read.record import RawRecord, Rejection
from loopback import Page, Site, served

CONFIG = """\
name: harbour-notes
title: Harbour Notes
version: 1.0.0
created: 2024-11-05
licenses: [{name: CC0-1.0}]
contributors: [{title: Harbour Archive}]
sources:
  - {name: ledger, title: The Harbour Ledger, email: rights@ledger.example.org, license: CC-BY-4.0, language: en}
articles:
  - {path: "ADDRESS", source: ledger}
"""


def corpus(folder: Path, address: str) -> Corpus:
    (folder / "dataset.yaml").write_text(CONFIG.replace("ADDRESS", address), encoding="utf-8")
    return Corpus.open(load_config(folder))


def test_a_glob_behind_an_address(tmp_path: Path) -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe("/harbour/b.jsonl.gz", gzip.compress(b'{"body": "The pier is open."}\n', mtime=0))
    memory.pipe("/harbour/a.txt", b"The ferry left.\n")
    memory.pipe("/harbour/c.pdf", b"%PDF")
    try:
        found = corpus(tmp_path, "memory://harbour/*")
        records = [item for item in found.records() if isinstance(item, RawRecord)]
    finally:
        memory.rm("/harbour", recursive=True)
    assert [(record.text, record.source) for record in records] == [
        ("The ferry left.\n", "ledger"),
        ("The pier is open.", "ledger"),
    ]
    assert records[0].locator == "memory:///harbour/a.txt"
    assert [issue.code for issue in found.issues] == ["form-not-supported"]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("file:///etc/hostname.txt", "path-outside"),
        ("simplecache::file:///etc/*.txt", "path-outside"),
        ("memory://nowhere/a.txt", "unreadable-file"),
        ("memory://nowhere/a.parquet", "unreadable-file"),
        ("dir:///etc/a.txt", "path-outside"),
        ("reference://a.txt", "path-outside"),
        ("ssh://localhost/etc/a.txt", "path-outside"),
        ("no-such-protocol://bucket/*.txt", "path-outside"),
        ("no-such-protocol://bucket/a.txt", "path-outside"),
    ],
)
def test_addresses_that_cannot_be_read(tmp_path: Path, address: str, code: str) -> None:
    items = list(corpus(tmp_path, address).records())
    assert [item.issue.code for item in items if isinstance(item, Rejection)] == [code]
    assert len(items) == 1


@pytest.mark.parametrize(
    "address",
    [
        "simplecache://::{}/*.txt",
        "simplecache://::{}/secret.txt",
        "blockcache://::{}/*.txt",
        "filecache://::{}/secret.txt",
        "zip://*.txt::{}/box.zip",
        "data:,://::{}/secret.txt",
        "memory://::{}/secret.txt",
        "https://127.0.0.1:9/x::{}/secret.txt",
    ],
)
def test_no_chain_leads_to_this_machine(tmp_path: Path, address: str) -> None:
    (outside := tmp_path / "outside").mkdir()
    (outside / "secret.txt").write_text("The harbour master's own letter.\n")
    with zipfile.ZipFile(outside / "box.zip", "w") as box:
        box.write(outside / "secret.txt", "secret.txt")
    (folder := tmp_path / "corpus").mkdir()
    items = list(corpus(folder, address.format(outside)).records())
    (refused,) = [item.issue for item in items if isinstance(item, Rejection)]
    assert len(items) == 1
    assert refused.code == ("unreadable-file" if address.startswith(("memory", "https")) else "path-outside")
    ends = {"memory": "copy the file into the corpus", "https": "if everybody may read what is there"}
    assert refused.hint.endswith(ends.get(address.partition(":")[0], "below it"))


@pytest.mark.parametrize(
    ("place", "name", "code"),
    [
        ("MemoryFileSystem._open", "a.txt", "unreadable-file"),
        ("MemoryFile.read", "a.txt", "stream-damaged"),
        ("MemoryFile.read", "a.parquet", "table-damaged"),
    ],
)
def test_whatever_an_implementation_raises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, name: str, code: str
) -> None:
    class OddError(Exception):
        """What no layer knows."""

    def refuse(*_: object, **__: object) -> bytes:
        raise OddError("the key s3cr3t-key is refused")

    address = f"memory://harbour/{name}?sig=s3cr3t-key"
    memory = fsspec.filesystem("memory")
    memory.pipe(address, b"The ferry left.\n")
    try:
        monkeypatch.setattr(f"fsspec.implementations.memory.{place}", refuse, raising=False)
        (item,) = corpus(tmp_path, address).records()
    finally:
        memory.rm("/harbour", recursive=True)
    assert isinstance(item, Rejection)
    assert item.issue.code == code
    assert item.issue.found == "OddError: the key *** is refused"


@pytest.fixture
def house() -> Iterator[Site]:
    """A server that only this machine can ask."""
    listing = Page('<a href="/a.txt">a</a>')
    with served(Site({"/a.txt": Page("The harbour master's own letter.\n"), "/letters": listing})) as site:
        yield site


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])
@pytest.mark.parametrize("path", ["/a.txt", "/letters*"])
def test_no_address_leads_into_the_house(tmp_path: Path, house: Site, host: str, path: str) -> None:
    (item,) = corpus(tmp_path, house.root.replace("127.0.0.1", host) + path).records()
    assert isinstance(item, Rejection)
    assert item.issue.code == "unreadable-file"
    assert item.issue.found.endswith(" is not of the open internet")
    assert f"{VARIABLE}=1" in item.issue.hint
    assert house.asked == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "017700000001", "[::1]", "[::ffff:127.0.0.1]"])
def test_other_spellings_of_a_number_lead_nowhere(tmp_path: Path, house: Site, host: str) -> None:
    (item,) = corpus(tmp_path, house.root.replace("127.0.0.1", host) + "/a.txt").records()
    assert isinstance(item, Rejection)
    assert house.asked == []


def test_a_redirect_leads_nowhere_else(tmp_path: Path, house: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dataset_builder.read.public_web.is_public", lambda number: number == "127.0.0.1")
    inside = house.root.replace("127.0.0.1", "127.0.0.2") + "/a.txt"
    house.pages["/b.txt"] = Page(status=302, headers={"Location": inside})
    (item,) = corpus(tmp_path, f"{house.root}/b.txt").records()
    assert isinstance(item, Rejection)
    assert item.issue.found == "127.0.0.2 is not of the open internet"
    assert set(house.paths) == {"/b.txt"}


def test_whoever_builds_may_allow_it(tmp_path: Path, house: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "1")
    (item,) = corpus(tmp_path, f"{house.root}/a.txt").records()
    assert isinstance(item, RawRecord)
    assert item.text == "The harbour master's own letter.\n"
    monkeypatch.setenv(VARIABLE, "yes")
    with pytest.raises(UsageError, match=f"{VARIABLE}=yes"):
        list(corpus(tmp_path, f"{house.root}/a.txt").records())
