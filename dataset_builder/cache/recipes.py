"""Recipes: digests of everything but its input that a result depends on.

A result is looked up by its recipe and by the digest of its input. So a changed rule, configuration, model or library
means another recipe, and nothing has to be thrown away by hand.
"""

from __future__ import annotations

import hashlib
import json
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from dataset_builder.resources import schema_file

#: Libraries whose version may change what a stage makes of the same input.
LIBRARIES = (
    "charset-normalizer", "frictionless", "ftfy", "htmldate", "justext", "license-expression", "lxml", "numpy",
    "py3langid", "pyarrow", "rensa", "spacy", "trafilatura", "tzdata",
)  # fmt: skip


def recipe(name: str, version: str, parts: Sequence[Any], rules: Sequence[str] = ()) -> str:
    """The recipe of a step, as hexadecimal digits.

    Args:
        version: the step's own.
        parts: its configuration, as values whose ``repr`` says everything about them and nothing else.
        rules: files and folders below ``schema/`` that it reads.
    """
    said = [foundation(), name, version, [repr(part) for part in parts], {path: rules_sha256(path) for path in rules}]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


@cache
def foundation() -> str:
    """One digest of this program's code, of Python and of the libraries."""
    said = {
        "code": _tree_sha256(files("dataset_builder"), ".py"),
        "python": sys.version.split()[0],
        "unicode": unicodedata.unidata_version,
        "libraries": dict(library_versions()),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def library_versions() -> Iterator[tuple[str, str]]:
    """(name, version) of each of ``LIBRARIES``; an absent one has none."""
    for name in LIBRARIES:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            yield name, ""


@cache
def rules_sha256(path: str) -> str:
    """One digest of a file below ``schema/``, or of all files of a folder there."""
    entry = schema_file(path)
    return _tree_sha256(entry, "") if entry.is_dir() else hashlib.sha256(entry.read_bytes()).hexdigest()


def _tree_sha256(folder: Traversable, suffix: str) -> str:
    digest = hashlib.sha256()
    for path, content in sorted(_contents(folder, suffix)):
        digest.update(f"{path} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _contents(folder: Traversable, suffix: str, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _contents(entry, suffix, f"{prefix}{entry.name}/")
        elif entry.name.endswith(suffix):
            yield prefix + entry.name, entry.read_bytes()
