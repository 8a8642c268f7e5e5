"""Which addresses may be asked: http and https on the open internet, and nothing behind a firewall.

An address comes from dataset.yaml, from a page or from a redirect, so anybody may have written it. A name is resolved
once and the connection is made to the number that was looked at: it cannot change in between (DNS rebinding).
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from dataset_builder.open_internet import is_public

PORTS = {"http": 80, "https": 443}
_LONGEST = 2_000


class AddressError(ValueError):
    """An address that is not asked; the message says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """An http or https address, taken apart.

    Attributes:
        target: path and query as they are sent.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def url(self) -> str:
        """The whole, as it is asked for, without fragment."""
        return self.origin + self.target

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """The ``Host`` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    def join(self, reference: str) -> Address:
        """The address that ``reference`` means on this page.

        Raises:
            AddressError: it is none that may be asked.
        """
        try:
            return parse_address(urljoin(self.url, reference.strip()))
        except ValueError as error:
            raise AddressError(str(error)) from None


def parse_address(url: str) -> Address:
    """Take an address apart.

    Raises:
        AddressError: it is not http or https, has no host, or holds a password.
    """
    if len(url) > _LONGEST:
        raise AddressError("an address of more than 2,000 characters")
    try:
        parts = urlsplit(urldefrag(url).url)
        port = parts.port
    except ValueError as error:
        raise AddressError(f"no address: {error}") from None
    if parts.scheme not in PORTS:
        raise AddressError(f"the scheme {parts.scheme[:20] or 'none'}, not http or https")
    if parts.username or parts.password:
        raise AddressError("an address with a user name")
    try:
        host = (parts.hostname or "").encode("idna").decode() if ":" not in (parts.hostname or "") else parts.hostname
    except UnicodeError:
        host = ""
    if not host:
        raise AddressError("an address without a host")
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        target += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return Address(parts.scheme, host, port or PORTS[parts.scheme], target)


def resolve(address: Address, *, private: bool = False) -> str:
    """The number that a connection is made to.

    Args:
        private: whether numbers of this machine and of private networks may be asked, and any port.

    Raises:
        AddressError: the name is unknown, or any of its numbers is not of the open internet.
    """
    if not private and address.port not in PORTS.values():
        raise AddressError(f"the port {address.port}, not 80 or 443")
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressError(f"no host of the name {address.host[:100]}") from None
    numbers = [str(entry[4][0]) for entry in found]
    if not private and (barred := [number for number in numbers if not is_public(number)]):
        raise AddressError(f"{address.host[:100]} is {barred[0]}, which is not of the open internet")
    return numbers[0]
