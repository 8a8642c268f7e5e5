"""Which articles are in both snapshots, and which of their fields differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.comparison.cells import differing, shown
from dataset_builder.comparison.difference import Changed, FieldCount, Transition, ValueChange
from dataset_builder.comparison.shards import ID, Ids, Side, unpacked
from dataset_builder.progress import OnProgress, Watch, silent

Rows = np.ndarray[Any, np.dtype[np.int64]]
#: Fields with few values, whose changes are counted by value.
COUNTED = ("release", "license", "rights_class", "decision_rule", "status", "source", "language")
NOTHING = "nothing"


@dataclass(frozen=True)
class Match:
    """Rows of both sides by what they have in common: ``old[i]`` and ``new[i]`` are one article."""

    added: Rows
    removed: Rows
    old: Rows
    new: Rows

    @classmethod
    def of(cls, old: Ids, new: Ids) -> Match:
        """The match of two sides' ids."""
        order = np.argsort(old, kind="stable")
        place = np.searchsorted(old, new, sorter=order)
        hit = np.zeros(len(new), np.bool_)
        inside = place < len(old)
        hit[inside] = old[order[place[inside]]] == new[inside]
        matched = order[place[hit]]
        gone = np.ones(len(old), np.bool_)
        gone[matched] = False
        return cls(np.flatnonzero(~hit), np.flatnonzero(gone), matched, np.flatnonzero(hit))

    def pairs(self, old: Side, new: Side) -> Iterator[tuple[int, int, Rows, Rows]]:
        """(group of old, group of new, rows of old, rows of new) for every two groups with articles in common."""
        groups = np.stack([new.group_of(self.new), old.group_of(self.old)])
        order = np.lexsort((self.new, groups[1], groups[0]))
        if not len(order):
            return
        ordered = groups[:, order]
        cuts = np.flatnonzero((ordered[:, 1:] != ordered[:, :-1]).any(axis=0)) + 1
        for part in np.split(order, cuts):
            yield int(groups[1, part[0]]), int(groups[0, part[0]]), self.old[part], self.new[part]


@dataclass
class Tally:
    """The differences of many articles, counted; the first ``limit`` of them with their values.

    Attributes:
        universe: the ids that may differ, sorted.
    """

    universe: Ids
    limit: int
    marks: dict[str, np.ndarray[Any, np.dtype[np.bool_]]] = field(default_factory=dict)
    moves: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    examples: dict[bytes, dict[str, ValueChange]] = field(default_factory=dict)
    titles: dict[bytes, str] = field(default_factory=dict)

    def compare(
        self, old: Side, new: Side, fields: tuple[tuple[str, ...], ...], on_progress: OnProgress = silent
    ) -> None:
        """Compare the articles that both sides have in the fields that are given as paths of names.

        One column of two row groups is held at a time.
        """
        pairs = list(Match.of(old.ids, new.ids).pairs(old, new))
        names = list(dict.fromkeys(path[0] for path in fields))
        watch = Watch("compare", on_progress, len(names) * sum(len(rows) for *_, rows in pairs), "cells")
        for name in names:
            paths = [path for path in fields if path[0] == name]
            for before, after, old_rows, new_rows in pairs:
                columns = old.take(before, old_rows, (name,)), new.take(after, new_rows, (name,))
                for path in paths:
                    self._compare(new.ids[new_rows], path, *(_column(table, path) for table in columns))
                watch.add(len(new_rows))
        self._name(new)
        old.release()
        new.release()

    def _compare(self, ids: Ids, path: tuple[str, ...], old: pa.Array, new: pa.Array) -> None:
        found = np.flatnonzero(differing(old, new))
        if not len(found):
            return
        name = ".".join(path)
        marks = self.marks.setdefault(name, np.zeros(len(self.universe), np.bool_))
        marks[np.searchsorted(self.universe, ids[found])] = True
        if name in COUNTED:
            values = (column.take(pa.array(found)).to_pylist() for column in (old, new))
            self.moves.update(
                (name, before or NOTHING, after or NOTHING) for before, after in zip(*values, strict=True)
            )
        if len(self.examples) >= self.limit > 0:  # the list is full: only what is in it is told further
            found = found[np.isin(ids[found], np.array(list(self.examples), ID))]
        for row in found:
            article = bytes(ids[row])
            if article not in self.examples and len(self.examples) >= self.limit > 0:
                continue
            self.examples.setdefault(article, {})
            change = ValueChange(name, shown(old[int(row)].as_py()), shown(new[int(row)].as_py()))
            self.examples[article].setdefault(name, change)

    def _name(self, new: Side) -> None:
        """Look up the titles of the articles that are listed."""
        rows = np.flatnonzero(np.isin(new.ids, np.array(list(self.examples), ID)))
        groups = new.group_of(rows)
        for number in np.unique(groups):
            chosen = rows[groups == number]
            titles = new.take(int(number), chosen, ("title",)).column("title").to_pylist()
            self.titles |= {bytes(new.ids[row]): title or "" for row, title in zip(chosen, titles, strict=True)}

    @property
    def changed(self) -> int:
        """Articles that differ in any field."""
        together = np.zeros(len(self.universe), np.bool_)
        for marks in self.marks.values():
            together |= marks
        return int(together.sum())

    def fields(self) -> tuple[FieldCount, ...]:
        """Fields by the number of articles in which they differ, most first."""
        counts = [FieldCount(name, int(marks.sum())) for name, marks in self.marks.items()]
        return tuple(sorted(counts, key=lambda entry: (-entry.articles, entry.field)))

    def transitions(self) -> tuple[Transition, ...]:
        """Values before and after, by field, most first."""
        made = [Transition(*key, articles=count) for key, count in self.moves.items()]
        return tuple(
            sorted(made, key=lambda entry: (COUNTED.index(entry.field), -entry.articles, entry.old, entry.new))
        )

    def listed(self) -> tuple[Changed, ...]:
        """The articles with their values, in the order in which they were met: by month, then by id within it."""
        return tuple(
            Changed(unpacked(article), self.titles.get(article, ""), tuple(changes.values()))
            for article, changes in self.examples.items()
        )


def _column(table: pa.Table, path: tuple[str, ...]) -> pa.Array:
    column = table.column(path[0])
    array = column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)
    for name in path[1:]:
        array = pc.struct_field(array, name)
    return array
