"""The pool of worker processes: order, faults, deaths."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from dataset_builder.engines import pool as engines_pool
from dataset_builder.engines.choice import POOL_BYTES, Chosen
from dataset_builder.engines.pool import Pool
from dataset_builder.errors import OutsideError, UsageError
from pool_jobs import DieAt, FailAt, OnlyHere, ProcessNumber, Square


def test_results_come_in_the_order_of_the_tasks():
    with Pool(2) as pool:
        assert list(pool.map(Square(), range(50))) == [number * number for number in range(50)]


def test_the_work_is_done_elsewhere_and_workers_are_used_again():
    with Pool(2) as pool:
        first, second = (set(pool.map(ProcessNumber(), range(8))) for _ in range(2))
    assert len(first) == 2
    assert first == second
    assert os.getpid() not in first


def test_workers_that_rest_are_gone_and_others_come():
    with Pool(2) as pool:
        first = set(pool.map(ProcessNumber(), range(8)))
        pool.rest()
        assert not any(_runs(number) for number in first)
        second = set(pool.map(ProcessNumber(), range(8)))
    assert second
    assert first.isdisjoint(second)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_worker_whose_result_nobody_waits_for_any_more_is_cleaned_up_after(monkeypatch):
    hired = []

    class Known(engines_pool._Worker):
        def __init__(self):
            super().__init__()
            hired.append(self._process)

    def given_up(run, number, answer):
        run.fail(ValueError("nobody waits"))
        raise engines_pool._CancelledError

    monkeypatch.setattr(engines_pool, "_Worker", Known)
    monkeypatch.setattr(engines_pool._Run, "give", given_up)
    with Pool(2) as pool, pytest.raises(ValueError, match="nobody waits"):
        list(pool.map(Square(), range(4)))
    assert hired
    assert all(process.returncode is not None for process in hired)
    assert all(stream.closed for process in hired for stream in (process.stdin, process.stdout))


def test_one_task_needs_no_other_process():
    with Pool(2) as pool:
        assert list(pool.map(ProcessNumber(), [0])) == [os.getpid()]


def test_what_a_job_raises_comes_back_with_where_it_happened():
    with Pool(2) as pool, pytest.raises(ValueError, match="cannot square 3") as caught:
        list(pool.map(FailAt(3), range(9)))
    assert caught.value.__notes__[0] == "with this in hand: 3"
    assert "in a worker" in caught.value.__notes__[1]


def test_a_worker_that_is_killed_costs_nothing_but_time(tmp_path):
    with Pool(2) as pool:
        assert list(pool.map(DieAt(5, 1, tmp_path), range(9))) == [number * number for number in range(9)]
    assert len(list(tmp_path.iterdir())) == 1


def test_a_task_that_kills_two_workers_is_named(tmp_path):
    with Pool(2) as pool, pytest.raises(OutsideError, match="with this in hand: 5") as caught:
        list(pool.map(DieAt(5, 9, tmp_path), range(9)))
    assert "exit status -9" in caught.value.found
    assert len(list(tmp_path.iterdir())) == 2


def test_nobody_works_on_after_the_pool_is_closed():
    pool = Pool(2)
    workers = set(pool.map(ProcessNumber(), range(8)))
    pool.close()
    deadline = time.monotonic() + 10
    while workers and time.monotonic() < deadline:
        workers = {number for number in workers if _lives(number)}
    assert not workers


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_job_that_a_worker_cannot_read_is_a_fault_and_nobody_waits():
    with Pool(2) as pool, pytest.raises(LookupError, match="no such job here"):
        list(pool.map(OnlyHere(os.getpid()), range(9)))


def test_leaving_early_ends_the_workers():
    pool = Pool(2)
    results = pool.map(Square(), range(50))
    assert next(results) == 0
    results.close()
    pool.close()


@pytest.mark.parametrize(("workers", "size", "expected"), [(None, 0, 1), (1, 10 * POOL_BYTES, 1), (3, 0, 3)])
def test_the_engine_fits_the_input(workers, size, expected):
    with Chosen(workers) as engine:
        engine.expect(size, Path())
        assert engine.workers == expected


@pytest.mark.parametrize("workers", [0, -1, 65])
def test_a_number_of_workers_that_cannot_be_is_refused(workers):
    with pytest.raises(UsageError, match="workers"):
        Chosen(workers)
