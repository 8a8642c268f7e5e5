"""Rights in other people's metadata documents: IPTC ninjs, schema.org and Dublin Core members as claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from dataset_builder.records import Claim, Origin
from dataset_builder.rights.known import table
from dataset_builder.visible import one_line

#: What stands for words that were not read; as a licence it is unknown, so that it withholds.
UNREAD = "a statement that could not be read"
_MAX_VALUES = 20
_MAX_DEPTH = 4


def member_claims(
    document: Mapping[str, Any], vocabulary: str, *, nodes: Mapping[str, Any] | None = None
) -> list[Claim]:
    """The claims about rights in one document of ``ninjs``, ``schema.org`` or ``dc``.

    Values may be text, objects or lists of both. A licence or terms in any other form are a statement all the same,
    and so is what is nested deeper than four levels or stands behind the twentieth value: :data:`UNREAD`.

    Args:
        nodes: the objects that a value may refer to, by their ``@id``.
    """
    members = table("members")
    rules = {"schema.org": "json-ld"}
    claims = [
        Claim(field, words, Origin.EMBEDDED, f"{rules.get(vocabulary, vocabulary)}:{member}", one_line(words))
        for member, field in members["vocabularies"][vocabulary].items()
        if member in document
        for words in words_of(document[member], field, nodes)
    ]
    return list(dict.fromkeys(claims))


def words_of(value: Any, field: str, nodes: Mapping[str, Any] | None = None) -> list[str]:
    """The words of a member about ``field``, at most twenty of them.

    Args:
        nodes: the objects that ``value`` may refer to, by their ``@id``.
    """
    members = table("members")
    keys = members["words"].get(field, members["words"]["any"])
    found = list(islice(_words(value, keys, nodes or {}), _MAX_VALUES + 1))
    read = [words for words in found[:_MAX_VALUES] if words != UNREAD]
    if len(read) < len(found) and field in table("statement-fields")["statements"]:
        read.append(UNREAD)
    return read


def _words(value: Any, keys: list[str], nodes: Mapping[str, Any], depth: int = _MAX_DEPTH) -> Iterator[str]:
    """The texts in a member's value; of an object the first of ``keys`` that it has, else all that it holds."""
    if isinstance(value, str):
        if value.strip():
            yield value.strip()
    elif isinstance(value, (list, Mapping)) and value and not depth:
        yield UNREAD
    elif isinstance(value, list):
        yield from _of_each(value, keys, nodes, depth)
    elif isinstance(value, Mapping):
        known = nodes.get(str(value.get("@id")), value)
        if found := next((known[key] for key in keys if known.get(key)), None):
            yield from _words(found, keys, nodes, depth - 1)
        else:  # a text for each language, or an object of a kind that nobody knows
            members = [item for name, item in known.items() if not str(name).startswith("@")]
            yield from _of_each(members, keys, nodes, depth)
    elif value is not None:
        yield UNREAD


def _of_each(values: list[Any], keys: list[str], nodes: Mapping[str, Any], depth: int) -> Iterator[str]:
    for value in values[:_MAX_VALUES]:
        yield from _words(value, keys, nodes, depth - 1)
    if len(values) > _MAX_VALUES:
        yield UNREAD
