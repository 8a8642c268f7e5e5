"""Data Package and Croissant descriptors: licences, sources, and whether they speak of the files that are there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from dataset_builder.lint.folder import Folder, names
from dataset_builder.lint.stated import Stated
from dataset_builder.visible import one_line

PACKAGE = "datapackage.json"
#: More entries of one list than any real descriptor has are not looked at.
_MOST = 10_000
_CHUNK = 1 << 20


@dataclass
class Descriptor:
    """What a descriptor says.

    Attributes:
        name: the file.
        statements: of licences, about the dataset as a whole.
        names_sources: whether it says where the data came from.
        files: names of files that it speaks of, with the SHA-256 that it states, or empty.
        sourceless: sources that nobody can find.
    """

    name: str
    statements: list[Stated] = field(default_factory=list)
    names_sources: bool = False
    files: list[tuple[str, str]] = field(default_factory=list)
    sourceless: int = 0


def read_descriptors(folder: Folder) -> list[Descriptor]:
    """The descriptors at the root of the folder."""
    found = []
    for name in (name for name in folder.names if "/" not in name and name.endswith(".json")):
        by_name = name == PACKAGE or "croissant" in name.lower()
        value = folder.read_json(name) if by_name else _perhaps(folder, name)
        if value is not None and (name == PACKAGE or isinstance(value.get("resources"), list)):
            found.append(_package(name, value))
        elif value is not None and _is_croissant(value):
            found.append(_croissant(name, value))
    return found


def _perhaps(folder: Folder, name: str) -> dict[str, Any] | None:
    """A small JSON object under any name, which may be a descriptor; what is none of these may be data."""
    if (folder.root / name).stat().st_size > _CHUNK:
        return None
    try:
        value = json.loads(folder.read(name) or "")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _package(name: str, value: dict[str, Any]) -> Descriptor:
    descriptor = Descriptor(name)
    resources = _objects(value.get("resources"))
    for holder, place in ((value, "licenses"), *((entry, "resources.licenses") for entry in resources)):
        for entry in _objects(holder.get("licenses")):
            words = next((str(entry[key]) for key in ("name", "path", "title") if entry.get(key)), "")
            descriptor.statements.append(Stated(name, place, words))
    sources = [entry for holder in (value, *resources) for entry in _objects(holder.get("sources"))]
    descriptor.sourceless = sum(
        not (entry.get("title") or entry.get("path") or entry.get("email")) for entry in sources
    )
    descriptor.names_sources = len(sources) > descriptor.sourceless
    for entry in resources:
        paths = entry.get("path")
        listed = paths if isinstance(paths, list) else [paths]
        digest = str(entry.get("hash") or "")
        stated = digest.removeprefix("sha256:") if digest.startswith("sha256:") and len(listed) == 1 else ""
        descriptor.files += [(str(path), stated) for path in listed[:_MOST] if isinstance(path, str)]
    return descriptor


def _is_croissant(value: dict[str, Any]) -> bool:
    kinds = value.get("@type")
    stated = kinds if isinstance(kinds, list) else [kinds]
    return any(str(kind).rpartition(":")[2].rpartition("/")[2] == "Dataset" for kind in stated)


def _croissant(name: str, value: dict[str, Any]) -> Descriptor:
    descriptor = Descriptor(name)
    given = value.get("license")
    for entry in (given if isinstance(given, list) else [given])[:_MOST]:
        words = entry.get("url") or entry.get("@id") or entry.get("name") if isinstance(entry, dict) else entry
        if words is not None:
            descriptor.statements.append(Stated(name, "license", str(words)))
    descriptor.names_sources = any(value.get(key) for key in names("croissant_sources"))
    for entry in _objects(value.get("distribution")):
        place = str(entry.get("contentUrl") or "")
        if str(entry.get("@type", "")).rpartition(":")[2] == "FileObject" and place and not entry.get("containedIn"):
            digest = str(entry.get("sha256") or "")
            descriptor.files.append((place, digest if len(digest) == 64 else ""))
    return descriptor


def _objects(value: Any) -> list[dict[str, Any]]:
    return [entry for entry in value[:_MOST] if isinstance(entry, dict)] if isinstance(value, list) else []


def file_findings(folder: Folder, descriptor: Descriptor) -> Iterator[tuple[str, str, str]]:
    """(code, found, expected) for each file that is not there, or another than stated; addresses are not asked."""
    for place, digest in descriptor.files:
        if "://" in place:
            continue
        name = PurePosixPath(place).as_posix().removeprefix("./")
        if name not in folder.names:
            if ".." in PurePosixPath(name).parts or not _is_folder(folder, name):
                yield "lint-file-missing", one_line(place), "a file of the folder"
        elif digest and (found := _sha256(folder, name)) != digest.lower():
            yield "lint-digest-differs", f"{one_line(name)}: sha256 {found}", f"sha256 {one_line(digest)}"


def _is_folder(folder: Folder, name: str) -> bool:
    try:
        return (folder.root / name).is_dir()
    except OSError:  # a name that no file can have
        return False


def _sha256(folder: Folder, name: str) -> str:
    digest = hashlib.sha256()
    with (folder.root / name).open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
