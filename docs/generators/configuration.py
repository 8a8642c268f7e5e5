"""The reference of dataset.yaml, from its JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dataset_builder.resources import read_json
from generators.markdown import code, codes, page, table

ABOUT = """\
`dataset.yaml` stands beside the articles. Every key is optional: what is missing is assumed, and a note says so. A key
that is not listed here is an error that names the nearest known one. The descriptive keys are the Data Package's own.

A dotted name is a key within a key, `[]` stands for the entries of a list. **Bold** keys are required in their entry.
"""


def render() -> str:
    """The page."""
    schema = read_json("config.schema.json")
    rows = [
        (f"**{code(path)}**" if required else code(path), _type(entry), _meaning(entry))
        for path, entry, required in keys(schema)
    ]
    return page("dataset.yaml", "schema/config.schema.json", ABOUT, table(("Key", "Type", "Meaning"), rows))


def keys(schema: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, dict[str, Any], bool]]:
    """(dotted path, schema, whether required) of every key, in order."""
    for name, entry in schema.get("properties", {}).items():
        path = prefix + name
        yield path, entry, name in schema.get("required", ())
        yield from keys(entry, path + ".")
        if isinstance(entry.get("items"), dict):
            yield from keys(entry["items"], path + "[].")


def _type(entry: dict[str, Any]) -> str:
    if "enum" in entry:
        return "one of " + codes(entry["enum"])
    kind = entry.get("type", "any")
    if kind == "array":
        return f"list of {entry['items'].get('type', 'any')}"
    if entry.get("format") == "date":
        return "date"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def _meaning(entry: dict[str, Any]) -> str:
    parts = [entry.get("description", ""), f"Pattern {code(entry['pattern'])}." if "pattern" in entry else ""]
    return " ".join(part for part in parts if part)
