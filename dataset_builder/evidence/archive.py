"""Captured answers as a WARC file (ISO 28500:2017): written once, never changed, read back by digest."""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dataset_builder import __version__
from dataset_builder.errors import MissingDependencyError, OutsideError
from dataset_builder.evidence.capture import Captured
from dataset_builder.read.context import InputFile
from dataset_builder.read.streams import StreamError, open_stream
from dataset_builder.read.warc.http import parse_response
from dataset_builder.read.warc.records import warc_blocks
from dataset_builder.web.exchange import Answer

#: Ends the names of our archives, so that no build takes them for articles.
SUFFIX = ".evidence.warc.gz"
#: Our records are smaller (see :class:`dataset_builder.web.exchange.Bounds`).
_MOST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """One response of an archive.

    Attributes:
        url: what was asked for.
        record: the record's id, ``urn:uuid:…``.
        date: when it was asked, as written.
        status: HTTP status.
        sha256: digest of the body.
    """

    url: str
    record: str
    date: str
    status: int
    sha256: str


def archive_name(source: str, at: datetime) -> str:
    """The file name of an archive that was begun at ``at`` (UTC); names of one source sort by time."""
    return f"{source}-{at:%Y%m%dT%H%M%SZ}{SUFFIX}"


def write_archive(path: Path, captured: Iterable[Captured], *, source: str, at: datetime) -> list[Kept]:
    """Write request and response of every answer, redirects included.

    Raises:
        MissingDependencyError: without fastwarc.
        OutsideError: the file cannot be written, or is there already.
    """
    kept: list[Kept] = []
    content = io.BytesIO()
    _write(content, "warcinfo", at, _about(source), {"Content-Type": "application/warc-fields"})
    written: set[tuple[str, datetime]] = set()
    for answer in (answer for item in captured for answer in item.visit.hops):
        if (answer.url, answer.at) not in written:
            written.add((answer.url, answer.at))
            kept.append(_write_answer(content, answer))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content.getvalue())
    except OSError as error:
        raise OutsideError(f"{path} cannot be written: {error.strerror or error}") from error
    return kept


def read_kept(path: Path) -> list[Kept]:
    """The responses of an archive, in order; those before the break where it is damaged.

    Raises:
        MissingDependencyError: without fastwarc.
    """
    kept: list[Kept] = []
    try:
        with open_stream(InputFile(path, path.name)) as stream:
            for block in warc_blocks(stream, _MOST_BYTES):
                if block.kind == "response" and block.block is not None:
                    message = parse_response(block.block)
                    headers = block.headers
                    digest = hashlib.sha256(message.body).hexdigest()
                    place = headers.get("warc-target-uri", "").strip("<> ")
                    kept.append(Kept(place, block.record_id, headers.get("warc-date", ""), message.status, digest))
    except (OSError, StreamError):
        return kept
    return kept


def _write_answer(content: io.BytesIO, answer: Answer) -> Kept:
    common = {"WARC-Target-URI": answer.url, "WARC-IP-Address": answer.number}
    more = {"Content-Type": "application/http; msgtype=response"}
    if answer.cut:
        more["WARC-Truncated"] = "length"
    digest = hashlib.sha256(answer.body).hexdigest()
    labels = {**common, **more, "WARC-Payload-Digest": f"sha256:{digest}"}
    record = _write(content, "response", answer.at, answer.head + answer.body, labels)
    request = {**common, "Content-Type": "application/http; msgtype=request", "WARC-Concurrent-To": f"<{record}>"}
    _write(content, "request", answer.at, answer.request, request)
    return Kept(answer.url, record, _date(answer.at), answer.status, digest)


def _write(content: io.BytesIO, kind: str, at: datetime, block: bytes, headers: dict[str, str]) -> str:
    """Append one compressed record; returns its id, which follows from what it holds."""
    warc = _fastwarc()
    name = f"{kind} {_date(at)} {headers.get('WARC-Target-URI', '')} {hashlib.sha256(block).hexdigest()}"
    number = uuid.uuid5(uuid.NAMESPACE_URL, name)
    record = warc.WarcRecord()
    record.init_headers(record_type=getattr(warc, kind), record_urn=f"uuid:{number}".encode())
    record.headers["WARC-Date"] = _date(at)
    record.headers["WARC-Block-Digest"] = f"sha256:{hashlib.sha256(block).hexdigest()}"
    for key, value in headers.items():
        record.headers[key] = value
    record.set_bytes_content(block)
    plain = io.BytesIO()
    record.write(plain)
    content.write(_gzip(plain.getvalue()))
    return f"urn:uuid:{number}"


def _gzip(record: bytes) -> bytes:
    """One member a record, as the standard's annex D wants; without a time of its own."""
    import gzip

    return gzip.compress(record, mtime=0)


def _about(source: str) -> bytes:
    lines = [
        f"software: build-dataset/{__version__}",
        "format: WARC File Format 1.1",
        "robots: obey",
        f"description: terms and opt-outs of the source {source}",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _date(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _fastwarc() -> Any:
    try:
        from fastwarc import warc
    except ImportError:
        hint = "pip install 'news-dataset-builder[evidence]'"
        raise MissingDependencyError("keeping evidence needs the package fastwarc", hint=hint) from None
    return warc
