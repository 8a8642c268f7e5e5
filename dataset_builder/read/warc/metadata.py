"""Metadata records: lines ``name: value`` (application/warc-fields) about another record of the archive."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from dataset_builder.read.html.values import plain_text
from dataset_builder.read.warc.records import WarcBlock
from dataset_builder.records import Claim, Origin
from dataset_builder.resources import schema_file

_REFERENCES = ("warc-refers-to", "warc-concurrent-to")
_MAX_BYTES = 1 << 20


def refers_to(block: WarcBlock, record_id: str) -> bool:
    """Whether a metadata record is about the record with this identifier."""
    return bool(record_id) and any(block.headers.get(name, "").strip("<>") == record_id for name in _REFERENCES)


def metadata_claims(block: WarcBlock) -> Iterator[Claim]:
    """The facts of a metadata record that are fields of an article; crawl statistics are not."""
    if block.block is None or "warc-fields" not in block.headers.get("content-type", "").lower():
        return
    for line in block.block[:_MAX_BYTES].decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition(":")
        field = _fields().get(name.strip().lower())
        if colon and field and (text := plain_text(value)):
            yield Claim(field, text, Origin.EMBEDDED, f"warc-metadata:{name.strip().lower()}", confidence=0.9)


@cache
def _fields() -> dict[str, str]:
    import yaml

    raw: dict[str, str] = yaml.safe_load(schema_file("read", "warc-fields.yaml").read_text(encoding="utf-8"))
    return raw
