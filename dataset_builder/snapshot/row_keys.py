"""Where each row belongs and where it is: arrays of fixed width, some thirty bytes a row, for any number of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

#: The calendar month of an article without a date.
UNDATED = "undated"
#: The day of an article without a date: after all others.
_NO_DAY = np.int32(2**31 - 1)
_EPOCH = date(1970, 1, 1)

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class RowKeys:
    """The keys of some rows.

    Attributes:
        days: days since 1970-01-01, or a number after all days.
        ids: the articles' ids, sixteen bytes each.
        rows: their row numbers in the spool.
        sizes: bytes of their texts.
    """

    days: npt.NDArray[np.int32]
    ids: npt.NDArray[np.bytes_]
    rows: Integers
    sizes: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.rows)

    @classmethod
    def of(cls, batch: pa.RecordBatch, start: int) -> RowKeys:
        """The keys of the rows of ``batch`` (columns date, id, withheld_text), the first of which is row ``start``."""
        days = pc.fill_null(batch.column("date").cast(pa.int32()), int(_NO_DAY)).to_numpy()
        ids = bytes.fromhex("".join(batch.column("id").to_pylist()))
        sizes = pc.fill_null(pc.binary_length(batch.column("withheld_text")), 0).to_numpy()
        return cls(days, np.frombuffer(ids, "S16"), np.arange(start, start + batch.num_rows), sizes.astype(np.int32))

    @classmethod
    def joined(cls, parts: Sequence[RowKeys]) -> RowKeys:
        """All rows of ``parts``, in the order of (date, id), the undated last."""
        nothing = cls(np.empty(0, np.int32), np.empty(0, "S16"), np.empty(0, np.int64), np.empty(0, np.int32))
        days, ids, rows, sizes = (
            np.concatenate([getattr(part, name) for part in (nothing, *parts)])
            for name in ("days", "ids", "rows", "sizes")
        )
        order = np.lexsort((ids, days))
        return cls(days[order], ids[order], rows[order], sizes[order])

    def chosen(self, mask: npt.NDArray[np.bool_] | slice) -> RowKeys:
        """Some of the rows, in the same order."""
        return RowKeys(self.days[mask], self.ids[mask], self.rows[mask], self.sizes[mask])

    @property
    def dated(self) -> npt.NDArray[np.bool_]:
        """Which rows have a day."""
        dated: npt.NDArray[np.bool_] = self.days != _NO_DAY
        return dated

    @property
    def places(self) -> npt.NDArray[np.uint64]:
        """Where each row stands within its month, spread over 64 bits: the day of the month, then the id."""
        days = self.days.astype("datetime64[D]")
        within = (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.uint64)
        within[self.days == _NO_DAY] = 0
        heads = np.ascontiguousarray(self.ids).view(">u8")[::2].astype(np.uint64)
        places: npt.NDArray[np.uint64] = (within << np.uint64(59)) | (heads >> np.uint64(5))
        return places

    @property
    def dates(self) -> tuple[date | None, date | None]:
        """The first and the last day; None where no row has one."""
        known = self.days[self.days != _NO_DAY]
        return (_day(known.min()), _day(known.max())) if len(known) else (None, None)

    def months(self) -> Iterator[tuple[str, RowKeys]]:
        """Calendar month (``2024-10``, ``undated``) and its rows, for sorted rows."""
        months = self.days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        borders = np.flatnonzero(np.diff(months, prepend=-(2**40), append=2**40))
        for start, end in zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True):
            first = self.days[start]
            name = UNDATED if first == _NO_DAY else _day(first).isoformat()[:7]
            yield name, self.chosen(slice(start, end))


def _day(number: np.int32) -> date:
    return _EPOCH + timedelta(days=int(number))
