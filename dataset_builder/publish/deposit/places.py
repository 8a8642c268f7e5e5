"""Repositories that take deposits: their address, and the environment variable that holds the token."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from dataset_builder.addresses import shown_argument
from dataset_builder.errors import UsageError
from dataset_builder.nearest import nearest_hint
from dataset_builder.resources import read_yaml, schema_file

#: What a header may carry as credentials (RFC 9110, 11.4); others stop the client with the token in its words.
_TOKEN = re.compile(r"[!-~]+")


@dataclass(frozen=True)
class Place:
    """A repository that runs InvenioRDM."""

    name: str
    address: str
    token_name: str

    @property
    def token(self) -> str:
        """The token of the environment.

        Raises:
            UsageError: there is none, or what is there can be no token.
        """
        token = os.environ.get(self.token_name, "").strip()
        if not token:
            raise UsageError(
                f"there is no token for {self.address}",
                expected=f"{self.token_name} with the rights deposit:write and deposit:actions",
                hint=f"make a token at {self.address}/account/settings/applications and set {self.token_name}",
            )
        if not _TOKEN.fullmatch(token):
            raise UsageError(
                f"{self.token_name} holds what is no token",
                expected="visible ASCII characters without a blank, as the repository shows it",
                hint=f"copy the token anew and set {self.token_name}",
            )
        return token


def place_of(text: str) -> Place:
    """The repository that ``text`` names: one of ``schema/publish/places.yaml``, or an address.

    Raises:
        UsageError: it names none, or one to which a token would travel in the clear.
    """
    known = read_yaml(schema_file("publish", "places.yaml"))["places"]
    if text in known:
        return Place(text, known[text]["address"], known[text]["token"])
    if (host := _host(text)) is not None:
        return Place(host, f"{urlsplit(text).scheme}://{urlsplit(text).netloc}", "INVENIORDM_TOKEN")
    raise UsageError(
        f"no repository is known as {shown_argument(text)!r}",
        expected=f"{', '.join(known)}, or the https address of one that runs InvenioRDM",
        hint=nearest_hint(text, known),
    )


def _host(text: str) -> str | None:
    """The host of an address that a token may be sent to, and that has nothing else in it."""
    try:
        split = urlsplit(text)
        _ = split.port
    except ValueError:
        return None
    loopback = split.hostname in ("127.0.0.1", "localhost", "::1")
    plain = split.path in ("", "/") and not split.query and "@" not in split.netloc and split.netloc.isascii()
    return split.hostname if plain and (split.scheme == "https" or (split.scheme == "http" and loopback)) else None
