"""Counts over the released and the withheld rows, taken once while their keys are gathered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.describe.facts import LicenseRow
from dataset_builder.engines.contract import NumberedRows
from dataset_builder.schema import RELEASED
from dataset_builder.snapshot.row_keys import RowKeys

#: The release that carries the whole text, and the one that carries its first words.
FULL, EXCERPT = "full", "excerpt"
#: Articles named in a finding about a licence.
_EXAMPLES = 5
_DECISION = ("source", "license", "rights_class", "release", "decision_rule")


#: Assembled rows, wherever they are.
Articles = NumberedRows


@dataclass
class Tally:
    """What is known of the assembled rows; those that are withdrawn are counted and left out.

    Attributes:
        groups: pairs of ids of articles that are copies or revisions of each other.
        rows: how many rows there are, withdrawn ones included.
    """

    licenses: Counter[tuple[str, str, str, str, str]] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    ids: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    withdrawn: int = 0
    groups: list[tuple[bytes, bytes]] = field(default_factory=list)
    rows: int = 0
    _keys: list[RowKeys] = field(default_factory=list)
    _families: list[pa.Array] = field(default_factory=list)
    _releases: list[pa.Array] = field(default_factory=list)
    _sources: list[pa.Array] = field(default_factory=list)

    @classmethod
    def of(cls, batches: Iterable[pa.RecordBatch]) -> Tally:
        """The counts over ``batches``, whose rows are numbered from 0."""
        tally = cls()
        for batch in batches:
            tally.add(batch)
        return tally

    def add(self, batch: pa.RecordBatch) -> None:
        """Count the rows of the next batch."""
        active = pc.not_equal(batch.column("status"), "withdrawn")
        keys = RowKeys.of(batch, self.rows).chosen(active.to_numpy(zero_copy_only=False))
        self.rows += batch.num_rows
        self.withdrawn += batch.num_rows - len(keys)
        names = ("id", "family", "language", "quality_flags", *_DECISION)
        self.groups += _groups(batch)
        self._count(pa.table({name: batch.column(name) for name in names}).filter(active))
        self._keys.append(keys)

    def _count(self, rows: pa.Table) -> None:
        self._families.append(rows.column("family").combine_chunks().dictionary_encode())
        self._releases.append(rows.column("release").combine_chunks().dictionary_encode())
        self._sources.append(rows.column("source").combine_chunks().dictionary_encode())
        counted = rows.group_by(list(_DECISION)).aggregate([("id", "count"), ("id", "list")])
        for row in counted.to_pylist():
            values = [row[name] or "" for name in _DECISION]
            self.licenses[values[0], values[1], values[2], values[3], values[4]] += row["id_count"]
            named = self.ids.get((values[0], values[1]), [])
            self.ids[values[0], values[1]] = sorted([*named, *row["id_list"]])[:_EXAMPLES]
        released = rows.filter(pc.is_in(rows.column("release"), value_set=pa.array(RELEASED)))
        self.languages.update(_counts(pc.fill_null(pc.fill_null(released.column("language"), "und"), "und")))
        self.flags.update(_counts(pc.list_flatten(released.column("quality_flags"))))

    @cached_property
    def catalog(self) -> RowKeys:
        """All rows but the withdrawn, in the order of (date, id)."""
        return self._joined(np.ones(sum(map(len, self._keys)), bool))

    @cached_property
    def articles(self) -> RowKeys:
        """The rows that are released with their whole text, in the order of (date, id)."""
        return self.of_release(FULL)

    @property
    def released(self) -> int:
        """Articles of which more than metadata is released."""
        return sum(len(self.of_release(release)) for release in RELEASED)

    @property
    def released_dates(self) -> tuple[date | None, date | None]:
        """The first and the last day of these articles; None where no row has one."""
        return RowKeys.joined([self.of_release(release) for release in RELEASED]).dates

    def of_release(self, release: str) -> RowKeys:
        """The rows with this decision, in the order of (date, id)."""
        return self._joined(_equal(self._releases, release))

    def families_of(self, release: str) -> dict[str, RowKeys]:
        """Licence family -> its rows with this decision, by name."""
        chosen = _equal(self._releases, release)
        names = sorted({name for part in self._families for name in part.dictionary.to_pylist()})
        families = {name: self._joined(chosen & _equal(self._families, name)) for name in names}
        return {name: rows for name, rows in families.items() if len(rows)}

    def sources_of(self, keys: RowKeys) -> npt.NDArray[np.object_]:
        """The source of each of ``keys``, which are in the order of ``catalog``."""
        names = [part.to_pylist() for part in self._sources]
        by_row = np.full(self.rows, "", dtype=object)
        for part, own in zip(self._keys, names, strict=True):
            by_row[part.rows] = own
        chosen: npt.NDArray[np.object_] = by_row[keys.rows]
        return chosen

    def _joined(self, mask: npt.NDArray[np.bool_]) -> RowKeys:
        ends = np.cumsum([len(part) for part in self._keys])[:-1]
        masks = np.split(mask, ends) if self._keys else []
        return RowKeys.joined([part.chosen(own) for part, own in zip(self._keys, masks, strict=True)])

    def examples(self, row: LicenseRow) -> tuple[str, ...]:
        """The ids of some of the articles that ``row`` counts."""
        return tuple(self.ids.get((row.source, row.license), ()))

    @property
    def license_rows(self) -> tuple[LicenseRow, ...]:
        """Source by licence by decision, in order."""
        return tuple(LicenseRow(*key, articles=count) for key, count in sorted(self.licenses.items()))


def _groups(batch: pa.RecordBatch) -> list[tuple[bytes, bytes]]:
    """Each row that is a copy or a revision with what it is one of; a cluster is named after its first member."""
    names = ("id", "derived_from", "revision_of")
    linked = pc.or_(*(pc.is_valid(batch.column(name)) for name in names[1:]))
    rows = batch.select(list(names)).filter(linked).to_pylist()
    pairs = [(row["id"], row[name]) for row in rows for name in names[1:] if row[name]]
    return [(bytes.fromhex(one), bytes.fromhex(other)) for one, other in pairs]


def _equal(parts: list[pa.DictionaryArray], value: str) -> npt.NDArray[np.bool_]:
    """Which of the rows have this value."""
    masks = [pc.fill_null(pc.equal(part, value), False).to_numpy(zero_copy_only=False) for part in parts]
    return np.concatenate([np.empty(0, bool), *masks])


def _counts(values: pa.ChunkedArray | pa.Array) -> dict[str, int]:
    return {entry["values"]: entry["counts"] for entry in pc.value_counts(values).to_pylist()}
