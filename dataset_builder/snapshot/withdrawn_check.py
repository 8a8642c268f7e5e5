"""Does a snapshot hold text that was withdrawn? Asked of its own tombstones and of those of a later version."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dataset_builder.errors import UsageError
from dataset_builder.issues import Issue
from dataset_builder.regular_file import read_regular
from dataset_builder.visible import one_line

TOMBSTONES = "withdrawals.json"
#: A hundred thousand tombstones are below; what is larger is no list of tombstones.
MAX_BYTES = 64 * 1024 * 1024
_ID = re.compile(r"[0-9a-f]{32}")


def read_tombstones(path: Path) -> dict[str, dict[str, Any]]:
    """id -> tombstone of ``path``: a ``withdrawals.json``, or a snapshot's folder, where none means none.

    Raises:
        UsageError: it is neither.
    """
    if path.is_dir() and (path / "manifest.json").is_file() and not (path / TOMBSTONES).exists():
        return {}
    file = path / TOMBSTONES if path.is_dir() else path
    expected = "a withdrawals.json, or the folder of the snapshot that has it"
    try:
        if file.stat().st_size > MAX_BYTES:
            raise UsageError(f"{file} is larger than {MAX_BYTES} bytes", expected=expected)
        entries = json.loads(read_regular(file, MAX_BYTES))
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror or error}", expected=expected) from None
    except (ValueError, RecursionError):
        raise UsageError(f"{file} is not JSON", expected=expected) from None
    valid = isinstance(entries, list) and all(
        isinstance(entry, dict) and isinstance(entry.get("id"), str) and _ID.fullmatch(entry["id"]) for entry in entries
    )
    if not valid:
        raise UsageError(f"{file} is no list of tombstones", expected=expected)
    return {entry["id"]: entry for entry in entries}


def check_withdrawn(
    root: Path, entries: Mapping[str, Mapping[str, Any]], tombstones: Mapping[str, Mapping[str, Any]]
) -> Iterator[Issue]:
    """A finding for every withdrawn article whose text stands in the table ``articles``.

    Args:
        entries: the manifest's files by path.
        tombstones: those of a later version, by id; the snapshot's own count as well.
    """
    own = read_tombstones(root) if TOMBSTONES in entries else {}
    known = {**own, **tombstones}
    if not known:
        return
    wanted = pa.array(sorted(known), pa.string())
    for path in entries:
        if path.startswith("articles/") and path.endswith(".parquet"):
            for article in _held(root / path, wanted):
                yield Issue(path, code="withdrawn-text-held", found=_told(known[article]), expected="a tombstone")


def _held(shard: Path, wanted: pa.Array) -> list[str]:
    try:
        ids = pq.read_table(shard, columns=["id"], partitioning=None).column("id").cast(pa.string())
    except (pa.ArrowException, OSError, KeyError):
        return []  # the shard's own finding says so
    held: list[str] = ids.filter(pc.is_in(ids, value_set=wanted)).unique().to_pylist()
    return held


def _told(tombstone: Mapping[str, Any]) -> str:
    day, reason = (one_line(str(tombstone.get(name) or "")) for name in ("date", "reason"))
    return f"{tombstone['id']}, withdrawn{f' on {day}' if day else ''}{f': {reason}' if reason else ''}"
