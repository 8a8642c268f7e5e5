"""Which engine a build runs on: this process for a handful of articles, a pool of processes beyond."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from dataset_builder.engines.contract import Engine, Result, RowJob, Task
from dataset_builder.engines.local import InProcess
from dataset_builder.errors import UsageError

#: From so many bytes of input on a pool pays: about twice what its workers need to start (docs/decisions/engines.md).
POOL_BYTES = 4 * 1024 * 1024
#: More workers than this fight for the disk.
_MOST_WORKERS = 64


def usable_processors() -> int:
    """Processors that this process may run on."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        return os.cpu_count() or 1


class Chosen:
    """The engine that fits: decides when it is told how much there is to do.

    Args:
        workers: how many processes; None: as many as there are processors, if the input is worth them.

    Raises:
        UsageError: a number of workers that cannot be.
    """

    def __init__(self, workers: int | None = None) -> None:
        if workers is not None and not 1 <= workers <= _MOST_WORKERS:
            raise UsageError(f"{workers} workers", expected=f"a number from 1 to {_MOST_WORKERS}")
        self._wanted = workers
        self._engine: Engine = InProcess()

    @property
    def workers(self) -> int:
        """How many tasks may be in hand at once."""
        return self._engine.workers

    def expect(self, size: int, _corpus: Path, _models: Sequence[str] = (), /) -> None:
        """Choose, for an input of ``size`` bytes."""
        workers = self._wanted or (usable_processors() if size >= POOL_BYTES else 1)
        if min(workers, _MOST_WORKERS) > 1:
            from dataset_builder.engines.pool import Pool

            self._engine = Pool(min(workers, _MOST_WORKERS))

    def map(self, job: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """The results, in the order of the tasks."""
        return self._engine.map(job, tasks)

    def scratch(self, local: Path) -> str | Path:
        """Where workers leave files for each other."""
        return self._engine.scratch(local)

    def gather(self, job: RowJob, tasks: Sequence[Any]) -> Iterator[Any]:
        """The same for tasks that each want rows from everywhere."""
        return self._engine.gather(job, tasks)

    def rest(self) -> None:
        """Let go of workers that have nothing to do."""
        self._engine.rest()

    def close(self) -> None:
        """Let the workers go."""
        self._engine.close()

    def __enter__(self) -> Chosen:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()
