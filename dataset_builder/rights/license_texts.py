"""The files of ``LICENSES/``: one for every licence in an expression."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from dataset_builder.release_options import LegalBasis
from dataset_builder.resources import schema_file
from dataset_builder.rights.known import table
from dataset_builder.rights.permissions import permission_reference
from dataset_builder.rights.reading import lookup
from dataset_builder.visible import one_line

if TYPE_CHECKING:
    from dataset_builder.config import Source

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
#: Identifier of what no licence grants and the law allows.
LEGAL_BASIS = "LicenseRef-legal-basis"
_OPERATORS = frozenset({"AND", "OR", "WITH"})


def identifiers(expression: str) -> tuple[str, ...]:
    """The licences and exceptions of an SPDX expression, in order, each once."""
    words = _IDENTIFIER.findall(expression)
    return tuple(dict.fromkeys(word for word in words if word not in _OPERATORS))


def license_texts(expression: str, notes: Mapping[str, str] | None = None) -> dict[str, str]:
    """File name -> text, for every licence in ``expression``, in the order of the names.

    Where the text is not at hand, the file names the licence and where it stands.

    Args:
        notes: the texts of terms that are a release's own, by identifier.
    """
    own = notes or {}
    return {f"{name}.txt": own.get(name) or _text(name) for name in sorted(identifiers(expression))}


def permission_notes(sources: Iterable[Source]) -> dict[str, str]:
    """Identifier -> text, for every permission that a source records; records that share an identifier share a text."""
    notes: dict[str, str] = {}
    for source in sources:
        if source.permission:
            name = permission_reference(source.name)
            notes[name] = "\n".join([*([notes[name]] if name in notes else []), _permission_note(source)])
    return notes


def _permission_note(source: Source) -> str:
    facts = {
        "Source": source.title or source.name,
        "Rights holder": source.rights_holder or source.publisher,
        "Permission": source.permission,
        "Scope": source.permission_scope,
        "Last day": source.permission_expires or "none is named",
    }
    lines = [f"{name}: {one_line(value, 500)}" for name, value in facts.items() if value]
    return f"{table('license-notes')['LicenseRef-permission'].strip()}\n\n" + "\n".join(lines) + "\n"


def legal_basis_note(basis: LegalBasis, published_in: Sequence[str]) -> str:
    """The text of ``LICENSES/`` for what is released on a legal basis."""
    place = f"Published in: {', '.join(published_in)}\n" if published_in else ""
    note = table("license-notes")[LEGAL_BASIS].strip()
    return f"{note}\n\nAllowed: {basis.kind}\n{place}Basis: {one_line(basis.words, 2000)}\n"


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
