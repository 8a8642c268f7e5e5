"""YAML that people write (dataset.yaml, front matter), read strictly and with line numbers.

Scalars follow YAML 1.2's core schema, so that ``country: NO`` and ``date: 2024-11-01`` stay the text that was written.
Anchors and aliases are refused, as nobody needs them here and a kilobyte of them can expand to gigabytes; so are tags,
duplicate keys and deep nesting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

#: Enough for any real configuration, far below Python's recursion limit.
MAX_DEPTH = 32
#: dataset.yaml of a large archive stays below; front matter has a limit of its own.
MAX_CHARACTERS = 16_000_000

_SURROGATE = re.compile("[\ud800-\udfff]")
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,18})")
_NUMBER = re.compile(r"[-+]?([0-9]{1,30}\.[0-9]{0,30}|\.[0-9]{1,30}|[0-9]{1,30})([eE][-+]?[0-9]{1,3})?")
_CONSTANTS = {
    "true": True,
    "True": True,
    "false": False,
    "False": False,
    "": None,
    "~": None,
    "null": None,
    "Null": None,
}

Path = tuple[str | int, ...]


class YamlError(Exception):
    """A document that cannot be read: 1-based ``line``, what was ``found`` and what was ``expected``."""

    def __init__(self, line: int, found: str, expected: str) -> None:
        super().__init__(line, found, expected)
        self.line = line
        self.found = found
        self.expected = expected


@dataclass(frozen=True)
class Document:
    """A parsed document and the line on which each of its values begins."""

    value: Any
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The 1-based line of the value at ``path``, or of the nearest value around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def parse_yaml(text: str) -> Document:
    """Parse one YAML document.

    Raises:
        YamlError: for anything that is not one plain document of mappings, sequences and scalars.
    """
    if len(text) > MAX_CHARACTERS:
        raise YamlError(1, f"{len(text)} characters", f"at most {MAX_CHARACTERS}")
    if lone := _SURROGATE.search(text):
        line = text.count("\n", 0, lone.start()) + 1
        raise YamlError(line, f"the lone surrogate U+{ord(lone[0]):04X}", "text that UTF-8 can hold")
    try:
        _refuse_machinery(text)
        node = yaml.compose(text, Loader=_loader())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(
            mark.line + 1 if mark else 1, (error.problem or "not YAML").removeprefix("but "), "one YAML document"
        ) from None
    except yaml.reader.ReaderError as error:
        raise YamlError(
            text.count("\n", 0, error.position) + 1, f"the character U+{error.character:04X}", "printable text"
        ) from None
    lines: dict[Path, int] = {}
    return Document(_construct(node, (), lines) if node is not None else None, lines)


def _loader() -> type[yaml.SafeLoader]:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _refuse_machinery(text: str) -> None:
    """Walk the events once: they are linear in the text, whatever the aliases would expand to."""
    depth = 0
    for event in yaml.parse(text, Loader=_loader()):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise YamlError(line, "an anchor or alias (& or *)", "plain values; write them out, or quote the text")
        if tag := getattr(event, "tag", None):
            raise YamlError(line, f"the tag {str(tag)[:40]}", "plain values without tags")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise YamlError(line, f"more than {MAX_DEPTH} levels of nesting", "a flatter document")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _construct(node: Any, path: Path, lines: dict[Path, int]) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise YamlError(line, "a key that is not text", "text keys")
            if key_node.value in mapping:
                raise YamlError(line, f"the key {key_node.value[:80]!r} a second time", "each key once")
            mapping[key_node.value] = _construct(value_node, (*path, key_node.value), lines)
            lines[(*path, key_node.value)] = line
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_construct(item, (*path, index), lines) for index, item in enumerate(node.value)]
    return _scalar(node.value, plain=not node.style)


def _scalar(text: str, *, plain: bool) -> Any:
    if not plain:  # quoted or block text says that it is text
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text
