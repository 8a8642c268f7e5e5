"""Readers behind which a large library works: lxml and trafilatura, FastWARC, Arrow, zlib and zstd, frictionless."""

from __future__ import annotations

from fuzz_target import Feed, Target
from targets_of_readers import read_as, scratch_folder

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

    path = scratch_folder() / name

    def feed(data: bytes) -> None:
        path.write_bytes(data)
        try:
            report = validate_table(path, _SCHEMA, limit_errors=20)
        except DatasetBuilderError:
            return
        assert report.valid == (report.stats.errors == 0)

    return feed


def _reading(name: str, library: str) -> Target:
    return Target(name.removeprefix("a."), (SAMPLES[name],), lambda: read_as(name), library)


TARGETS = (
    _reading("a.html", "trafilatura"),
    _reading("a.rss", "lxml"),
    _reading("a.parquet", "pyarrow"),
    _reading("a.txt.gz", "zlib"),
    _reading("a.jsonl.gz", "zlib"),
    _reading("a.jsonl.zst", "pyarrow"),
    _reading("a.warc", "fastwarc"),
    _reading("a.warc.gz", "fastwarc"),
    _reading("a.wacz", "fastwarc"),
    Target("validate-csv", (SAMPLES["a.csv"],), lambda: _validated("a.csv"), "frictionless"),
    Target("validate-jsonl", (SAMPLES["a.jsonl"],), lambda: _validated("a.jsonl"), "frictionless"),
    Target("validate-parquet", (SAMPLES["a.parquet"],), lambda: _validated("a.parquet"), "frictionless"),
)
