"""One request and its answer, bounded in time and size. Nothing is followed, nothing is sent but what is asked."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from dataset_builder.visible import one_line
from dataset_builder.web.addresses import Address, AddressError, resolve

_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one request may cost.

    Attributes:
        seconds: from the first byte sent to the last one read.
        size: bytes of a body that are read; what is longer is cut and says so.
        private: whether this machine and private networks may be asked.
    """

    seconds: float = 30.0
    size: int = 4 << 20
    private: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said.

    Attributes:
        url: what was asked for.
        at: when, in UTC.
        number: the IP address that was asked.
        status: HTTP status.
        reason: its words.
        headers: as they came, names and values.
        body: the bytes, without transfer coding.
        cut: whether the body goes on.
        request: the request's head as it was sent.
    """

    url: str
    at: datetime
    number: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    cut: bool
    request: bytes

    def header(self, name: str) -> str:
        """The values of one header, joined by commas as RFC 9110, 5.3 allows."""
        return ", ".join(value for key, value in self.headers if key.lower() == name)

    @property
    def head(self) -> bytes:
        """Status line and headers as bytes; a transfer coding, which the body has no more, is renamed."""
        lines = [f"HTTP/1.1 {self.status} {self.reason}".rstrip()]
        for name, value in self.headers:
            kept = f"X-Archive-Orig-{name}" if name.lower() == "transfer-encoding" else name
            lines.append(f"{kept}: {value}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer."""

    url: str
    reason: str


def ask(address: Address, headers: Mapping[str, str], bounds: Bounds) -> Answer | Failure:
    """Send one GET request."""
    try:
        number = resolve(address, private=bounds.private)
    except AddressError as error:
        return Failure(address.url, str(error))
    sent = {"Host": address.authority, **headers, "Accept-Encoding": "identity", "Connection": "close"}
    connection = _Connection(address, number, bounds.seconds)
    watch = threading.Timer(bounds.seconds, connection.cut_off)
    watch.daemon = True
    watch.start()
    try:
        return _exchange(connection, address, number, sent, bounds)
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = connection.is_cut_off or isinstance(error, TimeoutError)
        reason = f"no answer within {bounds.seconds:g} s" if late else f"{type(error).__name__}: {error}"
        return Failure(address.url, one_line(reason, 200))
    finally:
        watch.cancel()
        connection.close()


def _exchange(
    connection: _Connection, address: Address, number: str, sent: Mapping[str, str], bounds: Bounds
) -> Answer:
    at = datetime.now(UTC)
    connection.putrequest("GET", address.target, skip_host=True, skip_accept_encoding=True)
    for name, value in sent.items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    body = bytearray()
    while len(body) <= bounds.size and (chunk := response.read1(_CHUNK)):
        body += chunk
    if connection.is_cut_off:
        raise TimeoutError
    lines = [f"GET {address.target} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items()), "", ""]
    return Answer(
        address.url,
        at,
        number,
        response.status,
        one_line(response.reason, 100),
        tuple((name, one_line(value, 4_000)) for name, value in response.getheaders()),
        bytes(body[: bounds.size]),
        len(body) > bounds.size,
        "\r\n".join(lines).encode("latin-1", "replace"),
    )


class _Connection(http.client.HTTPConnection):
    """A connection to a number that has been looked at, under the name that the certificate must have."""

    def __init__(self, address: Address, number: str, seconds: float) -> None:
        super().__init__(address.host, address.port, timeout=seconds)
        self._secure = address.scheme == "https"
        self._number = number
        self.is_cut_off = False

    def connect(self) -> None:
        """Open the connection; no proxy and no other number is taken."""
        plain = socket.create_connection((self._number, self.port), self.timeout)
        self.sock = plain
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)

    def cut_off(self) -> None:
        """End it, whatever it waits for: a server that sends a byte a second would hold it for ever."""
        self.is_cut_off = True
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)
