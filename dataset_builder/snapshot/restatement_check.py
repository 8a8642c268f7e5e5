"""What a snapshot says of itself, written again from its manifest and its rows and compared.

The descriptions are made by pure functions of a few facts. The facts are measured anew here, and where the same
functions say something else than the file does, the file is wrong. Only wording may differ between versions of the
builder: a snapshot of another version is compared in the members that both have, without its prose.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dataset_builder import __version__
from dataset_builder.access import TERMS
from dataset_builder.describe.citation import render_cff
from dataset_builder.describe.croissant import render_croissant
from dataset_builder.describe.facts import SnapshotFacts
from dataset_builder.describe.front_matter import members
from dataset_builder.describe.package import render_package
from dataset_builder.issues import Issue
from dataset_builder.progress import OnProgress, Watch, silent
from dataset_builder.snapshot.cell_check import check_cells
from dataset_builder.snapshot.differences import differences
from dataset_builder.snapshot.manifest import MANIFEST, render_manifest
from dataset_builder.snapshot.restated import Stated, files_of, restated_facts, shards_of
from dataset_builder.snapshot.survey import Survey
from dataset_builder.snapshot.text_check import check_texts
from dataset_builder.strict_yaml import YamlError, parse_yaml

CARD, PACKAGE, CROISSANT, CITATION = "README.md", "datapackage.json", "croissant.json", "CITATION.cff"
#: Members of the front matter that say what is loaded: no version writes others.
_LOADED = ("configs", "dataset_info")


def check_restatement(root: Path, manifest: Mapping[str, Any], on_progress: OnProgress = silent) -> Iterator[Issue]:
    """A finding for each description that says something else than the manifest and the rows lead to."""
    stated = _stated(root, manifest)
    shards = shards_of(manifest)
    total = sum(file.rows or 0 for files in shards.values() for file in files)
    survey = Survey.of(root, shards, Watch("count rows", on_progress, total))
    facts = restated_facts(root, stated, survey)
    same = manifest["builder_version"] == __version__
    yield from differences(MANIFEST, dict(manifest), _plain(render_manifest(facts, files_of(manifest))), whole=same)
    yield from _check_front_matter(stated.front, facts, same)
    yield from differences(PACKAGE, dict(stated.package), _plain(render_package(facts)), whole=same)
    croissant = json.loads((root / CROISSANT).read_bytes())
    yield from differences(CROISSANT, _told(croissant, same), _told(_plain(render_croissant(facts)), same), whole=same)
    citation = parse_yaml((root / CITATION).read_text(encoding="utf-8")).value
    expected = parse_yaml(render_cff(facts)).value
    yield from differences(CITATION, _told(citation, same), _told(expected, same), whole=same)
    yield from check_texts(root, facts, same=same)
    yield from check_cells(root, facts, survey)


def _stated(root: Path, manifest: Mapping[str, Any]) -> Stated:
    package = json.loads((root / PACKAGE).read_bytes())
    terms = (root / TERMS).read_text(encoding="utf-8") if (root / TERMS).is_file() else ""
    return Stated(manifest, package, front_matter((root / CARD).read_text(encoding="utf-8")), terms)


def front_matter(card: str) -> dict[str, Any]:
    """The members of the block between the ``---`` lines of a card.

    Raises:
        ValueError: there is none.
    """
    try:
        value = parse_yaml(card[4 : card.index("\n---\n", 3)]).value
    except YamlError as error:
        raise ValueError(f"README.md, line {error.line}: {error.found}") from None
    if not isinstance(value, dict):
        raise ValueError("README.md: no mapping between the --- lines")
    return value


def _check_front_matter(front: Mapping[str, Any], facts: SnapshotFacts, same: bool) -> Iterator[Issue]:
    expected = _plain(members(facts))
    for name in _LOADED:
        yield from differences(CARD, {name: front.get(name)}, {name: expected.get(name)})
    rest = [{key: value for key, value in told.items() if key not in _LOADED} for told in (front, expected)]
    yield from differences(CARD, *rest, whole=same)


def _told(document: Any, same: bool) -> Any:
    """A document without its prose, where another version of the builder wrote it."""
    if same or not isinstance(document, dict):
        return document
    prose = ("@context", "conformsTo", "message", "citeAs")
    return {key: value for key, value in document.items() if key not in prose and not key.startswith("rai:")}


def _plain(value: Any) -> Any:
    """``value`` as it is read from JSON."""
    return json.loads(json.dumps(value))
