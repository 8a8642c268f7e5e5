"""People, places and organisations: found by a model, then made consistent over the whole article."""

from dataset_builder.stages.entities.models import model_facts
from dataset_builder.stages.entities.stage import DEFAULT_MODELS, Entities
from dataset_builder.stages.entities.types import ENTITY, Mention

__all__ = ["DEFAULT_MODELS", "ENTITY", "Entities", "Mention", "model_facts"]
