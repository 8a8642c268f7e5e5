"""What workers leave for each other: rows in order, and bytes that nobody has touched."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from dataset_builder.engines import spool as spool_module
from dataset_builder.engines.spool import Spool, compared_each_step
from dataset_builder.errors import OutsideError
from dataset_builder.progress import Progress

SCHEMA = pa.schema([("id", pa.int64()), ("words", pa.list_(pa.string()))])


def batch(first: int, rows: int) -> pa.RecordBatch:
    numbers = range(first, first + rows)
    return pa.record_batch([list(numbers), [[f"word {n}"] * (n % 3) for n in numbers]], schema=SCHEMA)


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spool:
    """Two files of some batches, one of them empty, as another process has left them."""
    monkeypatch.setattr(spool_module, "_compared", set())
    parts = [[batch(0, 5), batch(5, 3)], [batch(8, 0)], [batch(8, 4), batch(12, 1)]]
    return Spool.joined(Spool.write(tmp_path / f"{n}.arrow", SCHEMA, part) for n, part in enumerate(parts))


def test_rows_come_back_in_their_order(spool: Spool):
    assert spool.rows == 13
    assert pa.Table.from_batches(spool.read()).column("id").to_pylist() == list(range(13))
    assert [rows.column("id")[0].as_py() for rows in spool.read(1, 3)] == [5, 8]
    assert spool.column("id").to_pylist() == list(range(13))


def test_any_rows_are_taken_in_any_order(spool: Spool):
    taken = spool.take(np.array([12, 0, 7, 8, 0]), ["id", "words"])
    assert taken.column("id").to_pylist() == [12, 0, 7, 8, 0]
    assert taken.column("words").to_pylist()[2] == ["word 7"]
    assert spool.take(np.empty(0, np.int64), ["id"]).schema.names == ["id"]


@pytest.mark.parametrize("place", [0, 100, -1])
def test_an_altered_byte_is_found_and_named(spool: Spool, place: int):
    path = Path(spool.files[1].path)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(OutsideError, match=f"{path.name}.* was damaged"):
        list(spool.read())
    with pytest.raises(OutsideError, match=path.name):
        spool.take(np.array([8, 12]))


def test_what_changes_after_it_was_compared_is_no_fault_of_arrow(spool: Spool):
    """What Arrow cannot decode is named as damage, with the file; what it can is compared in the next step."""
    list(spool.read())
    path, message = Path(spool.files[0].path), spool.files[0].batches[0]
    whole = path.read_bytes()
    refused: list[str] = []
    for place in range(message.start, message.start + 300, 2):
        path.write_bytes(whole[:place] + b"\xff\x7f" + whole[place + 2 :])
        try:
            next(spool.read())
        except OutsideError as error:
            refused.append(error.found)
    assert len(refused) > 20
    assert all(path.name in found for found in refused)


def test_each_step_that_is_reported_compares_anew(spool: Spool):
    told: list[Progress] = []
    report = compared_each_step(told.append)
    report(Progress("read", 0, 2))
    list(spool.read())
    path = Path(spool.files[0].path)
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    report(Progress("read", 1, 2))
    list(spool.read())
    report(Progress("link", 0, 1))
    with pytest.raises(OutsideError, match=f"{path.name}.* was damaged"):
        list(spool.read())
    assert [progress.step for progress in told] == ["read", "read", "link"]


@pytest.mark.parametrize("left", [0, 10, -1])
def test_a_file_cut_short_is_found_and_named(spool: Spool, left: int):
    path = Path(spool.files[0].path)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(OutsideError, match=f"{path.name}.* was damaged"):
        spool.column("id")


def test_a_file_that_went_is_named(spool: Spool):
    path = Path(spool.files[1].path)
    path.unlink()
    with pytest.raises(OutsideError, match=f"{path.name}.* not there"):
        list(spool.read())


def test_batches_are_exchanged_for_none_of_another_file(spool: Spool):
    """Two files of the same form: each is what its own checksums say."""
    first, second = (Path(file.path) for file in spool.files)
    second.write_bytes(first.read_bytes())
    with pytest.raises(OutsideError, match=second.name):
        list(spool.read())
