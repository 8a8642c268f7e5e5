"""Whatever byte of a pack changes, its rows are right or missing; nothing is raised and nothing is made up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from dataset_builder.cache import store
from dataset_builder.cache.keys import KEY_BYTES, Keys
from dataset_builder.cache.store import Shelf, forget_shelves

SCHEMA = pa.schema([("words", pa.string()), ("count", pa.int32()), ("tags", pa.list_(pa.string()))])
ROWS = pa.table({"words": ["quay", None, "lamp"], "count": [3, 1, None], "tags": [["a"], [], None]}, schema=SCHEMA)


def keys_of(*numbers: int) -> Keys:
    import numpy as np

    return np.array([bytes([number]) * KEY_BYTES for number in numbers], f"S{KEY_BYTES}")


@pytest.fixture
def pack(tmp_path: Path) -> Iterator[Path]:
    shelf = Shelf(tmp_path, "words", "r1", SCHEMA)
    shelf.put(keys_of(1, 2, 3), ROWS)
    shelf.flush()
    (path,) = tmp_path.rglob("*.pack")
    yield path
    forget_shelves()


@pytest.mark.parametrize("mask", [0x01, 0x80, pytest.param(0xFF, marks=pytest.mark.slow)])
def test_every_byte_of_a_pack(pack: Path, tmp_path: Path, mask: int) -> None:
    content = pack.read_bytes()
    assert len(content) > 500
    for place in range(len(content)):
        pack.unlink(missing_ok=True)
        pack.write_bytes(content[:place] + bytes([content[place] ^ mask]) + content[place + 1 :])
        forget_shelves()
        here, rows = Shelf(tmp_path, "words", "r1", SCHEMA).fetch(keys_of(1, 2, 3, 4))
        assert not here.any(), f"byte {place} is changed, and the pack was used"
        assert rows.num_rows == 0


def test_every_length_of_a_pack(pack: Path, tmp_path: Path) -> None:
    content = pack.read_bytes()
    for length in range(0, len(content), 3):
        pack.unlink(missing_ok=True)
        pack.write_bytes(content[:length])
        forget_shelves()
        here, _ = Shelf(tmp_path, "words", "r1", SCHEMA).fetch(keys_of(1, 2, 3))
        assert not here.any()


def test_a_pack_that_is_spoiled_between_two_builds_of_one_process(pack: Path, tmp_path: Path) -> None:
    assert store.opened(tmp_path, "words", "r1", SCHEMA).fetch(keys_of(1))[0].all()
    content = bytearray(pack.read_bytes())
    content[len(content) // 2] ^= 1
    pack.unlink()
    pack.write_bytes(content)
    forget_shelves()
    assert not store.opened(tmp_path, "words", "r1", SCHEMA).fetch(keys_of(1))[0].any()
