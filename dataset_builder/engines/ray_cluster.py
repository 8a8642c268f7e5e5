"""The engine on a cluster: every job through Ray Data's ``map_batches``, and its shuffle where rows have to meet.

Workers leave files for each other on storage that all nodes see: the folder beside OUT, or ``--storage`` with any
fsspec address. Before the first task every node is asked what it sees and which versions it has, so that a cluster
that could not finish says so at once.
"""

from __future__ import annotations

import logging
import os
import pickle
import platform
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa

from dataset_builder.engines.cluster_address import no_cluster, refuse_silence
from dataset_builder.engines.contract import Result, RowJob, Task, do
from dataset_builder.engines.nodes import NodeFacts, compare_nodes, look_around
from dataset_builder.engines.storage import deliver, discard, fetch, joined
from dataset_builder.engines.worker import portable
from dataset_builder.errors import DatasetBuilderError, MissingDependencyError, OutsideError

#: Columns that say which task a row is for, and its place there.
_TASK, _PLACE = "_task", "_place"


class RayCluster:
    """Ray Data on the cluster at ``address``.

    Args:
        address: ``HOST:PORT`` of the head, ``auto`` for the cluster that this machine belongs to, ``local`` for one on
            this machine alone.
        storage: an fsspec address that all nodes see; the folder beside OUT if None, on a disk that they share.

    Raises:
        MissingDependencyError: Ray is not installed.
        OutsideError: no cluster answers.
    """

    def __init__(self, address: str = "auto", storage: str | None = None) -> None:
        self._ray = _connected(address)
        self._storage = joined(storage, f"build-{secrets.token_hex(8)}") if storage else None
        self._scratch: str | Path | None = None

    @property
    def workers(self) -> int:
        """The processors of the cluster."""
        return max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    def scratch(self, local: Path) -> str | Path:
        """The storage, or the folder itself where the nodes share its disk."""
        self._scratch = self._storage or local.resolve()
        return self._scratch

    def expect(self, _size: int, corpus: Path, models: Sequence[str] = (), /) -> None:
        """Ask every node whether it sees what it has to and has the versions and models that this process has.

        Raises:
            OutsideError: a node does not.
        """
        if self._scratch is None:
            raise RuntimeError("scratch is asked for first")
        note, word = joined(self._scratch, "seen-by-all"), secrets.token_hex(8)
        try:
            deliver(note, lambda path: cast(None, path.write_text(word)))
        except (OSError, ValueError, ImportError) as error:
            raise OutsideError(
                f"the storage {self._scratch} cannot be written: {error}",
                expected="a folder or an fsspec address that every node may write to",
                hint="name another one with --storage, and install its fsspec implementation on every node",
            ) from error
        places = (note, str(corpus.resolve()), tuple(models))
        compare_nodes(look_around(*places), self._look_around_everywhere(places), word, storage=str(self._scratch))

    def _look_around_everywhere(self, places: tuple[str, str, tuple[str, ...]]) -> list[NodeFacts]:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        ask = self._ray.remote(look_around)
        nodes = [node["NodeID"] for node in self._ray.nodes() if node["Alive"]]
        there = [NodeAffinitySchedulingStrategy(node, soft=False) for node in sorted(nodes)]
        answers = [ask.options(num_cpus=0, scheduling_strategy=strategy).remote(*places) for strategy in there]
        try:
            return cast(list[NodeFacts], self._ray.get(answers))
        except self._ray.exceptions.RayError as error:
            raise _node_fault(error, "a node cannot be asked what it sees") from error

    def map(self, job: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """The results, in the order of the tasks.

        Raises:
            OutsideError: a task's workers died, again and again.
        """
        if not tasks:
            return
        numbers = self._ray.data.from_arrow([pa.table({_TASK: [number]}) for number in range(len(tasks))])
        shared = self._ray.put((job, list(tasks)))
        done = numbers.map_batches(_do_batch, batch_size=1, batch_format="pyarrow", fn_args=(shared,))
        yield from self._results(done, len(tasks))

    def gather(self, job: RowJob, tasks: Sequence[Any]) -> Iterator[Any]:
        """The results; Ray Data's shuffle brings the rows of each task together.

        Raises:
            OutsideError: a task's workers died, again and again.
        """
        if not tasks:
            return
        root, away = job.root, self._storage is not None
        there: str | Path = joined(self._storage, "snapshot") if self._storage else Path(root).resolve()
        rows = job.articles
        plan = _Routing.of(tasks, int(rows.batch_starts[-1]))
        batches = len(rows.batch_starts) - 1
        numbers = self._ray.data.from_arrow([pa.table({_TASK: [number]}) for number in range(batches)])
        routed = numbers.map_batches(
            _route_batch, batch_size=1, batch_format="pyarrow", fn_args=(self._ray.put((rows, plan)),)
        )
        shared = self._ray.put((job.moved(None, there), list(tasks)))
        done = routed.groupby(_TASK).map_groups(_do_group, batch_format="pyarrow", fn_args=(shared,))
        for result in self._results(done, len(tasks)):
            if away and result.file is not None:
                fetch(joined(there, result.file.path), Path(root) / result.file.path)
            yield result

    def _results(self, done: Any, count: int) -> Iterator[Any]:
        """Every result in its turn; they come in any order."""
        waiting: dict[int, Any] = {}
        turn = 0
        try:
            for batch in done.iter_batches(batch_size=None, batch_format="pyarrow"):
                for number, content in zip(batch.column("number").to_pylist(), batch.column("result"), strict=True):
                    waiting[number] = content.as_py()
                while turn in waiting:
                    kind, value = pickle.loads(waiting.pop(turn))  # noqa: S301 - from our own workers
                    if kind == "failed":
                        raise value
                    yield value
                    turn += 1
        except self._ray.exceptions.RayError as error:
            raise _node_fault(error, f"task {turn + 1} of {count} could not be done") from error
        if turn != count:
            raise RuntimeError(f"{turn} of {count} tasks came back")

    def rest(self) -> None:
        """Ray lets workers without a task go by itself."""

    def close(self) -> None:
        """Let the cluster go; it goes on without this build."""
        if self._storage is not None:
            with suppress(Exception):
                discard(self._storage)
        self._ray.shutdown()

    def __enter__(self) -> RayCluster:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


@dataclass(frozen=True)
class _Routing:
    """Which rows go to which tasks.

    Attributes:
        rows: row numbers, sorted; a row may be of use to several tasks.
        tasks: for each of them the number of a task.
        places: and its place there.
        columns: for each task the columns of use.
    """

    rows: np.ndarray[Any, np.dtype[np.int64]]
    tasks: np.ndarray[Any, np.dtype[np.int32]]
    places: np.ndarray[Any, np.dtype[np.int64]]
    columns: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, tasks: Sequence[Any], _count: int) -> _Routing:
        rows = np.concatenate([np.empty(0, np.int64), *(task.rows for task in tasks)])
        numbers = np.repeat(np.arange(len(tasks), dtype=np.int32), [len(task.rows) for task in tasks])
        places = np.concatenate([np.empty(0, np.int64), *(np.arange(len(task.rows)) for task in tasks)])
        order = np.argsort(rows, kind="stable")
        return cls(rows[order], numbers[order], places[order], tuple(tuple(task.columns) for task in tasks))


