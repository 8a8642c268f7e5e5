"""A server on loopback that does what a test tells it to, wrong things included."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class Request:
    """One request as a route gets it; ``path`` is without the query, still quoted; ``target`` is as it was sent."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    parts: tuple[str, ...] = ()
    target: str = ""

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What is sent back."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Any, status: int = 200, **headers: str) -> Answer:
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json", **headers})


@dataclass
class Fault:
    """What goes wrong with the requests that match, ``times`` often.

    Attributes:
        mode: ``answer`` sends ``status`` instead. The others drop the connection: ``midway`` when half of the request's
            body has come, ``cut`` when all of it has and nothing is done, ``lost`` when the work is done, ``head``
            amid the headers of the answer, ``half`` amid its body.
    """

    method: str
    pattern: str
    times: int = 1
    mode: str = "answer"
    status: int = 503
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)

    def strikes(self, request: Request) -> bool:
        if self.times > 0 and request.method == self.method and re.search(self.pattern, request.path):
            self.times -= 1
            return True
        return False


Route = Callable[[Request], Answer]


class Loopback:
    """Routes by method and pattern, faults, and a list of what was asked."""

    def __init__(self) -> None:
        self.routes: list[tuple[str, re.Pattern[str], Route]] = []
        self.faults: list[Fault] = []
        self.asked: list[tuple[str, str]] = []
        self.seen_headers: list[dict[str, str]] = []
        self.before: Callable[[Request], None] = lambda request: None
        self.lock = threading.RLock()
        self.url = ""

    def route(self, method: str, pattern: str, route: Route) -> None:
        self.routes.append((method, re.compile(pattern), route))

    def fault(self, method: str, pattern: str, **options: Any) -> Fault:
        self.faults.append(Fault(method, pattern, **options))
        return self.faults[-1]

    def breaks_off(self, request: Request) -> bool:
        """Whether the connection is dropped while this request, which has no body yet, is still on its way."""
        with self.lock:
            struck = any(fault.mode == "midway" and fault.strikes(request) for fault in self.faults)
            if struck:
                self.asked.append((request.method, request.path))
            return struck

    def answer(self, request: Request) -> tuple[Answer, str]:
        """The answer, and how it is sent: ``answer``, ``cut``, ``head``, ``half``."""
        with self.lock:
            self.asked.append((request.method, request.path))
            self.seen_headers.append(request.headers)
            self.before(request)
            fault = next((fault for fault in self.faults if fault.mode != "midway" and fault.strikes(request)), None)
            if fault is not None and fault.mode == "answer":
                return Answer(fault.status, fault.body, fault.headers), "answer"
            if fault is not None and fault.mode == "cut":
                return Answer(), "cut"
            done = self._routed(request)
            return done, {"lost": "cut"}.get(fault.mode, fault.mode) if fault else "answer"

    def _routed(self, request: Request) -> Answer:
        for method, pattern, route in self.routes:
            match = pattern.fullmatch(request.path)
            if match and method == request.method:
                parts = tuple(unquote(part) for part in match.groups())
                return route(Request(**{**request.__dict__, "parts": parts}))
        return Answer.of({"error": f"the stand-in has no {request.method} {request.path}"}, 404)


class _Handler(BaseHTTPRequestHandler):
    """Hands requests to ``loopback``, which a subclass names."""

    protocol_version = "HTTP/1.1"
    loopback: Loopback

    def handle_any(self) -> None:
        split = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, split.path, parse_qs(split.query), headers, b"", target=self.path)
        if self.loopback.breaks_off(request):
            self.rfile.read(int(self.headers.get("Content-Length") or 0) // 2)
            self._drop()
            return
        answer, how = self.loopback.answer(replace(request, body=self._body()))
        if how == "head":
            self.wfile.write(f"HTTP/1.1 {answer.status} OK\r\nContent-Type: applicat".encode())
        elif how != "cut":
            self._send(answer, answer.body[: len(answer.body) // 2] if how == "half" else answer.body)
        if how != "answer":
            self._drop()

    def _drop(self) -> None:
        """Close the connection, whatever was to come."""
        self.wfile.flush()
        self.close_connection = True
        self.connection.close()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = handle_any

    def _send(self, answer: Answer, body: bytes) -> None:
        self.send_response(answer.status)
        length = {"Content-Length": str(len(answer.body))}
        for name, value in {**length, **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def log_message(self, *arguments: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # a client that was cut off leaves in disorder


@contextmanager
def serving(loopback: Loopback) -> Iterator[Any]:
    """Serve until the block ends; ``loopback.url`` is the address."""
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"loopback": loopback}))
    loopback.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield loopback
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
