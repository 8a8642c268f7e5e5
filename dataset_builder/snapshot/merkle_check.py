"""The Merkle root that the manifest states, computed anew from the catalog's rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dataset_builder.issues import Issue
from dataset_builder.progress import OnProgress, Watch, silent
from dataset_builder.snapshot.row_digests import kept_digests, row_digests, tree_of
from dataset_builder.snapshot.withdrawn_check import TOMBSTONES, read_tombstones

_BATCH_ROWS = 1024


def check_merkle(
    root: Path,
    manifest: Mapping[str, Any],
    entries: Mapping[str, Mapping[str, Any]],
    on_progress: OnProgress = silent,
) -> Iterator[Issue]:
    """A finding where the rows do not lead to the stated root, and one for each text that its row does not name."""
    kept = kept_digests(read_tombstones(root)) if TOMBSTONES in entries else {}
    shards = [path for path in entries if path.startswith("catalog/") and path.endswith(".parquet")]
    try:
        digests = row_digests(root, shards, kept, Watch("digest rows", on_progress, _rows(shards, entries)))
    except (pa.ArrowException, OSError, KeyError):
        return  # the shard's own finding says so
    found = tree_of(digests).root.hex()
    stated = manifest.get("merkle_root")
    if found != stated:
        yield Issue(
            "manifest.json", field="merkle_root", code="merkle-root-wrong", found=str(stated)[:80], expected=found
        )
    texts = [path for path in entries if path.startswith("articles/") and path.endswith(".parquet")]
    watch = Watch("digest texts", on_progress, _rows(texts, entries))
    yield from _check_texts(root, shards, texts, watch)


def _rows(shards: Sequence[str], entries: Mapping[str, Mapping[str, Any]]) -> int | None:
    """How many rows the manifest states; None where it states something else."""
    stated = [rows for path in shards if isinstance(rows := entries[path].get("rows"), int) and rows >= 0]
    return sum(stated) if len(stated) == len(shards) else None


def _check_texts(root: Path, catalog: list[str], texts: list[str], watch: Watch) -> Iterator[Issue]:
    """A text hangs on its row of the catalog by ``body_sha256``, and so on the root."""
    columns = ["id", "body_sha256"]
    tables = [pq.read_table(root / path, columns=columns, partitioning=None) for path in catalog]
    stated = pa.chunked_array([chunk for table in tables for chunk in _pairs(table)], pa.string())
    for path in texts:
        try:
            with pq.ParquetFile(root / path) as file:
                for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=["id", "body"]):
                    digests = [_digest(text) for text in batch.column("body").to_pylist()]
                    found = pa.table([batch.column("id"), pa.array(digests, pa.string())], names=columns)
                    (pairs,) = _pairs(found)
                    watch.add(batch.num_rows)
                    known = pc.or_(pc.is_in(pairs, value_set=stated), pc.is_null(found.column("body_sha256").chunk(0)))
                    for article in found.column("id").filter(pc.invert(known)).to_pylist():
                        yield Issue(path, field="body", code="text-altered", found=f"the text of {article}")
        except (pa.ArrowException, OSError, KeyError):
            continue  # the shard's own finding says so


def _pairs(table: pa.Table) -> list[pa.Array]:
    """``id`` and digest of each row as one text."""
    columns = [table.column(name).cast(pa.string()) for name in ("id", "body_sha256")]
    joined = pc.binary_join_element_wise(*columns, " ", null_handling="replace", null_replacement="")
    return list(joined.chunks)


def _digest(text: str | None) -> str | None:
    return None if text is None else sha256(text.encode()).hexdigest()
