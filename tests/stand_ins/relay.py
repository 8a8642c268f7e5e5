"""What stands between a client and a server and drops their connections where a test says so."""

from __future__ import annotations

from http.client import HTTPConnection
from urllib.parse import urlsplit

from stand_ins.loopback import Answer, Loopback, Request

#: Of one connection only (RFC 9110, section 7.6.1), or said anew by whoever sends.
_OWN = {"connection", "keep-alive", "transfer-encoding", "content-length", "expect", "te", "upgrade", "date", "server"}


class Relay(Loopback):
    """Hands every request that no fault strikes on to ``upstream``, and its answer back."""

    def __init__(self, upstream: str) -> None:
        super().__init__()
        self.upstream = urlsplit(upstream).netloc

    def _routed(self, request: Request) -> Answer:
        connection = HTTPConnection(self.upstream, timeout=30)
        headers = {name: value for name, value in request.headers.items() if name not in _OWN}
        connection.request(request.method, request.target, request.body, headers)
        answer = connection.getresponse()
        body = answer.read()
        told = {name: value for name, value in answer.getheaders() if name.lower() not in _OWN}
        if request.method == "HEAD":
            told["Content-Length"] = answer.headers.get("Content-Length", "0")
        connection.close()
        return Answer(answer.status, body, told)
