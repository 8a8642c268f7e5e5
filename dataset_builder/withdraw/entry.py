"""Entries under ``withdrawals`` in dataset.yaml: added to the text, so that its comments and its layout stay.

The place is taken from the parsed document. Whatever was inserted is parsed again before it is written: the new
document must say what the old one said and the new entries, and nothing else.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from dataset_builder.config import Withdrawal
from dataset_builder.config_check import CONFIG_NAME
from dataset_builder.config_edit import edit_config
from dataset_builder.config_nodes import nodes_of
from dataset_builder.errors import UsageError
from dataset_builder.strict_yaml import YamlError, parse_yaml

_KEY = "withdrawals"
#: A day, or an id with a letter that no number has: text to every YAML reader that compares it with a pattern.
_PLAIN = re.compile(r"\d{4}-\d\d-\d\d|(?=[0-9a-f]*[a-df])[0-9a-f]{32}")


def add_entries(folder: Path, entries: Sequence[Withdrawal]) -> None:
    """Add ``entries`` to ``folder/dataset.yaml``, in one step; a folder without one gets one.

    Raises:
        UsageError: the file is a link that leads outside, or of a shape that cannot be added to; the text to add is
            in the hint.
        OutsideError: the disk failed.
    """
    edit_config(folder, lambda text: with_entries(text, entries))


def with_entries(text: str, entries: Sequence[Withdrawal]) -> str:
    """``text``, a dataset.yaml that follows its schema, with ``entries`` added under ``withdrawals``.

    Raises:
        UsageError: no place was found where they could be put without changing anything else.
    """
    values = [_value(entry) for entry in entries]
    old = parse_yaml(text).value or {}
    wanted = {**old, _KEY: [*old.get(_KEY, []), *values]}
    for candidate in _candidates(text, values):
        with contextlib.suppress(YamlError):
            if parse_yaml(candidate).value == wanted:
                return candidate
    raise UsageError(
        "the entries cannot be added without changing the file's layout",
        expected=f"{_KEY} as a list at the end of dataset.yaml",
        hint="add by hand: " + "; ".join(_flow(value) for value in values),
        place=CONFIG_NAME,
    )


def _value(entry: Withdrawal) -> dict[str, Any]:
    value: dict[str, Any] = {"id": entry.id, "reason": entry.reason, "date": entry.date}
    return {**value, "versions": list(entry.versions)} if entry.versions else value


def _candidates(text: str, values: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The text with the entries where they may belong, the likeliest first."""
    end = "\r\n" if "\r\n" in text else "\n"
    root = nodes_of(text)
    if root is None:
        yield _appended(text, values, end)
        return
    if not isinstance(root, yaml.MappingNode):
        return
    found = next((value for key, value in root.value if key.value == _KEY), None)
    if found is None and root.flow_style:
        yield from _into_flow(text, root.end_mark.index - 1, f'"{_KEY}": [{_flows(values)}]')
    elif found is None:
        yield _appended(text, values, end)
    elif found.flow_style:
        yield from _into_flow(text, found.end_mark.index - 1, _flows(values))
    else:
        yield _into_block(text, found, values, end)


def _appended(text: str, values: Sequence[dict[str, Any]], end: str) -> str:
    gap = "" if not text or text.endswith("\n") else end
    return f"{text}{gap}{_KEY}:{end}{_block(values, '  ', end)}"


def _into_flow(text: str, place: int, inserted: str) -> Iterator[str]:
    """Before the closing bracket at ``place``: as the first member, after a comma, or after one that stands there."""
    for comma in (", ", ""):
        before = text[:place].rstrip(" ") if comma else text[:place]
        yield f"{before}{comma}{inserted}{text[place:]}"


def _into_block(text: str, sequence: yaml.SequenceNode, values: Sequence[dict[str, Any]], end: str) -> str:
    """After the last line of the last entry, with dashes under dashes."""
    lines = [piece + "\n" for piece in text.split("\n")]
    lines[-1] = lines[-1].removesuffix("\n")
    place = _last_line(sequence) + 1
    while place > 0 and place <= len(lines) and not lines[place - 1].strip():
        place -= 1
    before, after = "".join(lines[:place]), "".join(lines[place:])
    gap = "" if before.endswith("\n") else end
    return f"{before}{gap}{_block(values, ' ' * sequence.start_mark.column, end)}{after}"


def _last_line(node: yaml.Node) -> int:
    """The 0-based line on which the content of ``node`` ends; a mark of a block lies behind what follows it."""
    if isinstance(node, yaml.ScalarNode) or getattr(node, "flow_style", False) or not node.value:
        block = node.end_mark.column == 0 and node.end_mark.line > node.start_mark.line
        return int(node.end_mark.line - 1 if block else node.end_mark.line)
    last = node.value[-1]
    return _last_line(last[1] if isinstance(last, tuple) else last)


def _block(values: Sequence[dict[str, Any]], indent: str, end: str) -> str:
    """The entries as block mappings."""
    lines: list[str] = []
    for value in values:
        members = [f"{name}: {_scalar(member)}" for name, member in value.items()]
        lines += [f"{indent}- {members[0]}", *(f"{indent}  {member}" for member in members[1:])]
    return "".join(line + end for line in lines)


def _flows(values: Sequence[dict[str, Any]]) -> str:
    return ", ".join(_flow(value) for value in values)


def _flow(value: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{name}: {_scalar(member)}" for name, member in value.items()) + "}"


def _scalar(value: str | list[str]) -> str:
    """A JSON text or list of texts, which YAML reads as JSON does: nothing in it can end the quotation."""
    plain = isinstance(value, str) and _PLAIN.fullmatch(value)
    return str(value) if plain else json.dumps(value, ensure_ascii=False)
