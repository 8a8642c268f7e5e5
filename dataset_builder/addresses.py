"""Addresses without what grants access: a name and password before the host, the signature and the token behind it.

An address is published with the article or shown in a finding; whoever reads it must not be let in by it.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from dataset_builder.address_secrets import MASK, USER, secret_spans
from dataset_builder.visible import one_line, without_controls

#: No address of an article is longer, in characters.
MAX_ADDRESS = 2_048
#: Longer texts are looked at in pieces, so that memory is bounded.
_PIECE = 100_000
#: User information in words that were cut to a line before its end, or whose slashes were taken for a path's.
_USER_IN_WORDS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{1,40}:[/\\]{1,8})[^/\\?#\s@:]{0,400}:[^/\\?#\s@]{0,4000}(@|…)")
#: The same with slashes in it, as secret keys of buckets have them, or behind the first name of a path.
_USER_IN_ARGUMENT = re.compile(r"(?<=:/)(/*)[^@]*:.*@", re.DOTALL)
_PARAMETER = re.compile(r"([?&;#])([^=&;#\s?]{1,80})=([^&;#\s\"'<>]*)")


def has_secret(text: str) -> bool:
    """Whether an address in ``text`` carries a password or a parameter that grants access."""
    return without_secrets(text) != text


def without_secrets(text: str, *, whole: bool = False) -> str:
    """``text`` with user information cut out of its addresses, and ``***`` for the value of a secret parameter.

    Args:
        whole: whether ``text`` is one address, whatever blanks it holds.
    """
    if not any(sign in text for sign in "=@%"):
        return text
    whole = whole or len(text.split(None, 1)) < 2
    return "".join(_masked(text[start : start + _PIECE], whole) for start in range(0, len(text), _PIECE))


def words_without_secrets(text: str) -> str:
    """``text``, an error's words, as :func:`without_secrets`; it may have been cut to a line amid an address."""
    return _USER_IN_WORDS.sub(lambda user: user[1] + user[2].strip("@"), without_secrets(text))


def shown_argument(text: str, limit: int = 120) -> str:
    """An argument that may be an address, on one line of an error that refuses it, without what grants access."""
    text = without_secrets(text, whole=True)
    return one_line(_USER_IN_ARGUMENT.sub(r"\1", text) if "@" in text else text, limit)


def _masked(text: str, whole: bool) -> str:
    kept: list[str] = []
    position = 0
    for start, end, mask in secret_spans(text, whole=whole):
        kept += (text[position:start], mask)
        position = end
    return "".join((*kept, text[position:]))


def web_address(value: str) -> str:
    """An http or https address with a host.

    Raises:
        ValueError: for anything else, an address with a blank or a line break in it included.
    """
    address = value.strip()
    try:
        parts = urlsplit(address)
        valid = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and address.split() == [address]
    except ValueError:
        valid = False
    if not valid:
        raise ValueError("an http or https address")
    return address


def published_address(value: str) -> str | None:
    """``value`` as :mod:`dataset_builder.stages.facts` settles an address for a table; None where it refuses it."""
    cleaned = without_controls(without_secrets(value, whole=True))
    try:
        return web_address(cleaned) if len(cleaned) <= MAX_ADDRESS else None
    except ValueError:
        return None


def public_locator(address: str) -> str:
    """Where a file behind an fsspec address was read, as it may be published: without user and without query."""
    if "://" not in address:
        return address
    return "::".join(USER.sub(r"\1", part).partition("?")[0] for part in address.split("::"))


def without_secrets_of(text: str, address: str) -> str:
    """``text``, an error's words about ``address``, without anything of its user information and its query."""
    text = text.replace(address, public_locator(address))
    for match in USER.finditer(address):
        for part in re.split("[:@]", match[0].removeprefix(match[1])):
            text = text.replace(part, MASK) if len(part) > 2 else text
    for match in _PARAMETER.finditer(address):
        text = text.replace(match[3], MASK) if len(match[3]) > 3 else text
    return without_secrets(text)
