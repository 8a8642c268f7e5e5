"""What a node of a cluster sees and has, and whether that is what a build needs of it."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dataset_builder import __version__
from dataset_builder.cache.recipes import foundation, library_versions
from dataset_builder.engines.storage import opened
from dataset_builder.errors import MissingDependencyError, OutsideError
from dataset_builder.stages.entities.models import install_command, model_digest


@dataclass(frozen=True)
class NodeFacts:
    """One node.

    Attributes:
        name: of the machine.
        word: what it reads in the file that was written for it; empty if it does not see the file.
        sees_corpus: whether the corpus's folder is there.
        foundation: digest of the program's code, of Python and of the libraries.
        versions: (what, version) of the same, for people.
        models: (name, digest) of the models that were asked for; an absent one has no digest.
    """

    name: str
    word: str
    sees_corpus: bool
    foundation: str
    versions: tuple[tuple[str, str], ...]
    models: tuple[tuple[str, str], ...] = ()


def look_around(note: str, corpus: str, models: Sequence[str] = ()) -> NodeFacts:
    """The facts of the node that this runs on."""
    try:
        with opened(note) as file:
            word = bytes(file.read()).decode()
    except Exception:  # whatever its fsspec implementation raises: it does not see it
        word = ""
    versions = (
        ("news-dataset-builder", __version__),
        ("python", platform.python_version()),
        *library_versions(),
    )
    digests = tuple((name, _digest(name)) for name in models)
    return NodeFacts(platform.node(), word, Path(corpus).is_dir(), foundation(), versions, digests)


def _digest(model: str) -> str:
    try:
        return model_digest(model)
    except MissingDependencyError:
        return ""


def compare_nodes(here: NodeFacts, nodes: Sequence[NodeFacts], word: str, *, storage: str) -> None:
    """Refuse a cluster that cannot do what this process would do.

    Raises:
        OutsideError: names the first node that differs and how.
    """
    for node in nodes:
        if node.word != word:
            raise OutsideError(
                f"the node {node.name} does not see {storage}",
                expected="storage that every node reads and writes",
                hint="use a shared disk for --out, or --storage with an address such as s3://BUCKET/PREFIX",
            )
        if not node.sees_corpus:
            raise OutsideError(
                f"the node {node.name} does not see the corpus's folder",
                expected="the corpus under the same path on every node",
                hint="put it on a shared disk, or name fsspec addresses under articles in dataset.yaml",
            )
        if node.foundation != here.foundation:
            raise OutsideError(
                f"the node {node.name} has other versions: {_difference(here, node)}",
                expected="the same program and libraries on every node, or the bytes would depend on the node",
                hint="install the same requirements.lock everywhere",
            )
        for (name, digest), (_, same) in zip(node.models, here.models, strict=True):
            if digest != same:
                what = "another model under the name" if digest else "not the model"
                raise OutsideError(
                    f"the node {node.name} has {what} {name}",
                    expected="the same models on every node",
                    hint=f"on that node: {install_command(name)}",
                )


def _difference(here: NodeFacts, node: NodeFacts) -> str:
    theirs = dict(node.versions)
    told = [f"{name} {theirs.get(name) or 'absent'}, here {version}" for name, version in here.versions]
    differing = [line for line, (name, version) in zip(told, here.versions, strict=True) if theirs.get(name) != version]
    return "; ".join(differing) or "the program's own code differs"
