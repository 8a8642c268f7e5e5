"""How a GLiNER model is called, with a stand-in for the library: its weights are too heavy for a test."""

from __future__ import annotations

import importlib.metadata
import sys
import types
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from dataset_builder.errors import MissingDependencyError
from dataset_builder.stages.entities import Entities, gliner_models, models


class StandIn:
    """Finds ``Mara Lind`` as a person and ``DPRK`` as an organisation, with an overlap, as flat decoding may not."""

    @classmethod
    def from_pretrained(cls, place: str, *, local_files_only: bool) -> StandIn:
        assert local_files_only
        assert Path(place).is_dir()
        return cls()

    def inference(
        self, texts: list[str], labels: list[str], *, flat_ner: bool, threshold: float
    ) -> list[list[dict[str, Any]]]:
        assert flat_ner
        assert 0 < threshold < 1
        assert "person" in labels
        found = []
        for text in texts:
            spans = [("Mara Lind", "person"), ("DPRK", "organization"), ("Lind", "person")]
            places = [(text.find(name), name, label) for name, label in spans]
            found.append(
                [
                    {"start": at, "end": at + len(name), "label": label, "score": 0.9}
                    for at, name, label in places
                    if at >= 0
                ]
            )
        return found


@pytest.fixture
def gliner(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    module = types.ModuleType("gliner")
    module.__spec__ = ModuleSpec("gliner", None)
    module.GLiNER = StandIn  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "gliner", module)
    real = importlib.metadata.version
    monkeypatch.setattr(models, "package_version", lambda name: "0.2" if name == "gliner" else real(name))
    yield
    for cached in (
        gliner_models.gliner_folder,
        gliner_models._loaded,
        models.model_folder,
        models.model_version,
        models.model_digest,
    ):
        cached.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "gliner_config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    return tmp_path


def test_spans_are_shifted_and_resolved(gliner: None, folder: Path) -> None:
    body = "x. " * 700 + "Mara Lind wrote to the DPRK. Lind waits."
    stage = Entities(models=(("en", f"gliner:{folder}"),))
    result = stage(pa.record_batch({"body": [body, ""], "language": ["en", "en"]}))
    mentions, none = result.column("entities").to_pylist()
    assert none == []
    assert [(m["text"], m["label"], m["coarse_label"], m["canonical"], m["country"]) for m in mentions] == [
        ("Mara Lind", "person", "PER", "Mara Lind", None),
        ("DPRK", "country", "LOC", "North Korea", "KP"),
        ("Lind", "person", "PER", "Mara Lind", None),
    ]
    assert all(body[m["start"] : m["end"]] == m["text"] for m in mentions)
    assert "gliner 0.2" in stage.version
    assert str(folder.parent) not in stage.version


def test_pickled_weights_are_refused(gliner: None, folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(MissingDependencyError, match="safetensors"):
        _ = Entities(models=(("en", f"gliner:{folder}"),)).version


def test_a_missing_model_says_how_to_get_it(gliner: None) -> None:
    with pytest.raises(MissingDependencyError) as error:
        _ = Entities(models=(("en", "gliner:harbour/ner"),)).version
    assert error.value.hint == "hf download harbour/ner"


def test_the_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(gliner_models, "find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError) as error:
        _ = Entities(models=(("en", f"gliner:{folder}"),)).version
    assert error.value.hint == "python -m pip install gliner"
