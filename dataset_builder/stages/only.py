"""A stage for some of the rows: the others get null."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from dataset_builder.stages.contract import Stage, append_columns


@dataclass(frozen=True)
class Only:
    """``stage`` for the rows in which the boolean column ``where`` is true."""

    stage: Stage
    where: str

    @property
    def name(self) -> str:
        """The inner stage's name."""
        return self.stage.name

    @property
    def version(self) -> str:
        """The inner stage's version."""
        return self.stage.version

    @property
    def reads(self) -> tuple[str, ...]:
        """The inner stage's columns and the condition."""
        return (*self.stage.reads, self.where)

    @property
    def rules(self) -> tuple[str, ...]:
        """The inner stage's rules."""
        return self.stage.rules

    @property
    def adds(self) -> pa.Schema:
        """The inner stage's columns, null in the rows that it did not see."""
        return pa.schema([field.with_nullable(True) for field in self.stage.adds])

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Run the inner stage over the chosen rows and put its columns back in their places."""
        chosen = [row for row, wanted in enumerate(batch.column(self.where).to_pylist()) if wanted]
        if not chosen:
            return append_columns(batch, self.adds, {name: [None] * batch.num_rows for name in self.adds.names})
        done = self.stage(batch.select(list(self.stage.reads)).take(pa.array(chosen, type=pa.int64())))
        position = {row: index for index, row in enumerate(chosen)}
        places = pa.array([position.get(row) for row in range(batch.num_rows)], type=pa.int64())
        added = [done.column(name).take(places) for name in self.adds.names]
        schema = pa.schema([*batch.schema, *self.adds], metadata=batch.schema.metadata)
        return pa.RecordBatch.from_arrays([*batch.columns, *added], schema=schema)
