"""Whose value a table's column holds: what its name says, where no field map does.

Columns that are named as fields are read, whatever their capitals and dashes, and so are those that speak of rights,
under whatever name: a column ``Licence`` with "All rights reserved" must not be passed over. Other names are only
proposed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from dataset_builder.read.fields import DECLARABLE
from dataset_builder.resources import read_yaml, schema_file

#: Columns that hold the body where no field map says so, most telling first.
BODY_COLUMNS = ("body", "text", "content")


@dataclass(frozen=True, slots=True)
class NamedColumns:
    """What the names of a table's columns say.

    Attributes:
        body: the column of the body, or ``""``.
        fields: (field, column) of the others.
        taken: those of ``fields`` that are not named as the field is: for a note.
    """

    body: str
    fields: tuple[tuple[str, str], ...]
    taken: tuple[tuple[str, str], ...]


@lru_cache(maxsize=256)
def named_columns(
    columns: tuple[str, ...], mapped: tuple[tuple[str, str], ...], extra: frozenset[str], body: str
) -> NamedColumns:
    """Which column each field is read from.

    Args:
        columns: the table's columns, in their order.
        mapped: (field, column) of the field map, without the body.
        extra: fields that dataset.yaml declares.
        body: the column that the field map or the search for a digest has chosen; ``""`` for none.
    """
    alike = _by_plain_name(columns)
    body = body or _first(alike, BODY_COLUMNS)
    fields = dict(mapped)
    spent = {body, *fields.values()}
    taken: list[tuple[str, str]] = []

    def take(field: str, column: str) -> None:
        fields[field] = column
        spent.add(column)
        if field != column:
            taken.append((field, column))

    for field in (*DECLARABLE, *sorted(extra)):
        if field not in fields and field in columns and field not in spent:
            take(field, field)
    by_name = {plain(field): field for field in DECLARABLE}
    for column in columns:
        field = by_name.get(plain(column), "")
        if field and field not in fields and column not in spent:
            take(field, column)
    rights: Mapping[str, list[str]] = _names()["rights"]
    for column in columns:
        free = [field for field in rights.get(plain(column), ()) if field not in fields]
        if free and column not in spent:
            take(free[0], column)
    return NamedColumns(body, tuple(fields.items()), tuple(taken))


def proposal(columns: Iterable[str], fields: Iterable[str]) -> str:
    """``fields: {title: headline}`` for unread columns that are likely to be meant; empty where none is.

    Args:
        fields: those that have a column already.
    """
    spent, alike = set(fields), _by_plain_name(columns)
    found = {field: _first(alike, names) for field, names in _names()["proposed"].items() if field not in spent}
    told = ", ".join(f"{field}: {_quoted(column)}" for field, column in found.items() if column)
    return f"fields: {{{told}}}" if told else ""


def plain(name: str) -> str:
    """A name in small letters without blanks, dashes, dots, colons and underscores."""
    return re.sub(r"[\s_.:-]+", "", name.casefold())


def _by_plain_name(columns: Iterable[str]) -> dict[str, list[str]]:
    alike: dict[str, list[str]] = {}
    for column in columns:
        alike.setdefault(plain(column), []).append(column)
    return alike


def _first(alike: Mapping[str, list[str]], names: Sequence[str]) -> str:
    """The column that is named by the first of ``names`` that any is named by; one that is spelled so goes first.

    Args:
        alike: plain name -> columns.
    """
    name = next((name for name in names if name in alike), "")
    return "" if not name else name if name in alike[name] else alike[name][0]


def _quoted(column: str) -> str:
    return column if re.fullmatch(r"[A-Za-z_]\w*", column) else json.dumps(column)


@cache
def _names() -> dict[str, Any]:
    names: dict[str, Any] = read_yaml(schema_file("read", "columns.yaml"))
    return names
