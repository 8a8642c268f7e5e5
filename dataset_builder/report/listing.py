"""The rows of the page's table, packed small: searched and sorted by columns, shown in detail by pieces.

One *index* holds what is searched, sorted and filtered, for all rows; repeated values are numbers into a list. The rest
stands in *pieces* of some hundred rows, of which a page unpacks the one that is looked at. Both are JSON, compressed
with gzip and written in base64, so that a page of 100,000 articles is a few dozen megabytes and opens at once.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

#: Rows of one piece.
PIECE_ROWS = 200
#: Longest text of one cell, in code points; the whole of it is in the snapshot.
CELL_LIMIT = 1000
#: Columns of the index that hold few different values, and come as numbers.
CODED = ("source", "language", "license", "release")
_PLAIN = ("id", "title", "date")
_LEVEL = 6  # of gzip: nine takes three times as long and saves one per cent


@dataclass
class Listing:
    """The rows from number ``skip`` on; feed it with :meth:`add`.

    Attributes:
        skip: rows at the beginning of the catalog that the page does not list.
        detail: the dotted paths of the columns that a piece holds.
    """

    skip: int
    detail: Sequence[str]
    pieces: list[str] = field(default_factory=list)
    _plain: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in _PLAIN})
    _codes: dict[str, dict[Any, int]] = field(default_factory=lambda: {name: {} for name in (*CODED, "flags")})
    _coded: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in (*CODED, "flags")})
    _waiting: dict[str, list[Any]] = field(default_factory=dict)
    _ids: list[pa.Array] = field(default_factory=list)
    _seen: int = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Take the rows of a batch of the catalog."""
        first = max(0, self.skip - self._seen)
        self._seen += batch.num_rows
        if first >= batch.num_rows:
            return
        rows = batch.slice(first)
        self._ids.append(rows.column("id"))
        for name in _PLAIN:
            self._plain[name] += map(cell, rows.column(name).to_pylist())
        for name in CODED:
            self._code(name, map(cell, rows.column(name).to_pylist()))
        self._code(
            "flags", (tuple(sorted(filter(None, flags or ()))) for flags in rows.column("quality_flags").to_pylist())
        )
        for path in self.detail:
            self._waiting.setdefault(path, []).extend(map(cell, member(rows, path).to_pylist()))
        self._pack(PIECE_ROWS)

    def _code(self, name: str, values: Iterator[Any]) -> None:
        known = self._codes[name]
        self._coded[name] += [known.setdefault(value, len(known)) for value in values]

    def _pack(self, at_least: int) -> None:
        """Pack what waits into pieces of :data:`PIECE_ROWS` while there are ``at_least`` so many rows."""
        waiting = len(next(iter(self._waiting.values()), ()))
        taken = 0
        while waiting - taken >= at_least:
            piece = {path: values[taken : taken + PIECE_ROWS] for path, values in self._waiting.items()}
            self.pieces.append(
                packed({path: values for path, values in piece.items() if any(v is not None for v in values)})
            )
            taken += PIECE_ROWS
        if taken:
            self._waiting = {path: values[taken:] for path, values in self._waiting.items()}

    def index(self, ids: Sequence[pa.Array], words: Sequence[pa.Array]) -> str:
        """The packed index; ``ids`` and ``words`` say how long the released articles are."""
        self._pack(1)
        coded = {name: {"values": list(known), "codes": self._coded[name]} for name, known in self._codes.items()}
        lengths = _looked_up(self._ids, ids, words)
        return packed({"rows": len(lengths), "piece": PIECE_ROWS, "words": lengths, **self._plain, "coded": coded})


def _looked_up(wanted: Sequence[pa.Array], ids: Sequence[pa.Array], values: Sequence[pa.Array]) -> list[int | None]:
    """For each wanted id its value; null where it has none."""
    known = pa.chunked_array(ids, type=pa.string()).combine_chunks()
    positions = pc.index_in(pa.chunked_array(wanted, type=pa.string()), value_set=known)
    found = pa.chunked_array(values, type=pa.int32()).take(positions).to_pylist()
    return [None if value is None else int(value) for value in found]


def member(batch: pa.RecordBatch, path: str) -> pa.Array:
    """The column or the member of a nested column at a dotted path."""
    name, *members = path.split(".")
    column = batch.column(name)
    return pc.struct_field(column, members) if members else column


def cell(value: Any) -> Any:
    """``value`` as JSON has it: times as text, long texts cut."""
    if isinstance(value, str):
        return value if len(value) <= CELL_LIMIT else value[: CELL_LIMIT - 1] + "…"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return [cell(item) for item in value]
    if isinstance(value, dict):
        return {name: cell(item) for name, item in value.items() if item is not None}
    return value


def packed(value: Any) -> str:
    """JSON, gzip without a clock, base64."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return b64encode(gzip.compress(text.encode("utf-8", "replace"), _LEVEL, mtime=0)).decode("ascii")
