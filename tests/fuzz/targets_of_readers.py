"""Readers and what they read by themselves: every form of input, web archives' inner parts, the configuration."""

from __future__ import annotations

import io
import json

from fuzz_target import Feed, Target, text_of
from scratch_file import ScratchFile

from reader_samples import SAMPLES

NINJS = json.dumps(
    {
        "uri": "https://ledger.example.org/a",
        "type": "text",
        "versioncreated": "2024-10-21T06:30:00Z",
        "headline": "Ferry",
        "usageterms": "CC-BY-4.0",
        "headlines": [{"role": "main", "value": "Ferry"}],
        "bodies": [{"contenttype": "text/html", "value": "<p>The ferry left.</p>"}],
    }
).encode()
LINKED_DATA = json.dumps(
    {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "NewsArticle", "@id": "#a", "headline": "Ferry", "author": {"@id": "#b"}, "url": "/a"},
            {"@type": ["Person"], "@id": "#b", "name": "Ada Quill"},
        ],
    }
).encode()


def read_as(name: str) -> Feed:
    from reader_samples import check
    from reading import read_file

    file = ScratchFile(name)

    def feed(data: bytes) -> None:
        file.write(data)
        check(read_file(file.path))

    return feed


def _metadata(name: str) -> Feed:
    from dataset_builder.read.metadata import FolderMetadata

    file = ScratchFile(name)

    def feed(data: bytes) -> None:
        file.write(data)
        metadata = FolderMetadata.read(file.path.parent, [name, "a.txt"], frozenset())
        said = [*metadata.issues, *metadata.of("a.txt").issues, *metadata.unused()]
        assert all(issue.kind.code == issue.code and "\n" not in issue.found for issue in said)

    return feed


def _config() -> Feed:
    from dataset_builder.config import load_config
    from dataset_builder.errors import ConfigError

    file = ScratchFile("dataset.yaml")

    def feed(data: bytes) -> None:
        file.write(data)
        try:
            load_config(file.path.parent)
        except ConfigError as error:
            assert error.issues
            assert "Traceback" not in str(error)

    return feed


def _json_elements() -> Feed:
    from dataset_builder.read.json_elements import json_elements

    def feed(data: bytes) -> None:
        assert list(json_elements(io.BytesIO(data[:300]), 100)) == list(json_elements(_Dripping(data[:300]), 100)), (
            "the cut of the chunks must not matter"
        )
        unlimited = b"".join(it for it in json_elements(io.BytesIO(data), 1 << 30) if isinstance(it, bytes))
        ignored = b" \t\r\n,\xef\xbb\xbf[]{}"
        assert unlimited.translate(None, ignored) == data.translate(None, ignored), "bytes were lost"

    return feed


