"""Whether somebody answers at a cluster's address: asked before Ray is, which waits for minutes."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from dataset_builder.errors import OutsideError

#: Who answers at all does so in this time.
_ANSWER_SECONDS = 5.0
#: How a client begins a connection of HTTP/2, on which gRPC speaks: the preface and an empty SETTINGS frame
#: (RFC 9113, sections 3.4 and 6.5). A server's first frame has to be SETTINGS as well.
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))
_SETTINGS = 4


def refuse_silence(address: str) -> None:
    """Refuse an address at which nobody listens, or somebody who is no head of a cluster.

    Raises:
        OutsideError: says which of them.
    """
    if address in ("auto", "local"):
        return
    parts = urlsplit(address if "://" in address else f"//{address}")
    try:
        port = parts.port
    except ValueError:
        port = None
    if not parts.hostname or port is None:
        raise no_cluster(address, "no HOST:PORT")
    try:
        with socket.create_connection((parts.hostname, port), _ANSWER_SECONDS) as connection:
            connection.sendall(_PREFACE)
            head = connection.recv(9, socket.MSG_WAITALL)
    except TimeoutError as error:
        raise no_cluster(address, f"no answer in {_ANSWER_SECONDS:.0f} seconds") from error
    except OSError as error:
        raise no_cluster(address, error.strerror or str(error)) from error
    if len(head) < 4 or head[3] != _SETTINGS:
        raise no_cluster(address, "something else listens there")


def no_cluster(address: str, why: str) -> OutsideError:
    """The error for an address that is of no use."""
    return OutsideError(
        f"no Ray cluster answers at {address}: {why}",
        expected="the HOST:PORT that ray start --head has printed, auto, or local",
        hint="start one with ray start --head and join nodes to it, correct --address, or leave --engine out",
    )
