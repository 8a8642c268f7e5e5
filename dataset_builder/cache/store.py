"""The store: folders of packs, one folder a recipe. A pack is an Arrow file of rows, each with its key.

A pack is named after the digest of its bytes, comes into being by a rename and never changes, so builds may share a
store without a lock: at worst two of them write the same. Before a process takes a row from a pack, it has compared the
pack with its name; one that is cut short or altered is deleted, and its rows are made anew.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataset_builder.cache.keys import KEY_BYTES, Keys
from dataset_builder.errors import OutsideError

KEY = pa.field("_key", pa.binary(KEY_BYTES), nullable=False)
PACK_SUFFIX = ".pack"
_UNFINISHED = ".unfinished-"
#: What Arrow and numpy raise over a file whose bytes say something else than they did.
_STUMBLES = (pa.ArrowException, IndexError, MemoryError, OverflowError, TypeError, ValueError)
#: Packs that stay open in a process; rows that are looked up together were mostly written together.
_OPEN_PACKS = 16


@dataclass(frozen=True)
class Shelf:
    """The packs of one recipe.

    Attributes:
        root: the store.
        name: what the rows are, for people who look into the folder: a stage's name.
        schema: the columns of the rows.
    """

    root: Path
    name: str
    recipe: str
    schema: pa.Schema

    @property
    def folder(self) -> Path:
        """Where the packs are."""
        return self.root / self.name / self.recipe

    @cached_property
    def _index(self) -> _Index:
        return _Index.read(self.folder)

    @cached_property
    def _pending(self) -> list[pa.Table]:
        return []

    def fetch(self, keys: Keys) -> tuple[npt.NDArray[np.bool_], pa.Table]:
        """Which of ``keys`` are here, and their rows, in the order of the keys."""
        packs, rows = self._index.find(keys)
        pieces: list[pa.RecordBatch] = []
        places: list[npt.NDArray[np.int64]] = []
        for pack in np.unique(packs[packs >= 0]).tolist():
            chosen = np.flatnonzero(packs == pack)
            batch = _open_pack(self._index.paths[pack])
            if batch is None or batch.schema.remove(0) != self.schema:
                packs[chosen] = -1
                continue
            pieces.append(batch.select(self.schema.names).take(pa.array(rows[chosen])))
            places.append(chosen)
        if not pieces:
            return packs >= 0, self.schema.empty_table()
        table = pa.Table.from_batches(pieces)
        if len(pieces) == 1:
            return packs >= 0, table
        return packs >= 0, in_order(table, np.argsort(np.concatenate(places), kind="stable"))

    def put(self, keys: Keys, rows: pa.Table | pa.RecordBatch) -> None:
        """Keep rows until :meth:`flush` writes them."""
        if rows.num_rows:
            key = pa.Array.from_buffers(KEY.type, len(keys), [None, pa.py_buffer(np.ascontiguousarray(keys))])
            columns = [rows.column(name) for name in self.schema.names]
            self._pending.append(pa.table([key, *columns], schema=pa.schema([KEY, *self.schema])))

    def flush(self) -> None:
        """Write what was put as one pack.

        Raises:
            OutsideError: the disk failed.
        """
        parts: list[pa.Table] = []
        while self._pending:
            parts.append(self._pending.pop(0))
        if not parts:
            return
        table = pa.concat_tables(parts).combine_chunks()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _write_pack(self.folder, table)
        except OSError as error:
            raise cannot_write(self.root, error) from error


def in_order(rows: pa.Table, order: npt.NDArray[np.int64]) -> pa.Table:
    """The rows with these numbers, in one piece; all of them in the order in which they are need no copy."""
    whole = rows.combine_chunks()
    return whole if np.array_equal(order, np.arange(whole.num_rows)) else whole.take(pa.array(order)).combine_chunks()


#: The shelves of this process; their indices are read once.
_shelves: dict[tuple[Path, str, str], Shelf] = {}


def opened(root: Path, name: str, recipe: str, schema: pa.Schema) -> Shelf:
    """The shelf of a recipe, opened once a process."""
    place = (root, name, recipe)
    if place not in _shelves:
        _shelves[place] = Shelf(root, name, recipe, schema)
    return _shelves[place]


def forget_shelves() -> None:
    """Have every shelf and pack opened anew: a build sees what others have written, or spoiled, before it began."""
    _shelves.clear()
    _verified.cache_clear()


def flush_all() -> None:
    """Write what was put on the shelves of this process.

    Raises:
        OutsideError: the disk failed.
    """
    for shelf in _shelves.values():
        shelf.flush()


def _write_pack(folder: Path, table: pa.Table) -> None:
    unfinished = folder / f"{_UNFINISHED}{secrets.token_hex(8)}"
    try:
        with pa.OSFile(str(unfinished), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            for batch in table.to_batches():
                writer.write_batch(batch)
        unfinished.rename(folder / f"{_sha256(unfinished)}{PACK_SUFFIX}")
    finally:
        unfinished.unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _open_pack(path: Path) -> pa.RecordBatch | None:
    """The pack's rows, if its bytes are what its name says; one that is damaged goes."""
    try:
        return _verified(path)
    except _DamagedError:
        path.unlink(missing_ok=True)
    except (OSError, pa.ArrowException):
        pass
    return None


