"""A stage that looks up what it has done before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from dataset_builder.cache.keys import row_keys
from dataset_builder.cache.recipes import recipe
from dataset_builder.cache.store import opened
from dataset_builder.stages.contract import Stage
from dataset_builder.stages.only import Only


@dataclass(frozen=True)
class CachedStage:
    """``stage``, row by row from the store where the same values were seen before.

    Attributes:
        root: the store.
        recipe: the stage's, made where the build was started, so that all workers agree on it.
    """

    stage: Stage
    root: Path
    recipe: str

    @property
    def name(self) -> str:
        """The stage's name."""
        return self.stage.name

    @property
    def version(self) -> str:
        """The stage's version."""
        return self.stage.version

    @property
    def reads(self) -> tuple[str, ...]:
        """The stage's input."""
        return self.stage.reads

    @property
    def adds(self) -> pa.Schema:
        """The stage's output."""
        return self.stage.adds

    @property
    def rules(self) -> tuple[str, ...]:
        """The stage's rules."""
        return self.stage.rules

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """``batch`` with the stage's columns, those that are known from the store."""
        shelf = opened(self.root, self.name, self.recipe, self.adds)
        keys = row_keys(batch, self.reads)
        known, rows = shelf.fetch(keys)
        new = np.flatnonzero(~known)
        if len(new) == batch.num_rows:
            done = self.stage(batch)
            shelf.put(keys, done)
            return done
        if len(new):
            made = self.stage(batch.take(pa.array(new))).select(self.adds.names)
            shelf.put(keys[new], made)
            rows = pa.concat_tables([rows, pa.Table.from_batches([made])])
        order = np.empty(batch.num_rows, np.int64)
        order[np.concatenate([np.flatnonzero(known), new])] = np.arange(batch.num_rows)
        (added,) = rows.take(pa.array(order)).combine_chunks().to_batches()
        schema = pa.schema([*batch.schema, *self.adds], metadata=batch.schema.metadata)
        return pa.RecordBatch.from_arrays([*batch.columns, *added.columns], schema=schema)


def cached(stage: Stage, root: Path) -> Stage:
    """``stage`` with the store at ``root`` before it; of a stage for some of the rows, the stage itself has one."""
    if isinstance(stage, Only):
        return Only(cached(stage.stage, root), stage.where)
    return CachedStage(stage, root, recipe_of(stage)) if stage.reads else stage


def recipe_of(stage: Stage) -> str:
    """The recipe of a stage."""
    return recipe(stage.name, stage.version, [stage], stage.rules)
