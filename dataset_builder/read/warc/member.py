"""One record of an archive, by its identifier: the digest of what was captured."""

from __future__ import annotations

import hashlib
from pathlib import Path

from dataset_builder.errors import MissingDependencyError
from dataset_builder.read.context import InputFile
from dataset_builder.read.streams import StreamError, open_stream
from dataset_builder.read.warc.http import parse_response
from dataset_builder.read.warc.records import warc_blocks

#: Between an archive's path and the identifier of its record.
MARK = "#"


def payload_sha256(path: Path, record_id: str) -> str | None:
    """SHA-256 of a response's body, None where the archive has no such record or cannot be read.

    Args:
        path: a WARC file, compressed or not.
        record_id: ``WARC-Record-ID`` without its angle brackets.
    """
    try:
        file = InputFile(path, path.name)
        with open_stream(file) as stream:
            for block in warc_blocks(stream, file.limits.item_bytes):
                if block.record_id == record_id and block.block is not None:
                    return hashlib.sha256(parse_response(block.block).body).hexdigest()
    except (OSError, StreamError, MissingDependencyError):
        return None
    return None
