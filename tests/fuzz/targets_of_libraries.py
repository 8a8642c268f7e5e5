"""Readers behind which a large library works: lxml and trafilatura, FastWARC, Arrow, zlib and zstd, frictionless."""

from __future__ import annotations

from fuzz_target import Feed, Target
from scratch_file import ScratchFile
from targets_of_readers import read_as

from reader_samples import SAMPLES

_SCHEMA = {
    "fields": [
        {"name": "title", "type": "string", "constraints": {"required": True, "pattern": "[A-Z].*"}},
        {"name": "body", "type": "string"},
        {"name": "date", "type": "date"},
    ]
}


def _validated(name: str) -> Feed:
    from dataset_builder.errors import DatasetBuilderError
    from dataset_builder.validate import validate_table

    file = ScratchFile(name)

    def feed(data: bytes) -> None:
        file.write(data)
        try:
            report = validate_table(file.path, _SCHEMA, limit_errors=20)
        except DatasetBuilderError:
            return
        assert report.valid == (report.stats.errors == 0)

    return feed


def _reading(name: str, code: str, library: str, *more: bytes) -> Target:
    return Target(name.removeprefix("a."), (SAMPLES[name], *more), lambda: read_as(name), (code,), library, 65_536)


def _validating(name: str) -> Target:
    kind = name.removeprefix("a.")
    return Target(f"validate-{kind}", (SAMPLES[name],), lambda: _validated(name), ("validate",), "frictionless", 65_536)


_ATOM = (
    b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>T</title><link href='/a'/>"
    b"<content type='xhtml'><div><p>Ferry</p></div></content></entry></feed>"
)
_PAGE = b"<html><head><title>Ferry</title></head><body><article><p>The ferry left.</p></article></body></html>"
TARGETS = (
    _reading("a.html", "read.html", "trafilatura", _PAGE),
    Target("feed", (SAMPLES["a.rss"], _ATOM), lambda: read_as("a.rss"), ("read.feed",), "lxml", 4_096),
    Target(
        "parquet",
        (SAMPLES["a.parquet"],),
        lambda: read_as("a.parquet"),
        ("read.parquet", "read.arrow_rows", "parquet_bounds"),
        "pyarrow",
        65_536,
    ),
    _reading("a.txt.gz", "read.streams", "zlib"),
    _reading("a.jsonl.gz", "read.streams", "zlib"),
    _reading("a.jsonl.zst", "read.streams", "pyarrow"),
    _reading("a.warc", "read.warc", "fastwarc"),
    _reading("a.warc.gz", "read.warc", "fastwarc"),
    _reading("a.wacz", "read.warc", "fastwarc"),
    _validating("a.csv"),
    _validating("a.jsonl"),
    _validating("a.parquet"),
)
