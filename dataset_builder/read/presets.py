"""What other tools write: fundus, news-please, trafilatura, datatrove; the tool is named, or known by its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from dataset_builder.read.context import InputFile
from dataset_builder.resources import schema_file

#: The preset of a table that no tool wrote.
NO_PRESET = "none"

#: What ``str(None)`` leaves in the files of tools that write every value as text.
_NOTHING = "None"


@dataclass(frozen=True, slots=True)
class Preset:
    """One tool's columns: those that tell it, and article field -> column."""

    name: str
    signature: frozenset[str]
    fields: Mapping[str, str]


@cache
def presets() -> tuple[Preset, ...]:
    """The presets of ``schema/read/presets.yaml``, in its order."""
    import yaml

    raw = yaml.safe_load(schema_file("read", "presets.yaml").read_text(encoding="utf-8"))
    return tuple(Preset(name, frozenset(entry["signature"]), entry["fields"]) for name, entry in raw.items())


def recognise(file: InputFile, values: Mapping[str, Any]) -> Preset | None:
    """The tool that wrote a row: the one that dataset.yaml names, or whose columns it has.

    None where dataset.yaml maps the fields itself, or says that there is none, or where no tool is known.
    """
    if file.preset:
        return next((preset for preset in presets() if preset.name == file.preset), None)
    if file.fields:
        return None
    columns = frozenset(values)
    return next((preset for preset in presets() if preset.signature <= columns), None)


def adapt(file: InputFile, values: Mapping[str, Any], preset: Preset | None) -> tuple[InputFile, dict[str, Any]]:
    """The file with the preset's field map under its own, and the row with members of objects as columns ``a.b``."""
    flat = dict(values)
    for name, value in values.items():
        if isinstance(value, dict) and all(isinstance(member, str) for member in value):
            wanted = [*file.fields.values(), *(preset.fields.values() if preset else ())]
            flat |= {f"{name}.{member}": item for member, item in value.items() if f"{name}.{member}" in wanted}
    if preset is None:
        return file, flat
    flat = {name: None if value == _NOTHING else value for name, value in flat.items()}
    if preset.name == "fundus" and "plaintext" not in flat:
        flat["plaintext"] = _sections(flat.get("body"))
    fields = {field: column for field, column in preset.fields.items() if column in flat or field == "body"}
    return replace(file, fields={**fields, **file.fields}), flat


def _sections(body: Any) -> str | None:
    """The text of fundus's structured body: a summary and sections of headline and paragraphs."""
    if not isinstance(body, dict):
        return body if isinstance(body, str) else None
    parts = [*_texts(body.get("summary"))]
    for section in body.get("sections") or []:
        if isinstance(section, dict):
            parts += [*_texts(section.get("headline")), *_texts(section.get("paragraphs"))]
    return "\n\n".join(parts)


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, str) and item.strip()]
