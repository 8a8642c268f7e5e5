"""Web archives: every page with what the archive knows of it, nothing lost without a finding."""

from __future__ import annotations

import gzip
import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from archives import compressed, page, page_record, record, response, sha1
from dataset_builder.read.warc.http import HttpMessage, decoded_body, parse_response
from reading import declared, read_file, records, rejected

pytest.importorskip("fastwarc", reason="the extra [warc] is not installed")

WARCINFO = record("warcinfo", b"software: harbour-crawler\r\n", "Content-Type: application/warc-fields", number=900)
IMAGE = record("response", response(b"\x89PNG", "Content-Type: image/png"), number=901)
MISSING = record("response", response(page("Gone"), status="404 Not Found"), number=902)


def codes(items: list) -> set[str]:
    return {issue.code for found in records(items) for issue in found.issues}


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_pages_come_with_what_the_archive_knows(tmp_path: Path, name: str) -> None:
    parts = [WARCINFO, page_record(1), IMAGE, MISSING, page_record(2)]
    (tmp_path / name).write_bytes(b"".join(parts) if name == "a.warc" else compressed(parts))
    items = read_file(tmp_path / name)
    first, second = records(items)
    assert rejected(items) == []
    assert declared(first, "url") == first.url == "https://ledger.example.org/ferry-1"
    assert first.fetched_at == "2024-10-21T06:30:00Z"
    assert first.payload_sha256 == hashlib.sha256(page("Ferry 1")).hexdigest()
    assert first.locator == f"{name}#urn:uuid:00000000-0000-4000-8000-000000000001"
    assert "matter of Ferry 1" in (first.text or "")
    assert codes(items) == {"archive-records-skipped"}
    note = next(issue for issue in second.issues if issue.code == "archive-records-skipped")
    assert note.found == "1 responses that are no page, 1 responses without success, 1 warcinfo"


def test_metadata_records_speak_of_the_record_before_them(tmp_path: Path) -> None:
    about = "WARC-Refers-To: <urn:uuid:00000000-0000-4000-8000-000000000001>"
    fields = b"license: CC-BY-4.0\r\ncreator: Ida Brandt\r\nfetchTimeMs: 12\r\n"
    described = record("metadata", fields, "Content-Type: application/warc-fields", about, number=2)
    (tmp_path / "a.warc").write_bytes(page_record(1) + described)
    found = records(read_file(tmp_path / "a.warc"))[0]
    assert declared(found, "license") == "CC-BY-4.0"
    assert {claim.rule for claim in found.claims} >= {"warc-metadata:license", "warc-metadata:creator"}


def test_digests_are_checked(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(page_record(1) + page_record(2, digest_of=b"what was there before"))
    first, second = records(read_file(tmp_path / "a.warc"))
    assert "archive-digest-mismatch" not in {issue.code for issue in first.issues}
    assert "archive-digest-mismatch" in {issue.code for issue in second.issues}


def test_a_truncated_archive_is_read_up_to_the_break(tmp_path: Path) -> None:
    plain = page_record(1) + page_record(2) + page_record(3)
    (tmp_path / "a.warc").write_bytes(plain[:-700])
    items = read_file(tmp_path / "a.warc")
    assert [found.url for found in records(items)] == [f"https://ledger.example.org/ferry-{n}" for n in (1, 2)]
    assert rejected(items) == ["archive-record-length"]
    (tmp_path / "b.warc.gz").write_bytes(compressed([page_record(1), page_record(2), page_record(3)])[:-100])
    items = read_file(tmp_path / "b.warc.gz")
    assert len(records(items)) == 2
    assert rejected(items)


@pytest.mark.parametrize("length", [0, 10, 200, 100_000, 10**15, -1])
def test_wrong_lengths_lose_no_other_record(tmp_path: Path, length: int) -> None:
    wrong = record("response", response(page("Wrong")), "WARC-Target-URI: https://ledger.example.org/w", length=length)
    (tmp_path / "a.warc").write_bytes(page_record(1) + wrong + page_record(2))
    items = read_file(tmp_path / "a.warc")
    urls = [found.url for found in records(items)]
    assert "https://ledger.example.org/ferry-1" in urls
    assert "https://ledger.example.org/ferry-2" in urls or rejected(items)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "chunked", "br"])
