"""The identity of a snapshot: one digest over the schemas and the Parquet files.

It is the SHA-256 of lines as ``sha256sum`` writes them, sorted by path: ``DIGEST  schema/TABLE.json`` for the canonical
JSON of each table's schema, ``DIGEST  PATH`` for each Parquet file. Anyone can recompute it without this program.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

_CHUNK = 1024 * 1024


def canonical_json(value: Any) -> bytes:
    """``value`` as JSON with sorted keys, no blanks and no escapes beyond the necessary ones (RFC 8785 in spirit)."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def json_sha256(value: Any) -> str:
    """SHA-256 of the canonical JSON of ``value``."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def snapshot_identity(schemas: Mapping[str, Any], shards: Iterable[tuple[str, str]]) -> str:
    """``sha256:`` and the data digest.

    Args:
        schemas: table -> Table Schema descriptor.
        shards: (path below the snapshot, SHA-256) of each Parquet file.
    """
    lines = [(f"schema/{table}.json", json_sha256(descriptor)) for table, descriptor in schemas.items()]
    text = "".join(f"{digest}  {path}\n" for path, digest in sorted([*lines, *shards]))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
