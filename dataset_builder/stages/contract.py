"""What a stage is: a frozen value that adds columns to a record batch.

``tests/contract`` runs one suite over every stage: rows are kept and in order, ``adds`` tells the truth, the result
does not depend on how rows are cut into batches, and two runs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import pyarrow as pa


@runtime_checkable
class Stage(Protocol):
    """A step of the pipeline over record batches.

    A stage keeps its state in frozen, picklable fields whose ``repr`` says all about them (it travels to worker
    processes, and is part of cache keys) and loads models lazily, once a
    worker. It knows no engine, no command line and no network. Its findings about an article go into a column
    ``NAME_findings`` (list of ``FINDING``), its quality flags into ``NAME_flags`` (list of string).
    """

    @property
    def name(self) -> str:
        """Short, unique, kebab-case."""

    @property
    def version(self) -> str:
        """Changes whenever the same input may give another output; part of every cache key."""

    @property
    def reads(self) -> tuple[str, ...]:
        """The input columns that the result depends on."""

    @property
    def adds(self) -> pa.Schema:
        """The columns that the stage appends."""

    @property
    def rules(self) -> tuple[str, ...]:
        """The files and folders below ``schema/`` that the result depends on; part of every cache key."""

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return ``batch`` with the columns of ``adds`` appended."""


def append_columns(
    batch: pa.RecordBatch, schema: pa.Schema, columns: Mapping[str, Sequence[Any] | pa.Array]
) -> pa.RecordBatch:
    """``batch`` with ``columns`` (name -> one Python value a row, or an array) appended as ``schema`` types them."""
    given = ((columns[field.name], field.type) for field in schema)
    arrays = [it if isinstance(it, pa.Array) else pa.array(it, type=kind) for it, kind in given]
    return pa.RecordBatch.from_arrays(
        [*batch.columns, *arrays], schema=pa.schema([*batch.schema, *schema], metadata=batch.schema.metadata)
    )
