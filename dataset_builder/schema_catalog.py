"""The files of ``schema/`` by name, for people and editors that want to see one."""

from __future__ import annotations

import json
from importlib.resources.abc import Traversable
from typing import Any

from dataset_builder.errors import UsageError
from dataset_builder.nearest import nearest_hint
from dataset_builder.resources import read_yaml, schema_root
from dataset_builder.schema import release_modes, released_tables
from dataset_builder.visible import one_line

_SUFFIXES = (".schema.json", ".json", ".yaml")
#: Derived from the article's schema by ``schema/release-columns.json``, and not kept.
DERIVED = {mode["table"]: mode["about"] for mode in release_modes().values() if "about" in mode}


def schema_names() -> dict[str, str]:
    """Name -> what it says of itself, shortest paths first: ``article``, ``rights/policy``."""
    found = {name: _says(resource) for name, resource in _resources().items()}
    found |= DERIVED
    return dict(sorted(found.items(), key=lambda item: (item[0].count("/"), item[0])))


def schema_text(name: str) -> str:
    """A file as it is written, comments included; a schema that is derived, as JSON.

    Raises:
        UsageError: there is none of this name, or several.
    """
    if name in DERIVED:
        return json.dumps(schema_value(name), indent=2, ensure_ascii=False)
    return _resource(name).read_text(encoding="utf-8")


def schema_value(name: str) -> Any:
    """A file as JSON values.

    Raises:
        UsageError: there is none of this name, or several.
    """
    if name in DERIVED:
        return released_tables()[name].descriptor
    resource = _resource(name)
    return read_yaml(resource) if resource.name.endswith(".yaml") else json.loads(resource.read_text(encoding="utf-8"))


def _resource(name: str) -> Traversable:
    resources = _resources()
    named = [key for key in resources if key == name] or [key for key in resources if key.endswith(f"/{name}")]
    if len(named) == 1:
        return resources[named[0]]
    raise UsageError(
        f"{'several schemas are' if named else 'no schema is'} called {one_line(name, 60)!r}",
        expected=", ".join(named) or "a name that build-dataset schema lists",
        hint=nearest_hint(name, [*resources, *DERIVED]) or "build-dataset schema lists them",
    )


def _resources() -> dict[str, Traversable]:
    found: dict[str, Traversable] = {}
    _gather(schema_root(), "", found)
    return found


def _gather(folder: Traversable, above: str, found: dict[str, Traversable]) -> None:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            _gather(entry, f"{above}{entry.name}/", found)
            continue
        for suffix in _SUFFIXES:
            if entry.name.endswith(suffix):
                found[above + entry.name.removesuffix(suffix)] = entry
                break


def _says(resource: Traversable) -> str:
    """The title or description of a JSON file, the first comment of a YAML file."""
    text = resource.read_text(encoding="utf-8")
    if resource.name.endswith(".yaml"):
        first = next((line for line in text.splitlines() if line.strip()), "")
        return one_line(first.removeprefix("#").strip(), 90) if first.startswith("#") else ""
    value = json.loads(text)
    said = (value.get("description") or value.get("title")) if isinstance(value, dict) else ""
    return one_line(str(said or ""), 90)