class _DamagedError(Exception):
    """A pack's bytes are not those that were written."""


@lru_cache(maxsize=_OPEN_PACKS)
def _verified(path: Path) -> pa.RecordBatch:
    """The rows of a pack, compared with its name once a process; a failure is not remembered."""
    if _sha256(path) != path.stem:
        raise _DamagedError
    os.utime(path)  # when it was last of use, for whoever prunes
    return pa.ipc.open_file(pa.memory_map(str(path))).get_batch(0)


@dataclass(frozen=True)
class _Index:
    """Where each key of a folder of packs is.

    Attributes:
        keys: sorted.
        packs: the number of each key's pack in ``paths``.
        rows: its row there.
    """

    paths: tuple[Path, ...]
    keys: Keys
    packs: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int32]

    @classmethod
    def read(cls, folder: Path) -> _Index:
        """The keys of all packs in ``folder``, as they say themselves; whether they are true shows later."""
        paths = tuple(sorted(folder.glob(f"*{PACK_SUFFIX}"))) if folder.is_dir() else ()
        found = [_keys_of(path) for path in paths]
        keys = np.concatenate([np.empty(0, f"S{KEY_BYTES}"), *found])
        packs = np.repeat(np.arange(len(paths), dtype=np.int32), [len(part) for part in found])
        rows = np.concatenate([np.empty(0, np.int32), *(np.arange(len(part), dtype=np.int32) for part in found)])
        order = np.argsort(keys, kind="stable")
        return cls(paths, keys[order], packs[order], rows[order])

    def find(self, keys: Keys) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """The pack of each key, -1 where it is in none, and its row there."""
        if not len(self.keys):
            return np.full(len(keys), -1, np.int32), np.zeros(len(keys), np.int32)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[places] == keys, self.packs[places], -1).astype(np.int32), self.rows[places]


def _keys_of(path: Path) -> Keys:
    """The keys that a pack says it has; one that cannot be read at all has none, and goes."""
    with suppress(OSError):
        try:
            column = pa.ipc.open_file(pa.memory_map(str(path))).get_batch(0).column(0)
            if column.type == KEY.type:
                return np.frombuffer(column.buffers()[1], f"S{KEY_BYTES}", len(column)).copy()
        except _STUMBLES:
            path.unlink(missing_ok=True)
    return np.empty(0, f"S{KEY_BYTES}")


def unfinished_packs(root: Path) -> Iterator[Path]:
    """What builds that were killed have left."""
    return root.glob(f"*/*/{_UNFINISHED}*")


def cannot_write(root: Path, error: OSError) -> OutsideError:
    """The error of a store that cannot be written to."""
    return OutsideError(
        f"the cache {root} cannot be written: {error.strerror or error}",
        expected="a folder on a disk with room and permission to write",
        hint="place it elsewhere with --cache, make room with build-dataset cache --prune, or build with --no-cache",
    )
