"""Rights in other people's metadata documents: IPTC ninjs, schema.org and Dublin Core members as claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dataset_builder.records import Claim, Origin
from dataset_builder.rights.known import table
from dataset_builder.visible import one_line

_MAX_VALUES = 20
_MAX_DEPTH = 4


def member_claims(
    document: Mapping[str, Any], vocabulary: str, *, nodes: Mapping[str, Any] | None = None
) -> list[Claim]:
    """The claims about rights in one document of ``ninjs``, ``schema.org`` or ``dc``.

    Values may be text, objects or lists of both; what is nested deeper than four levels is not looked at.

    Args:
        nodes: the objects that a value may refer to, by their ``@id``.
    """
    members = table("members")
    rules = {"schema.org": "json-ld"}
    claims = [
        Claim(field, words, Origin.EMBEDDED, f"{rules.get(vocabulary, vocabulary)}:{member}", one_line(words))
        for member, field in members["vocabularies"][vocabulary].items()
        if member in document
        for words in _words(document[member], members["words"].get(field, members["words"]["any"]), nodes or {})
    ]
    return list(dict.fromkeys(claims))


def _words(value: Any, keys: list[str], nodes: Mapping[str, Any], depth: int = _MAX_DEPTH) -> Iterator[str]:
    """The texts in a member's value, at most twenty; of an object the first of ``keys`` that it has."""
    if isinstance(value, str):
        if value.strip():
            yield value.strip()
    elif isinstance(value, list) and depth:
        for item in value[:_MAX_VALUES]:
            yield from _words(item, keys, nodes, depth - 1)
    elif isinstance(value, Mapping) and depth:
        known = nodes.get(str(value.get("@id")), value)
        if found := next((known[key] for key in keys if known.get(key)), None):
            yield from _words(found, keys, nodes, depth - 1)
