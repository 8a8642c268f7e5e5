"""Originals that are fetched: by address and time from a web archive, or by file and offset of a WARC file.

What is fetched is kept among the originals, in a folder of its own, so that nobody has to ask for it twice; whether it
is the payload that the snapshot was made of is decided as for every other original: by its digest.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dataset_builder.addresses import without_secrets_of
from dataset_builder.copies.revisions import page_key
from dataset_builder.errors import OutsideError, UsageError
from dataset_builder.issues import Issue
from dataset_builder.progress import OnProgress, counted, silent
from dataset_builder.rehydrate.capture_index import Capture, nearest, read_captures
from dataset_builder.visible import one_line
from dataset_builder.web.addresses import Address, AddressError, parse_address
from dataset_builder.web.exchange import Answer
from dataset_builder.web.visitor import Visitor

#: Below the folder of originals.
FOLDER = "fetched"
#: What an archive's address may hold, and is replaced by the article's own.
URL, TIMESTAMP = "{url}", "{timestamp}"


@dataclass
class Fetching:
    """Where to fetch from, and what came of it.

    Attributes:
        place: an address with ``{url}`` and perhaps ``{timestamp}``, or the address under which WARC files lie.
        visitor: asks, politely.
        fetched: how many records were kept.
        issues: one finding for each article that was not.
    """

    place: str
    visitor: Visitor
    fetched: int = 0
    issues: list[Issue] = field(default_factory=list)

    def __post_init__(self) -> None:
        try:
            parse_address(self.place.replace(URL, "x").replace(TIMESTAMP, "0"))
        except AddressError as error:
            hint = "for example https://web.archive.org/web/{timestamp}id_/{url}, or https://data.example.org/crawls/"
            raise UsageError(f"--fetch: {error}", expected="an address that begins with https://", hint=hint) from None

    def fetch(self, entries: Iterable[Mapping[str, Any]], originals: Path, on_progress: OnProgress = silent) -> None:
        """Ask for the originals of these rows of the catalog, and keep the answers in ``originals/fetched``.

        Raises:
            OutsideError: the disk failed.
        """
        wanted = [entry for entry in entries if entry["url"]]
        by_file = URL not in self.place
        captures = read_captures(originals, frozenset(_key(entry) for entry in wanted)) if by_file else {}
        for entry in counted(wanted, "fetch", on_progress, total=len(wanted), unit="originals"):
            found = captures.get(_key(entry), [])
            record = self._of_file(entry, found) if by_file else self._of_archive(entry)
            if record is not None:
                self.fetched += 1
                _keep(originals / FOLDER / f"{entry['id']}.warc.gz", record)

    def _of_archive(self, entry: Mapping[str, Any]) -> bytes | None:
        """The archive's copy of the page, as a WARC record of the page's own address."""
        place = self.place.replace(TIMESTAMP, _timestamp(entry) or "2").replace(URL, entry["url"])
        answer = self._answer(entry, place, {})
        return gzip.compress(_record(entry["url"], answer), mtime=0) if answer else None

    def _of_file(self, entry: Mapping[str, Any], captures: list[Capture]) -> bytes | None:
        """The record's own bytes, of which the server is asked for no more."""
        if not captures:
            self._failed(entry, "no index among the originals has it")
            return None
        capture = nearest(captures, _timestamp(entry))
        try:
            file = _below(parse_address(self.place), capture.filename)
        except AddressError as error:
            self._failed(entry, str(error))
            return None
        last = capture.offset + capture.length - 1
        answer = self._answer(entry, file.url, {"Range": f"bytes={capture.offset}-{last}"})
        if answer is not None and (answer.status != 206 or len(answer.body) > capture.length):
            self._failed(entry, f"{file.url}: the server sends whole files only")
            return None
        return answer.body if answer else None

    def _answer(self, entry: Mapping[str, Any], url: str, headers: Mapping[str, str]) -> Answer | None:
        visit = self.visitor.visit(url, headers)
        if visit.answer is None or visit.answer.cut:
            status = f"status {visit.hops[-1].status}" if visit.hops and not visit.failure else visit.failure
            self._failed(entry, f"{url}: {'too large' if visit.answer else status}")
            return None
        return visit.answer

    def _failed(self, entry: Mapping[str, Any], reason: str) -> None:
        """``reason`` may name an address, and with it what ``--fetch`` lets in by."""
        found = f"{entry['id']}: {without_secrets_of(reason, self.place)}"
        self.issues.append(Issue(code="original-not-fetched", found=one_line(found, 300)))


def _key(entry: Mapping[str, Any]) -> str:
    return str(page_key(entry["url"]))


def _below(base: Address, name: str) -> Address:
    """The file ``name`` under ``base``, and nothing else on that server or on another.

    Raises:
        AddressError: it would be somewhere else.
    """
    folder = base.target if base.target.endswith("/") else base.target + "/"
    file = parse_address(base.origin + folder).join(name)
    if file.origin != base.origin or not file.target.startswith(folder) or "/../" in file.target:
        raise AddressError(f"the file {one_line(name)!r} is not below {base.url}")
    return file


def _timestamp(entry: Mapping[str, Any]) -> str | None:
    """When the page was fetched, as web archives write it: 14 digits, UTC."""
    at: datetime | None = entry["provenance"]["fetched_at"]
    return None if at is None else f"{at.astimezone(UTC) if at.tzinfo else at:%Y%m%d%H%M%S}"


def _record(url: str, answer: Answer) -> bytes:
    """A response record (ISO 28500:2017, 6.3); the archive's own headers say nothing about the page."""
    kind = answer.header("content-type") or "text/html"
    block = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + answer.body
    lines = [
        "WARC/1.1",
        "WARC-Type: response",
        f"WARC-Target-URI: {one_line(url, 2_000)}",
        f"WARC-Date: {answer.at:%Y-%m-%dT%H:%M:%SZ}",
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(block)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + block + b"\r\n\r\n"


def _keep(path: Path, record: bytes) -> None:
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(record)
    except OSError as error:
        raise OutsideError(f"{path} cannot be written: {error.strerror or error}") from error
