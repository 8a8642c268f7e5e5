"""What of each article may leave the house, by which rule, shown by what."""

from dataset_builder.stages.rights.stage import Rights

__all__ = ["Rights"]
