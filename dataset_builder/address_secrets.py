"""Where in a text an address lets its reader in: user information, and the values of parameters that grant access.

Addresses are read as those read them who would be let in: characters that cannot be seen are passed over, escapes are
resolved, also those of an address within an address, and each reading knows its places in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from dataset_builder.resources import read_yaml, schema_file
from dataset_builder.visible import is_unsafe

MASK = "***"
#: ``scheme://anything@`` or ``//anything@``: user information (RFC 3986, clause 3.2.1), which may itself hold an ``@``.
#: Browsers take backslashes for slashes, and any number of them, none included (WHATWG URL, clause 4.4).
USER = re.compile(
    r"((?:[A-Za-z][A-Za-z0-9+.-]{0,40}:[/\\]|/)[/\\]{1,7}|[Hh][Tt][Tt][Pp][Ss]?:[/\\]?)[^/\\?#\s]{1,4000}@"
)
#: An ``&`` of the address around the one that an escape has made visible: a blank that no text has.
_BARRIER = "\x1f"
#: A parameter's name, in the query or the fragment.
_NAME = re.compile(r"[?&;#\x1f]\s{0,8}([^=&;#?\s]{1,240})\s{0,8}=")
#: A parameter's value: in an address, and in running text.
_VALUE, _VALUE_IN_TEXT = re.compile(r"[^&#]*"), re.compile(r"[\"'<(\[]*[^&#\s\"<>]*")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
#: An address in an address in an address is escaped so often.
_LAYERS = 4


def secret_spans(text: str, *, whole: bool) -> list[tuple[int, int, str]]:
    """Start, end and replacement of each secret, in order, none overlapping another.

    Args:
        whole: whether ``text`` is one address, whatever blanks it holds.
    """
    spans: list[tuple[int, int, str]] = []
    for start, end, mask in sorted(set(_found(text, whole))):
        if spans and start < spans[-1][1]:
            first, reach, other = spans[-1]
            spans[-1] = first, max(reach, end), other or mask
        else:
            spans.append((start, end, mask))
    return spans


def _found(text: str, whole: bool) -> Iterator[tuple[int, int, str]]:
    value = _VALUE if whole else _VALUE_IN_TEXT
    for reading in _readings(text, whole):
        for user in USER.finditer(reading.text):
            yield reading.starts[user.end(1)], reading.ends[user.end() - 1], ""
        for name in _NAME.finditer(reading.text):
            start = reading.ends[name.end() - 1]
            if _is_secret(name[1]) and (found := value.match(text, start)):
                yield start, found.end(), MASK


class _Reading(NamedTuple):
    """One reading of a text, and where each of its characters begins and ends there."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def _readings(text: str, whole: bool) -> Iterator[_Reading]:
    """As it stands, without what cannot be seen, and with its escapes resolved layer by layer."""
    reading = _Reading(text, range(len(text)), range(1, len(text) + 1))
    yield reading
    if not text.isprintable() or (whole and " " in text):
        seen = [at for at, char in enumerate(text) if (not whole if char.isspace() else not is_unsafe(char))]
        reading = _Reading("".join(text[at] for at in seen), seen, [at + 1 for at in seen])
        yield reading
    for _ in range(_LAYERS):
        if not _ESCAPE.search(reading.text):
            return
        reading = _unescaped(reading)
        yield reading


def _unescaped(outer: _Reading) -> _Reading:
    """One layer of escapes less; byte by byte, as a name that grants access is ASCII."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(outer.text):
        escape = _ESCAPE.match(outer.text, at)
        after = escape.end() if escape else at + 1
        char = chr(int(escape[1], 16)) if escape else _BARRIER if outer.text[at] == "&" else outer.text[at]
        if char.isspace() or not is_unsafe(char):
            chars.append(char)
            starts.append(outer.starts[at])
            ends.append(outer.ends[after - 1])
        at = after
    return _Reading("".join(chars), starts, ends)


def _is_secret(name: str) -> bool:
    """Whether a parameter grants access; ``token[]`` and ``user[token]`` are read as servers read them."""
    names, prefixes = _secret_parameters()
    parts = re.split(r"[^a-z0-9_-]+", name.lower())
    return any(part in names or part.startswith(prefixes) for part in ("".join(parts), *parts))


@cache
def _secret_parameters() -> tuple[frozenset[str], tuple[str, ...]]:
    table = read_yaml(schema_file("privacy", "secret-parameters.yaml"))
    return frozenset(table["names"]), tuple(table["prefixes"])
