"""Which split each row goes to. Articles that are copies or revisions of each other go together, wherever they stand.

A text and its reprint in another split would let a model be tested on what it was trained on. So a whole group of near
copies and revisions follows its first member: the one with the smallest (date, id), undated ones last.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from dataset_builder.copies.clusters import Clusters
from dataset_builder.errors import CorpusError
from dataset_builder.issues import Issue
from dataset_builder.schema import RELEASED
from dataset_builder.snapshot.row_keys import RowKeys
from dataset_builder.snapshot.tally import Tally
from dataset_builder.split_options import REST, SplitOptions

Codes = npt.NDArray[np.int8]
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Splits:
    """The split of every row.

    Attributes:
        names: by code; ``train`` has code 0.
        codes: by row number of the spool.
    """

    names: tuple[str, ...]
    codes: Codes

    @classmethod
    def of(cls, options: SplitOptions, tally: Tally) -> Splits:
        """The split of every row that ``tally`` has counted."""
        keys = tally.catalog
        codes = np.zeros(tally.rows, np.int8)
        if options.by != "none":
            first = _first_of_group(keys, tally.groups)
            codes[keys.rows] = _BY[options.by](options, keys, tally.sources_of(keys))[first]
        return cls(options.names, codes)

    def divide(self, keys: RowKeys) -> list[tuple[str, RowKeys]]:
        """(split, its rows) for every split that has some of ``keys``, in order."""
        codes = self.codes[keys.rows]
        parts = [(name, keys.chosen(codes == code)) for code, name in enumerate(self.names)]
        return [(name, rows) for name, rows in parts if len(rows)]

    def counts(self, keys: RowKeys) -> dict[str, int]:
        """How many of ``keys`` go to each split."""
        codes = self.codes[keys.rows]
        return {name: int(np.count_nonzero(codes == code)) for code, name in enumerate(self.names)}


def empty_splits(splits: Splits, options: SplitOptions, tally: Tally) -> list[Issue]:
    """A finding for each declared split that no released article goes to, with the reason."""
    if options.by == "none":
        return []
    return [
        Issue(
            "dataset.yaml",
            field=f"build.splits.into.{name}" if name != REST else "build.splits",
            code="split-empty",
            found=_reason(name, options, tally),
            expected=f"at least one released article in {name}",
        )
        for name, count in splits.counts(_released(tally)).items()
        if count == 0
    ]


def refuse_empty(splits: Splits, options: SplitOptions, tally: Tally) -> None:
    """Refuse splits without rows.

    Raises:
        CorpusError: says why they have none.
    """
    if issues := tuple(empty_splits(splits, options, tally)):
        raise CorpusError(
            f"a split would be empty: {issues[0].found}",
            expected=issues[0].expected,
            hint="change build.splits in dataset.yaml",
            issues=issues,
        )


def _released(tally: Tally) -> RowKeys:
    """The rows of which more than metadata is released."""
    return RowKeys.joined([tally.of_release(release) for release in RELEASED])


def _reason(name: str, options: SplitOptions, tally: Tally) -> str:
    released = _released(tally)
    if not len(released):
        return "no article is released"
    wanted = dict(options.into).get(name)
    if name == REST:
        return "every released article goes to another split"
    if options.by == "time":
        newest = released.dates[1]
        return f"no released article counts from {wanted} on; the newest is dated {newest or 'nowhere'}"
    if options.by == "source":
        read = sum(row.articles for row in tally.license_rows if row.source in (wanted or ()))
        return f"of {', '.join(wanted or ())}, {read} articles were read, and none counts here that is released"
    return f"a share of {wanted} of {len(released)} released articles, copies counted once, is none of them"


def _first_of_group(keys: RowKeys, groups: Sequence[tuple[bytes, bytes]]) -> npt.NDArray[np.int64]:
    """For every place in ``keys`` the first place of its group."""
    clusters = Clusters(len(keys))
    if groups:
        pairs = np.array(groups, "S16")
        order = np.argsort(keys.ids, kind="stable")
        places = np.searchsorted(keys.ids, pairs, sorter=order)
        places = order[np.minimum(places, len(keys) - 1)]
        known = (keys.ids[places] == pairs).all(axis=1)
        clusters.join(places[known, 0], places[known, 1])
    return clusters.first


def _by_time(options: SplitOptions, keys: RowKeys, _sources: npt.NDArray[np.object_]) -> Codes:
    """By the day of publication; what has none is in ``train``."""
    codes = np.zeros(len(keys), np.int8)
    starts = [((date.fromisoformat(day) - _EPOCH).days, code) for code, (_, day) in enumerate(options.into, start=1)]
    for start, code in sorted(starts):
        codes[(keys.days >= start) & keys.dated] = code
    return codes


def _by_source(options: SplitOptions, keys: RowKeys, sources: npt.NDArray[np.object_]) -> Codes:
    codes = np.zeros(len(keys), np.int8)
    for code, (_, names) in enumerate(options.into, start=1):
        codes[np.isin(sources, names)] = code
    return codes


def _by_hash(options: SplitOptions, keys: RowKeys, _sources: npt.NDArray[np.object_]) -> Codes:
    """By a number in [0, 1) made of the id: an article stays where it is, whatever comes or goes beside it."""
    digests = [hashlib.blake2b(bytes(name), digest_size=8, person=b"split").digest() for name in keys.ids.tolist()]
    chances = np.frombuffer(b"".join(digests), ">u8").astype(np.float64) / 2.0**64
    borders = 1 - np.cumsum([share for _, share in reversed(options.into)])[::-1]
    codes: Codes = np.searchsorted(borders, chances, side="right").astype(np.int8)
    return codes


_BY = {"time": _by_time, "source": _by_source, "hash": _by_hash}
