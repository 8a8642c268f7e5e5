"""The digest of every row of the catalog, sorted by id: the entries of a snapshot's Merkle tree.

The catalog has a row for every article, withheld ones included, and no text in any; a released text hangs on its row by
``body_sha256``. So one tree proves both, and no proof shows a text. Of a row that was erased its tombstone in
``withdrawals.json`` keeps the digest, as ``row_sha256``: the root stays, and every other proof holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dataset_builder.progress import Watch
from dataset_builder.snapshot.merkle import MerkleTree, root_of
from dataset_builder.snapshot.row_json import row_texts

_BATCH_ROWS = 1024
_ENTRY = pa.binary(32)
_DIGESTS = [("id", pa.string()), ("entry", _ENTRY)]
_DIGEST = re.compile(r"[0-9a-f]{64}")


def row_digests(
    root: Path, shards: Iterable[str], kept: Mapping[str, bytes] | None = None, watch: Watch | None = None
) -> pa.Table:
    """The columns ``id`` and ``entry`` (32 bytes), sorted by id.

    Args:
        shards: the catalog's files below ``root``.
        kept: id -> entry of rows that were erased.
        watch: counts the rows.
    """
    parts = [_digested(list(kept or {}), list((kept or {}).values()))]
    for path in shards:
        with pq.ParquetFile(root / path) as file:
            for batch in file.iter_batches(batch_size=_BATCH_ROWS):
                parts.append(digests_of(batch))
                if watch:
                    watch.add(batch.num_rows)
    return pa.concat_tables(parts).sort_by("id")


def digests_of(rows: pa.RecordBatch | pa.Table) -> pa.Table:
    """The columns ``id`` and ``entry`` of some rows of the catalog, in their order."""
    batches = [rows] if isinstance(rows, pa.RecordBatch) else rows.to_batches(max_chunksize=_BATCH_ROWS)
    entries = [row_entry(text) for batch in batches for text in row_texts(batch)]
    return _digested(rows.column("id").cast(pa.string()), entries)


def _digested(ids: pa.ChunkedArray | list[str], entries: list[bytes]) -> pa.Table:
    return pa.table({"id": ids, "entry": pa.array(entries, _ENTRY)}, schema=pa.schema(_DIGESTS))


def row_entry(text: str) -> bytes:
    """The digest of a row from its canonical JSON."""
    return sha256(text.encode()).digest()


def kept_digests(tombstones: Mapping[str, Mapping[str, Any]]) -> dict[str, bytes]:
    """id -> entry of each tombstone that keeps the digest of an erased row."""
    stated = ((article, entry.get("row_sha256")) for article, entry in tombstones.items())
    return {
        article: bytes.fromhex(value)
        for article, value in stated
        if isinstance(value, str) and _DIGEST.fullmatch(value)
    }


def tree_of(digests: pa.Table) -> MerkleTree:
    """The tree over the entries of :func:`row_digests`."""
    return MerkleTree(_entries(digests))


def _entries(digests: pa.Table) -> Iterator[bytes]:
    for batch in digests.select(["entry"]).to_batches(max_chunksize=_BATCH_ROWS):
        yield from batch.column(0).to_pylist()


def merkle_root(digests: Iterable[pa.Table]) -> str:
    """The root over all rows, as the manifest states it: 64 hexadecimal digits.

    Args:
        digests: what :func:`digests_of` gives for the rows of the catalog, in any order.
    """
    return root_of(_entries(pa.concat_tables([_digested([], []), *digests]).sort_by("id"))).hex()