def _fetched(shared: Any) -> Any:
    """What the build has put into the cluster's memory, once for all tasks of a call."""
    import ray

    return ray.get(shared)


def _do_batch(batch: pa.Table, shared: Any) -> pa.Table:
    """Do one task and hand its result, or its error, back as bytes."""
    job, tasks = _fetched(shared)
    (number,) = batch.column(_TASK).to_pylist()
    return _answer(number, job, tasks[number])


def _answer(number: int, job: Any, task: Any) -> pa.Table:
    try:
        answer: tuple[str, Any] = ("done", do(job, task))
    except DatasetBuilderError as error:
        error.place = error.place or f"on the node {platform.node()}"
        answer = ("failed", error)
    except Exception as error:
        answer = ("failed", portable(error))
    return pa.table({"number": [number], "result": pa.array([pickle.dumps(answer)], pa.large_binary())})


def _route_batch(batch: pa.Table, shared: Any) -> pa.Table:
    """The rows of one batch of articles, once for each task that wants them, with no more columns than it wants."""
    articles, plan = _fetched(shared)
    (number,) = batch.column(_TASK).to_pylist()
    start, end = articles.batch_starts[number : number + 2].tolist()
    (rows,) = articles.read(number, number + 1)
    chosen = slice(*np.searchsorted(plan.rows, (start, end)).tolist())
    tasks, places, within = plan.tasks[chosen], plan.places[chosen], plan.rows[chosen] - start
    pieces = []
    for task in np.unique(tasks).tolist():
        own = np.flatnonzero(tasks == task)
        taken = rows.take(pa.array(within[own]))
        names = plan.columns[task]
        columns = [
            taken.column(name) if name in names else pa.nulls(len(own), taken.schema.field(name).type)
            for name in taken.schema.names
        ]
        routing = [pa.array(tasks[own]), pa.array(places[own])]
        pieces.append(pa.table([*routing, *columns], names=[_TASK, _PLACE, *taken.schema.names]))
    return pa.concat_tables(pieces) if pieces else _nothing(rows.schema)


def _nothing(schema: pa.Schema) -> pa.Table:
    fields = [pa.field(_TASK, pa.int32()), pa.field(_PLACE, pa.int64()), *schema.remove_metadata()]
    return pa.schema(fields).empty_table()


def _do_group(group: pa.Table, shared: Any) -> pa.Table:
    """Do one task with its rows, which have come together."""
    job, tasks = _fetched(shared)
    number = group.column(_TASK)[0].as_py()
    rows = group.sort_by(_PLACE).drop_columns([_TASK, _PLACE])
    return _answer(number, job.moved(_Gathered(rows), job.root), tasks[number])


@dataclass(frozen=True)
class _Gathered:
    """The rows of one task, in their order; whoever asks for rows wants all of them."""

    table: pa.Table

    def take(self, _rows: Any, columns: Sequence[str] | None = None) -> pa.Table:
        table = self.table if columns is None else self.table.select(list(columns))
        return table.combine_chunks()


def _connected(address: str) -> Any:
    """Ray, connected to the cluster at ``address``."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise MissingDependencyError(
            "the engine ray needs Ray Data, which is not installed",
            expected="Ray on this machine and on every node",
            hint="pip install 'news-dataset-builder[ray]'",
        ) from error
    refuse_silence(address)
    try:
        ray.init(address=address, logging_level=logging.ERROR, log_to_driver=False, configure_logging=False)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise no_cluster(address, str(error).splitlines()[0] if str(error) else type(error).__name__) from error
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)  # a fault is told once, by the error that it becomes
    return ray


def _node_fault(error: Exception, what: str) -> OutsideError:
    return OutsideError(
        f"{what}: {str(error).strip().splitlines()[-1] if str(error).strip() else type(error).__name__}",
        expected="workers that live until their work is done",
        hint="look into the cluster's logs; give workers more memory, and build again: what is finished is kept",
    )
