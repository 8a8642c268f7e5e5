"""The entry ``license_evidence`` that a person is asked to accept, and putting it into dataset.yaml."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dataset_builder.config_check import CONFIG_NAME
from dataset_builder.config_nodes import nodes_of
from dataset_builder.errors import ConfigError, UsageError
from dataset_builder.strict_yaml import YamlError, parse_yaml

#: Behind the source's name; no reader takes such a file for an article.
SUFFIX = ".proposal.yaml"
_LONGEST = 1 << 20
#: What a proposal may set.
KEYS = ("license_evidence", "terms_url", "terms_sha256")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for one source.

    Attributes:
        source: its name.
        values: keys of its entry in dataset.yaml, with new values.
        why: lines for the reader: what was read where, what speaks against it.
    """

    source: str
    values: Mapping[str, Any]
    why: tuple[str, ...]

    def text(self) -> str:
        """The proposal as a YAML document, the reasons as comments before it."""
        lines = [f"# {line}" for line in self.why]
        lines += [f"{key}: {_flow(value)}" for key, value in {"source": self.source, **self.values}.items()]
        return "\n".join([*lines, ""])


def read_proposal(folder: Path, source: str) -> Proposal:
    """The proposal that waits for a source, as a person may have changed it.

    Raises:
        UsageError: there is none.
        ConfigError: it is not of the form that :meth:`Proposal.text` writes.
    """
    path = folder / f"{source}{SUFFIX}"
    if not path.is_file() or path.is_symlink() or path.stat().st_size > _LONGEST:
        hint = f"build-dataset evidence {source} writes one"
        raise UsageError(f"no proposal waits for {source}", expected=str(path), hint=hint)
    try:
        value = parse_yaml(path.read_text(encoding="utf-8", errors="replace")).value
    except YamlError as error:
        raise ConfigError(error.found, expected=error.expected, place=f"{path.name}:{error.line}") from None
    if not isinstance(value, dict) or value.pop("source", None) != source or not set(value) <= set(KEYS):
        raise ConfigError("another proposal", expected=f"source: {source}, and {', '.join(KEYS)}", place=path.name)
    return Proposal(source, value, ())


def with_proposal(text: str, proposal: Proposal) -> str:
    """``text``, a dataset.yaml, with the values of the proposal in the entry of its source; all else as it was.

    Raises:
        UsageError: it cannot be put in without changing anything else.
    """
    old = parse_yaml(text).value or {}
    sources = [
        {**entry, **proposal.values} if entry.get("name") == proposal.source else entry
        for entry in old.get("sources", [])
    ]
    for candidate in _candidates(text, proposal):
        try:
            if parse_yaml(candidate).value == {**old, "sources": sources}:
                return candidate
        except YamlError:
            continue
    raise UsageError(
        f"the entry of {proposal.source} cannot be changed without changing the file's layout",
        expected=f"{CONFIG_NAME} with the source {proposal.source} as an entry of its own",
        hint="write by hand: " + ", ".join(f"{key}: {_flow(value)}" for key, value in proposal.values.items()),
        place=CONFIG_NAME,
    )


def _candidates(text: str, proposal: Proposal) -> Iterator[str]:
    root = nodes_of(text)
    sources = next((value for key, value in (root.value if root else ()) if key.value == "sources"), None)
    for entry in sources.value if isinstance(sources, yaml.SequenceNode) else ():
        members = {key.value: (key, value) for key, value in entry.value} if hasattr(entry, "value") else {}
        if "name" in members and members["name"][1].value == proposal.source:
            yield _changed(text, entry, members, proposal.values)


def _changed(text: str, entry: Any, members: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """The values that are there replaced, the others behind the source's name; from the end, so that places hold."""
    edits: list[tuple[int, int, str]] = []
    _, name = members["name"]
    gap = ", " if entry.flow_style else "\n" + " " * members["name"][0].start_mark.column
    fresh = "".join(f"{gap}{key}: {_flow(value)}" for key, value in values.items() if key not in members)
    edits.append((name.end_mark.index, name.end_mark.index, fresh))
    for key, value in values.items():
        if key in members:
            node = members[key][1]
            start, end = node.start_mark.index, node.end_mark.index
            kept = text[start:end].rstrip()
            edits.append((start, start + len(kept), _flow(value)))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _flow(value: Any) -> str:
    """A value on one line, as JSON, which YAML reads as it is; a mapping's keys without quotes."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(member)}" for key, member in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)
