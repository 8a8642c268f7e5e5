"""What fsspec asks for http and https addresses of dataset.yaml: the open internet, and nothing behind a firewall.

Whoever wrote dataset.yaml may not be who builds: an address of the builder's own network would bring what only they can
read into a public snapshot. What is judged is the number that each connection is made to, so no name, redirect or link
of a listed page leads inside. Stores such as S3 are found by the builder's own settings and not by the address.
"""

from __future__ import annotations

import errno
import os
import socket
from typing import TYPE_CHECKING, Any

from dataset_builder.errors import UsageError
from dataset_builder.open_internet import is_public
from dataset_builder.visible import one_line

if TYPE_CHECKING:
    from aiohttp import ClientSession

VARIABLE = "BUILD_DATASET_PRIVATE_ADDRESSES"


class PrivateAddressError(OSError):
    """The number of a host is not one that anybody may ask."""


def web_filesystem() -> Any:
    """The file system of http and https.

    Raises:
        UsageError: the environment's ``BUILD_DATASET_PRIVATE_ADDRESSES`` is neither 0 nor 1.
    """
    from fsspec.implementations.http import HTTPFileSystem  # type: ignore[import-untyped]

    return HTTPFileSystem() if _private_allowed() else HTTPFileSystem(get_client=_client)


def _private_allowed() -> bool:
    allowed = os.environ.get(VARIABLE) or "0"
    if allowed not in ("0", "1"):
        raise UsageError(f"{VARIABLE}={one_line(allowed)}", expected="1 to read addresses of private networks, or 0")
    return allowed == "1"


async def _client(**settings: Any) -> ClientSession:
    from aiohttp import ClientSession, TCPConnector

    return ClientSession(connector=TCPConnector(socket_factory=_public_socket), **settings)


def _public_socket(place: tuple[Any, ...]) -> socket.socket:
    family, kind, protocol, _, (number, *_) = place
    if not is_public(number):
        raise PrivateAddressError(errno.EACCES, f"{number} is not of the open internet")
    return socket.socket(family, kind, protocol)
