"""The entity model that is taken where dataset.yaml names none."""

from __future__ import annotations

from collections.abc import Iterator

from dataset_builder.doctor.diagnosis import Diagnosis, State
from dataset_builder.errors import MissingDependencyError


def examine_model() -> Iterator[Diagnosis]:
    """Whether each default model is there, its version and the digest that a manifest would state."""
    from dataset_builder.config import BuildOptions
    from dataset_builder.stages.entities.models import model_facts

    for language, name in BuildOptions().models:
        subject = f"{name} ({language})"
        try:
            (facts,) = model_facts(((language, name),))
        except MissingDependencyError as error:
            mend = f"{error.hint}; or build.entities: {{model: none}} in dataset.yaml"
            yield Diagnosis("model", subject, State.ERROR, error.found, mend)
        else:
            yield Diagnosis("model", subject, State.OK, f"{facts['version']}, {facts['library']}, {facts['digest']}")
