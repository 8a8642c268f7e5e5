"""A pool of worker processes: one thread here waits for each, so that a worker that dies is known by what it held.

A task whose worker died is given to another one, once: machines kill processes for want of memory. If that one dies as
well, the task is named and the build ends; everything else that was finished stays where it was written.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from dataset_builder.engines.contract import Result, RowJob, Task, do
from dataset_builder.engines.spool import compare_anew
from dataset_builder.engines.worker import receive, send
from dataset_builder.errors import OutsideError

#: A task is tried so often before its worker's death is taken for the task's fault.
_TRIES = 2
#: Results that may wait to be taken in their order, for each worker; what is far ahead waits for the slow ones.
_AHEAD = 8
#: A worker has one processor: a library's threads would only wait for each other. What the caller's environment says
#: holds.
_ALONE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
#: A thread whose worker was killed ends at once; nobody waits longer for one that does not.
_PATIENCE_SECONDS = 5.0


class Pool:
    """``workers`` processes, started when there is work for them."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._threads: list[threading.Thread] = []
        self._closed = False

    def expect(self, size: int, corpus: Path, models: Sequence[str] = (), /) -> None:
        """Nothing to choose."""

    def scratch(self, local: Path) -> Path:
        """The folder itself: all workers are on this machine."""
        return local

    def gather(self, job: RowJob, tasks: Sequence[Any]) -> Iterator[Any]:
        """The same as ``map``: each worker takes its rows from the files on this machine's disk."""
        return self.map(job, tasks)

    def map(self, job: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """The results, in the order of the tasks.

        Raises:
            OutsideError: a worker died twice over one task.
        """
        compare_anew()
        if len(tasks) <= 1:
            yield from (do(job, task) for task in tasks)
            return
        run = _Run(job, list(tasks), _AHEAD * self.workers)
        self._threads = [
            threading.Thread(target=self._serve, args=(run,), daemon=True) for _ in range(min(self.workers, len(tasks)))
        ]
        for thread in self._threads:
            thread.start()
        try:
            yield from run.results()
        except BaseException:
            run.cancel()
            self.close()
            raise
        for thread in self._threads:
            thread.join()

    def _serve(self, run: _Run) -> None:
        """Feed one worker with the run's tasks until there are none left."""
        worker: _Worker | None = None
        try:
            worker = self._hire()
            for number in run.numbers():
                answer = None
                while answer is None:
                    try:
                        answer = worker.do(run, number)
                    except (EOFError, OSError):
                        status = self._dismiss(worker)
                        if run.has_failed(number) >= _TRIES:
                            answer = ("failed", _died(status, run.tasks[number]))
                        worker = self._hire()
                run.give(number, answer)
            self._release(worker)
            worker = None
        except _CancelledError:
            return
        except Exception as error:  # a worker cannot be started, a task cannot be sent
            run.fail(error)
        finally:
            if worker is not None:
                self._dismiss(worker)

    def _hire(self) -> _Worker:
        with self._lock:
            if self._closed:
                raise _CancelledError
            worker = self._idle.pop() if self._idle else _Worker()
            self._busy.add(worker)
            return worker

    def _release(self, worker: _Worker) -> None:
        with self._lock:
            self._busy.discard(worker)
            self._idle.append(worker)

    def _dismiss(self, worker: _Worker) -> int:
        with self._lock:
            self._busy.discard(worker)
        return worker.end()

    def rest(self) -> None:
        """End the workers that wait for a task; the next call of ``map`` starts others."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()

    def close(self) -> None:
        """End the workers, whatever they are doing: what they write, they write under names of their own."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            for worker in self._busy:
                worker.kill()
        for worker in idle:
            worker.end()
        for thread in self._threads:
            thread.join(_PATIENCE_SECONDS)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


class _CancelledError(Exception):
    """Nobody waits for the results any more."""


class _Run:
    """One call of ``map``: its tasks, and the results that have come so far.

    Args:
        ahead: how many tasks may be taken before the result of the slowest has been.
    """

    def __init__(self, job: Callable[[Any], Any], tasks: list[Any], ahead: int) -> None:
        self.job = job
        self.tasks = tasks
        self._ahead = ahead
        self._next = 0
        self._taken = 0
        self._given: dict[int, tuple[str, Any]] = {}
        self._failures: dict[int, int] = {}
        self._fault: Exception | None = None
        self._changed = threading.Condition()
        self._cancelled = False

    def numbers(self) -> Iterator[int]:
        """The tasks that nobody has taken yet, one after the other, as far ahead of the slowest as is allowed."""
        while True:
            with self._changed:
                while not self._cancelled and self._next < len(self.tasks) and self._next - self._taken >= self._ahead:
                    self._changed.wait()
                if self._cancelled or self._next >= len(self.tasks):
                    return
                number = self._next
                self._next += 1
            yield number

    def give(self, number: int, answer: tuple[str, Any]) -> None:
        """Put the result of a task down."""
        with self._changed:
            if self._cancelled:
                raise _CancelledError
            self._given[number] = answer
            self._changed.notify_all()

    def has_failed(self, number: int) -> int:
        """Count one more death over a task; how many there were."""
        with self._changed:
            self._failures[number] = self._failures.get(number, 0) + 1
            return self._failures[number]

    def fail(self, fault: Exception) -> None:
        """Have whoever waits for results get this error instead."""
        with self._changed:
            self._fault = fault
            self._changed.notify_all()

    def results(self) -> Iterator[Any]:
        """Every result in its turn."""
        for number in range(len(self.tasks)):
            with self._changed:
                while number not in self._given:
                    if self._fault is not None:
                        raise self._fault
                    self._changed.wait()
                kind, value = self._given.pop(number)
                self._taken = number + 1
                self._changed.notify_all()
            if kind == "failed":
                raise value
            yield value

    def cancel(self) -> None:
        """Let everybody who works on it stop."""
        with self._changed:
            self._cancelled = True
            self._changed.notify_all()


class _Worker:
    """One process and the pipes to it."""

    def __init__(self) -> None:
        self._job: object = None
        environment = {**_ALONE, **os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "dataset_builder.engines.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )

    def do(self, run: _Run, number: int) -> tuple[str, Any]:
        """The answer to one task."""
        requests = cast(BinaryIO, self._process.stdin)
        if self._job is not run.job:
            send(requests, ("job", run.job))
            self._job = run.job
        send(requests, ("task", run.tasks[number]))
        answer: tuple[str, Any] = receive(cast(BinaryIO, self._process.stdout))
        return answer

    def kill(self) -> None:
        """Have it die; whoever waits for its answer gets none."""
        self._process.kill()

    def end(self) -> int:
        """Have it die and clean up after it; its exit status. Nobody may be waiting for its answer."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                cast(BinaryIO, stream).close()
        return self._process.wait()


def _died(status: int, task: object) -> OutsideError:
    return OutsideError(
        f"a worker process died twice, exit status {status}, with this in hand: {task}",
        expected="workers that live until their work is done",
        hint="for want of memory a system kills processes: use fewer --workers; build again, what is finished is kept",
    )
