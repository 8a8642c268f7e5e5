"""GLiNER models (Zaratiana et al. 2024): entities by the names of their labels, from weights on this machine.

A model is named ``gliner:PLACE``; PLACE is a folder, or the name of a model that already lies in the local Hub cache.
Nothing is fetched, and only weights in safetensors are read: a pickled checkpoint would be code from data.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dataset_builder.errors import MissingDependencyError
from dataset_builder.resources import read_json
from dataset_builder.stages.entities.types import Span
from dataset_builder.stages.entities.windows import windows

PREFIX = "gliner:"

#: Code points that the model reads at once; GLiNER cuts its input after 384 words.
_WINDOW = 1_500


@cache
def gliner_folder(name: str) -> Path:
    """The folder with the weights of ``gliner:PLACE``.

    Raises:
        MissingDependencyError: gliner is not installed, the model is not on this machine, or it has no safetensors.
    """
    place = name.removeprefix(PREFIX)
    if find_spec("gliner") is None:
        raise MissingDependencyError(
            f"the library gliner is not installed, which the model {name} needs",
            expected="the Python package gliner",
            hint="python -m pip install gliner",
        )
    folder = Path(place) if Path(place).is_dir() else _cached(place)
    if not (folder / "gliner_config.json").is_file() or not any(folder.glob("*.safetensors")):
        raise MissingDependencyError(
            f"{place} holds no GLiNER model in safetensors",
            expected="gliner_config.json and model.safetensors",
            hint="name the folder of a GLiNER model, saved with save_pretrained(FOLDER, safe_serialization=True)",
        )
    return folder


def _cached(place: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(place, local_files_only=True))
    except Exception as error:
        raise MissingDependencyError(
            f"the GLiNER model {place!r} is not on this machine",
            expected="a folder, or a model in the local Hub cache",
            hint=f"hf download {place}" if place.count("/") == 1 else "name the folder that holds the model",
        ) from error


def recognise_with_gliner(name: str, bodies: Sequence[str]) -> list[list[Span]]:
    """The spans that the model ``name`` finds in each of ``bodies``, in the order of the text, without overlap."""
    table = read_json("entities", "models.json")["gliner"]
    model = _loaded(name)
    pieces = [(row, offset, piece) for row, body in enumerate(bodies) for offset, piece in windows(body, _WINDOW)]
    texts = [piece for _, _, piece in pieces]
    predicted = model.inference(texts, table["labels"], flat_ner=True, threshold=table["threshold"]) if texts else []
    found: list[list[Span]] = [[] for _ in bodies]
    for (row, offset, _), entities in zip(pieces, predicted, strict=True):
        for entity in sorted(entities, key=lambda entity: (entity["start"], -entity["end"])):
            start, end = offset + entity["start"], offset + entity["end"]
            if start < end and (not found[row] or found[row][-1].end <= start):
                found[row].append(Span(start, end, bodies[row][start:end], entity["label"]))
    return found


@cache
def _loaded(name: str) -> Any:
    """The model ``name``; once a process."""
    folder = gliner_folder(name)
    return import_module("gliner").GLiNER.from_pretrained(str(folder), local_files_only=True)