class _Dripping(io.RawIOBase):
    """A stream that gives three bytes at a time."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self._data.read(3)


def _charset() -> Feed:
    from dataset_builder.read.html.charset import decode_page

    def feed(data: bytes) -> None:
        for declared in (None, "utf-8", text_of(data[:12])):
            decoded = decode_page(data, declared)
            decoded.text.encode()

    return feed


def _decode() -> Feed:
    from dataset_builder.read.decode import decode_text

    def feed(data: bytes) -> None:
        decoded = decode_text(data, "a.txt")
        assert (decoded.text is None) <= (decoded.issue is not None)
        if decoded.text is not None:
            decoded.text.encode()

    return feed


def _linked_data() -> Feed:
    from dataset_builder.read.html.json_ld import main_article, read_json_ld

    def feed(data: bytes) -> None:
        found = read_json_ld(text_of(data).split("\x1e"))
        main_article(found, ("https://ledger.example.org/a",))
        for node in (*found.articles(), *found.pages()):
            for value in node.values():
                found.text(value)
                found.organisation(value)

    return feed


def _tags() -> Feed:
    from dataset_builder.read.html.tags import limit_attributes

    def feed(data: bytes) -> None:
        text = text_of(data)
        limited, cut = limit_attributes(text)
        assert len(limited) <= len(text)
        assert (cut == 0) == (limited == text)

    return feed


def _http() -> Feed:
    from dataset_builder.read.warc.digests import matches
    from dataset_builder.read.warc.http import CodingError, decoded_body, parse_response

    def feed(data: bytes) -> None:
        message = parse_response(data)
        assert isinstance(message.media_type, str)
        matches(message.headers.get("digest", "sha1:" + str(message.charset)), data)
        try:
            assert len(decoded_body(message, 10_000)) <= max(10_000, len(data))
        except CodingError:
            return

    return feed


_ROWS = ("read.tabular", "read.table_row", "read.fields")
TARGETS = (
    Target("jsonl", (SAMPLES["a.jsonl"],), lambda: read_as("a.jsonl"), ("read.jsonl", *_ROWS)),
    Target(
        "json",
        (SAMPLES["a.json"], b'{"body": "x"} {"body": "y"}'),
        lambda: read_as("a.json"),
        ("read.json_documents", "read.json_elements", *_ROWS),
    ),
    Target(
        "ninjs", (NINJS,), lambda: read_as("a.ninjs"), ("read.ninjs", "read.json_elements", "schema/read/ninjs.yaml")
    ),
    Target(
        "json-elements",
        (SAMPLES["a.json"], b'[[1],{"a":"]\\""}] x {} "', b"[{},,{} {}],{}", b"[{},"),
        _json_elements,
        ("read.json_elements",),
    ),
    Target("csv", (SAMPLES["a.csv"], b"body;title\nx;y\n;\n"), lambda: read_as("a.csv"), ("read.delimited", *_ROWS)),
    Target("text", (SAMPLES["a.txt"],), lambda: read_as("a.txt"), ("read.text", "read.front_matter", "read.fields")),
    Target(
        "metadata-jsonl",
        (b'{"file_name": "a.txt", "title": "Ferry", "author": ["Ada"]}\n',),
        lambda: _metadata("metadata.jsonl"),
        ("read.metadata", "read.fields"),
    ),
    Target(
        "metadata-csv",
        (b'file_name,title\na.txt,"Ferry, again"\nb.txt,x\n',),
        lambda: _metadata("metadata.csv"),
        ("read.metadata", "read.fields"),
    ),
    Target(
        "config",
        (
            b"name: n\ntitle: N\nversion: 1.0.0\nsources: [{name: a, title: A, license: CC-BY-4.0}]\n"
            b"articles: [{path: '**/*.txt', source: a}]\nbuild: {audience: public}\n",
        ),
        _config,
        ("config", "config_check", "strict_yaml"),
    ),
    Target(
        "charset",
        (b"<meta charset=windows-1251>\xef\xf0\xe8\xe2\xe5\xf2", b"\xff\xfea\0b\0", "é“x”".encode()),
        _charset,
        ("read.html.charset",),
        "charset-normalizer",
    ),
    Target(
        "decode",
        (b"caf\xe9", "Fähre".encode("utf-16"), b"\x1b$B"),
        _decode,
        ("read.decode",),
        "charset-normalizer",
    ),
    Target("linked-data", (LINKED_DATA,), _linked_data, ("read.html.json_ld",)),
    Target(
        "tags",
        (b"<a b='c' d=e f><script>x</script><!-- - -->" + b"<p " + b"a=1 " * 9 + b">",),
        _tags,
        ("read.html.tags",),
    ),
    Target(
        "http",
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n"
            b"Digest: sha1:AAAA\r\n\r\n5\r\nFerry\r\n0\r\n\r\n",
            b"HTTP/1.0 200 OK\nContent-Encoding: deflate, gzip\n\n\x1f\x8b\x08\0\0\0\0\0",
        ),
        _http,
        ("read.warc.http", "read.warc.digests"),
    ),
)
