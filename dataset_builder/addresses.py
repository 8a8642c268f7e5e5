"""Addresses without what grants access: a name and password before the host, the signature and the token behind it.

An address is published with the article or shown in a finding; whoever reads it must not be let in by it.
"""

from __future__ import annotations

import re
from functools import cache

from dataset_builder.resources import read_yaml, schema_file

#: ``scheme://anything@``: user information (RFC 3986, clause 3.2.1), which may itself hold an ``@``.
_USER = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,40}://)[^/?#\s]{1,1000}@")
_PARAMETER = re.compile(r"([?&;])([^=&;#\s?]{1,80})=([^&;#\s\"'<>]*)")
_MASK = "***"


def has_secret(text: str) -> bool:
    """Whether an address in ``text`` carries a password or a parameter that grants access."""
    return "://" in text and without_secrets(text) != text


def without_secrets(text: str) -> str:
    """``text`` with user information cut out of its addresses, and ``***`` for the value of a secret parameter."""
    if "://" not in text:
        return text
    return _PARAMETER.sub(_masked, _USER.sub(r"\1", text))


def public_locator(address: str) -> str:
    """Where a file behind an fsspec address was read, as it may be published: without user and without query."""
    if "://" not in address:
        return address
    return "::".join(_USER.sub(r"\1", part).partition("?")[0] for part in address.split("::"))


def without_secrets_of(text: str, address: str) -> str:
    """``text``, an error's words about ``address``, without anything of its user information and its query."""
    text = text.replace(address, public_locator(address))
    for match in _USER.finditer(address):
        for part in re.split("[:@]", match[0].removeprefix(match[1])):
            text = text.replace(part, _MASK) if len(part) > 2 else text
    for match in _PARAMETER.finditer(address):
        text = text.replace(match[3], _MASK) if len(match[3]) > 3 else text
    return without_secrets(text)


def _masked(match: re.Match[str]) -> str:
    names, prefixes = _secret_parameters()
    name = match[2].lower()
    if name not in names and not name.startswith(prefixes):
        return match[0]
    return f"{match[1]}{match[2]}={_MASK}"


@cache
def _secret_parameters() -> tuple[frozenset[str], tuple[str, ...]]:
    table = read_yaml(schema_file("privacy", "secret-parameters.yaml"))
    return frozenset(table["names"]), tuple(table["prefixes"])