def test_codings_of_http(tmp_path: Path, coding: str) -> None:
    import zlib

    body = page("Coded")
    if coding == "br":
        brotli = pytest.importorskip("brotli", reason="brotli is not installed")
        encoded, header = brotli.compress(body), "Content-Encoding: br"
    elif coding == "gzip":
        encoded, header = gzip.compress(body), "Content-Encoding: gzip"
    elif coding == "deflate":
        encoded, header = zlib.compress(body), "Content-Encoding: deflate"
    else:
        encoded = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (100, body[:100], len(body) - 100, body[100:])
        header = "Transfer-Encoding: chunked"
    block = response(encoded, "Content-Type: text/html", header)
    (tmp_path / "a.warc").write_bytes(record("response", block, f"WARC-Payload-Digest: {sha1(encoded)}"))
    found = records(read_file(tmp_path / "a.warc"))[0]
    assert "matter of Coded" in (found.text or "")
    assert found.payload_sha256 == hashlib.sha256(encoded).hexdigest()


def test_a_bomb_in_a_coding_is_bounded() -> None:
    message = HttpMessage(200, {"content-encoding": "gzip"}, gzip.compress(bytes(30_000_000)))
    with pytest.raises(ValueError, match="more than 1000000 bytes"):
        decoded_body(message, 1_000_000)


def test_a_block_that_is_no_http_message_is_all_body() -> None:
    assert parse_response(b"<html></html>") == HttpMessage(0, {}, b"<html></html>")


def test_extracted_texts_are_articles(tmp_path: Path) -> None:
    text = "The ferry left at six.\nNobody waited."
    (tmp_path / "a.warc").write_bytes(record("conversion", text.encode(), "Content-Type: text/plain"))
    assert records(read_file(tmp_path / "a.warc"))[0].text == text


def test_opt_outs_in_http_headers_are_passed_on(tmp_path: Path) -> None:
    block = response(page("Reserved"), "Content-Type: text/html", "TDM-Reservation: 1", "Content-Usage: train-ai=n")
    (tmp_path / "a.warc").write_bytes(record("response", block))
    found = records(read_file(tmp_path / "a.warc"))[0]
    assert (declared(found, "tdm_reservation"), declared(found, "content_usage")) == ("1", "train-ai=n")


@pytest.mark.parametrize("content", [b"", b"no archive", WARCINFO, b"WARC/1.1\r\n", gzip.compress(b"text", mtime=0)])
def test_an_archive_without_pages_is_an_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.warc").write_bytes(content)
    assert rejected(read_file(tmp_path / "a.warc"))[-1] == "archive-without-pages"


def wacz(path: Path, inner: bytes, *, stated: str | None = None) -> None:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("archive/data.warc.gz", inner)
        stated = stated or "sha256:" + hashlib.sha256(inner).hexdigest()
        resource = {"name": "data.warc.gz", "path": "archive/data.warc.gz", "hash": stated, "bytes": len(inner)}
        package.writestr("datapackage.json", json.dumps({"profile": "data-package", "resources": [resource]}))


def test_wacz(tmp_path: Path) -> None:
    wacz(tmp_path / "a.wacz", compressed([page_record(1), page_record(2)]))
    items = read_file(tmp_path / "a.wacz")
    assert len(records(items)) == 2
    assert records(items)[0].locator.startswith("a.wacz!archive/data.warc.gz#urn:uuid:")


def test_wacz_with_another_digest_is_not_read(tmp_path: Path) -> None:
    wacz(tmp_path / "a.wacz", compressed([page_record(1)]), stated="sha256:" + "0" * 64)
    assert rejected(read_file(tmp_path / "a.wacz")) == ["archive-index-mismatch"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all"])
def test_damaged_wacz(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.wacz").write_bytes(content)
    assert rejected(read_file(tmp_path / "a.wacz")) == ["archive-damaged"]


@pytest.mark.parametrize(
    "declared_type", ["Content-Type: application/octet-stream", "Content-Type: image/png", "Server: x"]
)
def test_a_page_with_a_content_type_that_lies_is_read_and_said(tmp_path: Path, declared_type: str) -> None:
    content = record("response", response(page("Ferry 1"), declared_type))
    (tmp_path / "a.warc").write_bytes(content)
    items = read_file(tmp_path / "a.warc")
    assert "matter of Ferry 1" in (records(items)[0].text or "")
    assert codes(items) == {"archive-media-type"}


def test_a_document_that_is_sent_as_a_page_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(record("response", response(b"%PDF-1.7\n" + b"words " * 90)) + page_record(2))
    items = read_file(tmp_path / "a.warc")
    assert rejected(items) == ["binary-file"]
    assert len(records(items)) == 1
