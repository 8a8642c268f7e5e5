"""Where the files of ``schema/`` are: inside an installed wheel, or beside the package in a checkout."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any


@cache
def schema_root() -> Traversable:
    """The folder with the schemas, the policy and the lexicons."""
    shipped = files("dataset_builder") / "_schema"
    return shipped if shipped.is_dir() else Path(__file__).resolve().parent.parent / "schema"


def schema_file(*parts: str) -> Traversable:
    """One file of ``schema/``, by its path below it."""
    return schema_root().joinpath(*parts)


def schema_files(folder: str, suffix: str) -> list[Traversable]:
    """The files of one folder of ``schema/`` with this suffix, in the order of their names."""
    found = [entry for entry in schema_file(folder).iterdir() if entry.name.endswith(suffix)]
    return sorted(found, key=lambda entry: entry.name)


def read_json(*parts: str) -> Any:
    """The parsed content of one JSON file of ``schema/``."""
    return json.loads(schema_file(*parts).read_text(encoding="utf-8"))


def read_yaml(resource: Traversable) -> Any:
    """The parsed content of one YAML file of ``schema/``, by the C parser where there is one: the files are large."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(resource.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader either way
