"""Rights in other people's metadata documents: IPTC ninjs, schema.org and Dublin Core members as claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dataset_builder.records import Claim, Origin
from dataset_builder.rights.known import table
from dataset_builder.visible import one_line

_MAX_VALUES = 20
_MAX_DEPTH = 4


def member_claims(document: Mapping[str, Any], vocabulary: str) -> list[Claim]:
    """The claims about rights in one document of ``ninjs``, ``schema.org`` or ``dc``.

    Values may be text, objects or lists of both; what is nested deeper than four levels is not looked at.
    """
    fields = table("members")["vocabularies"][vocabulary]
    rules = {"schema.org": "json-ld"}
    claims = [
        Claim(field, words, Origin.EMBEDDED, f"{rules.get(vocabulary, vocabulary)}:{member}", one_line(words))
        for member, field in fields.items()
        if member in document
        for words in _words(document[member], _MAX_DEPTH)
    ]
    return list(dict.fromkeys(claims))


def _words(value: Any, depth: int) -> Iterator[str]:
    """The texts in a member's value, at most twenty."""
    if isinstance(value, str):
        if value.strip():
            yield value.strip()
    elif isinstance(value, list) and depth:
        for item in value[:_MAX_VALUES]:
            yield from _words(item, depth - 1)
    elif isinstance(value, Mapping) and depth:
        for key in table("members")["words"]:
            if value.get(key):
                yield from _words(value[key], depth - 1)
                return
