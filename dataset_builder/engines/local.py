"""The stages in this process, batch after batch; and the engine that needs no other process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from dataset_builder.engines.contract import Result, RowJob, Task, do
from dataset_builder.engines.spool import compare_anew
from dataset_builder.stages.contract import Stage


def run_stages(stages: Sequence[Stage], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Every batch, through every stage."""
    for batch in batches:
        for stage in stages:
            batch = stage(batch)
        yield batch


class InProcess:
    """Does every task here, one after the other."""

    workers = 1

    def expect(self, size: int, corpus: Path, models: Sequence[str] = (), /) -> None:
        """Nothing to choose."""

    def scratch(self, local: Path) -> Path:
        """The folder itself."""
        return local

    def map(self, job: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """The results, each made when it is asked for."""
        compare_anew()
        return (do(job, task) for task in tasks)

    def gather(self, job: RowJob, tasks: Sequence[Any]) -> Iterator[Any]:
        """The same: the rows are on this machine's disk."""
        return self.map(job, tasks)

    def rest(self) -> None:
        """Nobody to let go."""

    def close(self) -> None:
        """Nothing to let go."""

    def __enter__(self) -> InProcess:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()
