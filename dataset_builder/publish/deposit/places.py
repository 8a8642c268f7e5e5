"""Repositories that take deposits: their address, and the environment variable that holds the token."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from dataset_builder.errors import UsageError
from dataset_builder.nearest import nearest_hint
from dataset_builder.resources import read_yaml, schema_file
from dataset_builder.visible import one_line


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
            UsageError: there is none.
        """
        token = os.environ.get(self.token_name, "").strip()
        if not token:
            raise UsageError(
                f"there is no token for {self.address}",
                expected=f"{self.token_name} with the rights deposit:write and deposit:actions",
                hint=f"make a token at {self.address}/account/settings/applications and set {self.token_name}",
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
    split = urlsplit(text)
    loopback = split.hostname in ("127.0.0.1", "localhost", "::1")
    plain = split.path in ("", "/") and not split.query and not split.username
    if split.hostname and plain and (split.scheme == "https" or (split.scheme == "http" and loopback)):
        return Place(split.hostname, f"{split.scheme}://{split.netloc}", "INVENIORDM_TOKEN")
    raise UsageError(
        f"no repository is known as {one_line(text)!r}",
        expected=f"{', '.join(known)}, or the https address of one that runs InvenioRDM",
        hint=nearest_hint(text, known),
    )
