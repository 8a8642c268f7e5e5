"""A site on this machine, for tests of what asks the web."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Page:
    """What the site answers: body, status, headers; ``send`` takes the answer over."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    send: Callable[[BaseHTTPRequestHandler], None] | None = None


@dataclass
class Site:
    """Pages by path, and what was asked for: (path, headers)."""

    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    root: str = ""

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [path for path, _ in self.asked]


@contextmanager
def served(site: Site) -> Iterator[Site]:
    """The site, answering on a free port of the loopback interface."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers.items())))
            page = site.pages.get(self.path, Page("not here", 404))
            if page.send is not None:
                page.send(self)
                return
            content = page.body.encode() if isinstance(page.body, str) else page.body
            status, headers = page.status, dict(page.headers)
            if (asked := self.headers.get("Range")) and headers.get("Accept-Ranges") == "bytes":
                first, _, last = asked.removeprefix("bytes=").partition("-")
                status, content = 206, content[int(first) : int(last) + 1]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    site.root = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
