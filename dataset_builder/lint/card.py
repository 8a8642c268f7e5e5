"""A data card: the front matter and the headings of README.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dataset_builder.lint.folder import Folder, names
from dataset_builder.lint.stated import Stated
from dataset_builder.strict_yaml import Document, YamlError, parse_yaml

NAME = "README.md"
#: Members of the front matter that name licences.
FRONT_MATTER = ("license", "license_name", "license_link")
_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6}[ \t]+(.{1,200}?)[ \t#]*$", re.MULTILINE)
#: Words of a section that are read as one statement; a longer one is prose for people.
_SECTION = 400


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says.

    Attributes:
        statements: of licences, about the dataset as a whole.
        explained: whether ``license: other`` is told what it means, by name and link.
        names_sources: whether it says where the data came from.
    """

    statements: tuple[Stated, ...] = ()
    explained: bool = False
    names_sources: bool = False


def read_card(folder: Folder) -> Card:
    """The card of a folder; an empty one where there is none."""
    text = folder.read(NAME) if NAME in folder.names else None
    if text is None:
        return Card()
    match = _FRONT.match(text)
    document = _front_matter(folder, match[1]) if match else Document({}, {})
    value: dict[str, Any] = document.value if isinstance(document.value, dict) else {}
    body = text[match.end() :] if match else text
    sections = list(_sections(body, text.count("\n", 0, len(text) - len(body)) + 1))
    prose = [said for said in sections if said.reading.expression is not None]
    return Card(
        (*_licenses(value, document), *prose),
        bool(value.get("license_name") and (value.get("license_link") or _has_license_file(folder))),
        bool(value.get("source_datasets")) or _has_heading(body, "source_headings"),
    )


def _front_matter(folder: Folder, text: str) -> Document:
    try:
        return parse_yaml(text)
    except YamlError as error:
        folder.refuse(NAME, f"line {error.line + 1}: {error.found}", error.expected)
        return Document({}, {})


def _licenses(value: dict[str, Any], document: Document) -> Iterator[Stated]:
    """``license``, one or several; ``license_name`` where it says ``other``."""
    given = value.get("license")
    for index, entry in enumerate(given if isinstance(given, list) else [given]):
        if entry is not None:
            line = document.line(("license", index) if isinstance(given, list) else ("license",)) + 1
            yield Stated(NAME, "license", str(entry), line)
    for key in FRONT_MATTER[1:]:
        named = Stated(NAME, key, str(value.get(key) or ""), document.line((key,)) + 1)
        if value.get(key) and named.reading.expression is not None:
            yield named


def _sections(body: str, before: int) -> Iterator[Stated]:
    """The text below each heading that speaks of licences."""
    headings = list(_HEADING.finditer(body))
    for number, heading in enumerate(headings):
        if _speaks(heading[1], "license_headings"):
            end = headings[number + 1].start() if number + 1 < len(headings) else len(body)
            words = body[heading.end() : end].strip()
            if 0 < len(words) <= _SECTION:
                yield Stated(NAME, heading[1], words, before + body.count("\n", 0, heading.start()))


def _has_heading(body: str, kind: str) -> bool:
    return any(_speaks(heading[1], kind) for heading in _HEADING.finditer(body))


def _speaks(heading: str, kind: str) -> bool:
    return any(word in heading.casefold() for word in names(kind))


def _has_license_file(folder: Folder) -> bool:
    return any(name.casefold() in names("license_files") or name.startswith("LICENSES/") for name in folder.names)
