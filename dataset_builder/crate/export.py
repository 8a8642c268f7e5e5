"""Writing a crate: the snapshot's files and ro-crate-metadata.json beside them, in a folder of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataset_builder.crate.entities import (
    article_entities,
    build_action,
    context_entities,
    file_properties,
    root_entity,
)
from dataset_builder.crate.snapshot_facts import SnapshotStory, read_story
from dataset_builder.describe.escape import script_safe_json
from dataset_builder.errors import MissingDependencyError, OutsideError, UsageError
from dataset_builder.progress import OnProgress, Progress, silent

METADATA = "ro-crate-metadata.json"


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        out: the crate.
        identity: of the snapshot.
        files: files of the snapshot in it.
        entities: entities of its metadata.
    """

    out: Path
    identity: str
    files: int
    entities: int


def export_crate(
    snapshot: Path, out: Path, *, articles: Sequence[str] = (), on_progress: OnProgress = silent
) -> Exported:
    """Write at ``out`` a crate of the snapshot, which itself is only read.

    Args:
        articles: ids of articles whose own way is told, beside that of the whole.
        on_progress: is told how far the check of the snapshot is, and then that its files are copied.

    Raises:
        SnapshotError: the snapshot does not verify.
        UsageError: an article is not in it, or ``out`` is there already.
        MissingDependencyError: the extra ``rocrate`` is not installed.
        OutsideError: the disk failed.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} is there already", expected="a new path or an empty folder for the crate")
    story = read_story(snapshot, articles, on_progress)
    crate = _crate(story)
    on_progress(Progress("copy", 0, len(story.files), "files"))
    try:
        crate.write(out)
        metadata = json.loads((out / METADATA).read_bytes())
        (out / METADATA).write_text(script_safe_json(metadata), encoding="utf-8")
    except OSError as error:
        raise OutsideError(f"{out} cannot be written: {error.strerror or error}") from error
    return Exported(out, story.manifest["identity"], len(story.files), len(crate.get_entities()))


def _crate(story: SnapshotStory) -> Any:
    try:
        from rocrate.model.contextentity import ContextEntity
        from rocrate.rocrate import ROCrate
    except ImportError:
        hint = "pip install 'news-dataset-builder[rocrate]'"
        raise MissingDependencyError("writing an RO-Crate needs the package rocrate", hint=hint) from None
    crate = ROCrate(version="1.1")
    for path, size, sha256 in story.files:
        crate.add_file(story.root / path, dest_path=path, properties=file_properties(path, size, sha256))
    actions = [build_action(story, [path for path, _, sha256 in story.files if sha256])]
    told = {entity["@id"]: entity for article in story.articles for entity in article_entities(story, article)}
    actions += [entity for entity in told.values() if entity["@type"] == "CreateAction"]
    others = {entity["@id"]: entity for entity in (*context_entities(story), *told.values())}
    for entity in (*actions, *(others[key] for key in sorted(others) if others[key] not in actions)):
        properties = {key: value for key, value in entity.items() if key != "@id"}
        crate.add(ContextEntity(crate, entity["@id"], properties=properties))
    root = crate.root_dataset
    for key, value in root_entity(story).items():
        if value:
            root[key] = value
    root["mentions"] = [{"@id": action["@id"]} for action in actions]
    return crate
