"""A stand-in for a repository that runs InvenioRDM: drafts, files, DOIs and versions, as its REST API documents them.

Written from the reference (https://inveniordm.docs.cern.ch/reference/rest_api_drafts_records/). It is no InvenioRDM:
metadata are hardly validated, and nobody's rights are checked but those of one token.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from stand_ins.loopback import Answer, Loopback, Request

TOKEN = "invenio-token-of-the-test"
PREFIX = "10.5072/zenodo."
_RECORD = "/api/records/([^/]+)"


@dataclass
class Record:
    """One version of a record; a draft until it is published."""

    id: str
    parent: str
    content: dict[str, Any]
    published: bool = False
    doi: str = ""
    announced: set[str] = field(default_factory=set)
    sent: dict[str, bytes] = field(default_factory=dict)
    committed: set[str] = field(default_factory=set)


class InvenioStandIn(Loopback):
    """See the module."""

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[str, Record] = {}
        for method, pattern, route in (
            ("GET", "/api/user/records", self._mine),
            ("POST", "/api/records", self._create),
            ("GET", _RECORD, self._record),
            ("POST", f"{_RECORD}/versions", self._version),
            ("GET", f"{_RECORD}/draft", self._draft),
            ("PUT", f"{_RECORD}/draft", self._update),
            ("POST", f"{_RECORD}/draft/pids/doi", self._reserve),
            ("GET", f"{_RECORD}/draft/files", self._files),
            ("POST", f"{_RECORD}/draft/files", self._announce),
            ("PUT", f"{_RECORD}/draft/files/([^/]+)/content", self._send),
            ("POST", f"{_RECORD}/draft/files/([^/]+)/commit", self._commit),
            ("DELETE", f"{_RECORD}/draft/files/([^/]+)", self._delete),
        ):
            self.route(method, pattern, route)

    def publish(self, identifier: str) -> None:
        """What a person does at the web interface."""
        self.records[identifier].published = True

    def _routed(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Answer.of({"message": "The server could not verify that you are authorized."}, 401)
        return super()._routed(request)

    def _shown(self, record: Record, status: int = 200) -> Answer:
        pids = {"doi": {"identifier": record.doi, "provider": "datacite"}} if record.doi else {}
        return Answer.of(
            {"id": record.id, "parent": {"id": record.parent}, "is_published": record.published, "pids": pids}
            | record.content,
            status,
        )

    def _make(self, parent: str, content: dict[str, Any]) -> Record:
        record = Record(str(1000 + len(self.records)), parent, content)
        self.records[record.id] = record
        return record

    def _mine(self, request: Request) -> Answer:
        drafts = [record for record in reversed(self.records.values()) if not record.published]
        size, page = (int(request.query[name][0]) for name in ("size", "page"))
        shown = [self._shown(record).body for record in drafts[(page - 1) * size : page * size]]
        body = b'{"hits": {"hits": [' + b",".join(shown) + b"]}}"
        return Answer(200, body, {"Content-Type": "application/json"})

    def _create(self, request: Request) -> Answer:
        content = request.json()
        if not content["metadata"].get("creators"):
            errors = [{"field": "metadata.creators", "messages": ["Missing data for required field."]}]
            return Answer.of({"message": "A validation error occurred.", "errors": errors}, 400)
        return self._shown(self._make(f"p{len(self.records)}", content), 201)

    def _record(self, request: Request) -> Answer:
        record = self.records.get(request.parts[0])
        return self._shown(record) if record and record.published else _absent()

    def _draft(self, request: Request) -> Answer:
        record = self.records.get(request.parts[0])
        return self._shown(record) if record and not record.published else _absent()

    def _version(self, request: Request) -> Answer:
        old = self.records[request.parts[0]]
        next_ones = (one for one in self.records.values() if one.parent == old.parent and not one.published)
        return self._shown(next(next_ones, None) or self._make(old.parent, dict(old.content)), 201)

    def _update(self, request: Request) -> Answer:
        record = self.records[request.parts[0]]
        record.content = request.json()
        return self._shown(record)

    def _reserve(self, request: Request) -> Answer:
        record = self.records[request.parts[0]]
        if record.doi:
            return Answer.of({"message": "A PID already exists for type doi"}, 400)
        record.doi = f"{PREFIX}{record.id}"
        return self._shown(record, 201)

    def _files(self, request: Request) -> Answer:
        record = self.records[request.parts[0]]
        entries = []
        for key in sorted(record.announced):
            content, done = record.sent.get(key, b""), key in record.committed
            stated = {"checksum": f"md5:{hashlib.md5(content).hexdigest()}", "size": len(content)} if done else {}
            entries.append({"key": key, "status": "completed" if done else "pending", **stated})
        return Answer.of({"enabled": True, "entries": entries})

    def _announce(self, request: Request) -> Answer:
        record = self.records[request.parts[0]]
        keys = {entry["key"] for entry in request.json()}
        if keys & record.announced:
            return Answer.of({"message": "A file of this name exists."}, 400)
        record.announced |= keys
        return self._files(request)

    def _send(self, request: Request) -> Answer:
        record, key = self.records[request.parts[0]], request.parts[1]
        record.sent[key] = request.body
        return Answer.of({"key": key, "status": "pending"})

    def _commit(self, request: Request) -> Answer:
        self.records[request.parts[0]].committed.add(request.parts[1])
        return Answer.of({"key": request.parts[1], "status": "completed"})

    def _delete(self, request: Request) -> Answer:
        record, key = self.records[request.parts[0]], request.parts[1]
        record.announced.discard(key)
        record.committed.discard(key)
        record.sent.pop(key, None)
        return Answer(204)


def _absent() -> Answer:
    return Answer.of({"message": "The persistent identifier does not exist."}, 404)
