"""The stages in this process, batch after batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from dataset_builder.stages.contract import Stage


def run_stages(stages: Sequence[Stage], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Every batch, through every stage."""
    for batch in batches:
        for stage in stages:
            batch = stage(batch)
        yield batch
