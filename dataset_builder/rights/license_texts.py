"""The files of ``LICENSES/``: one for every licence in an expression."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dataset_builder.resources import schema_file
from dataset_builder.rights.known import table
from dataset_builder.rights.reading import lookup

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
_OPERATORS = frozenset({"AND", "OR", "WITH"})


def identifiers(expression: str) -> tuple[str, ...]:
    """The licences and exceptions of an SPDX expression, in order, each once."""
    words = _IDENTIFIER.findall(expression)
    return tuple(dict.fromkeys(word for word in words if word not in _OPERATORS))


def license_texts(expression: str) -> dict[str, str]:
    """File name -> text, for every licence in ``expression``, in the order of the names.

    Where the text is not at hand, the file names the licence and where it stands.
    """
    return {f"{identifier}.txt": _text(identifier) for identifier in sorted(identifiers(expression))}


def _text(identifier: str) -> str:
    vendored = schema_file("licenses", f"{identifier}.txt")
    if vendored.is_file():
        return vendored.read_text(encoding="utf-8")
    if note := table("license-notes").get(identifier):
        return f"{note.strip()}\n"
    known = lookup(identifier.removeprefix("LicenseRef-")) or lookup(identifier)
    if known is None:
        return f"{identifier}\n\nAn SPDX identifier; its text stands at https://spdx.org/licenses/{identifier}.html\n"
    place = f"Its text stands at {known.url}" if known.url else "It has no text of its own."
    return f"{known.name} ({identifier})\n\n{place}\n"


def overview(expression: str, lines: Iterable[str]) -> str:
    """The file that says which licence holds for what, where more than one does."""
    listed = "\n".join(f"- {line}" for line in lines)
    return (
        f"{expression}\n\n"
        "The texts in this snapshot keep their own licences. Each row of the table `articles` names its licence\n"
        "in the column `license`; each shard folder holds one family of terms. The licence of the selection, the\n"
        f"metadata and the annotations stands in the data card.\n\n{listed}\n"
    )
