"""Clusters from links: sets of rows that are connected, directly or by others."""

from __future__ import annotations

import numpy as np

from dataset_builder.spelling import Indices


class Clusters:
    """A partition of the rows, at first one cluster a row.

    Attributes:
        first: for every row the smallest row of its cluster.
    """

    def __init__(self, rows: int) -> None:
        self.first: Indices = np.arange(rows)

    def apart(self, left: Indices, right: Indices) -> tuple[Indices, Indices]:
        """The pairs ``left[n], right[n]`` whose rows are not yet in one cluster."""
        open_pairs = self.first[left] != self.first[right]
        return left[open_pairs], right[open_pairs]

    def join(self, left: Indices, right: Indices) -> None:
        """Put the rows ``left[n]`` and ``right[n]`` into one cluster, for every n.

        Each round hooks the larger root of a pair to the smallest root that it is paired with, and shortens all ways
        to one step (Shiloach and Vishkin 1982); rounds grow with the logarithm of the longest chain.
        """
        while True:
            left, right = self.apart(left, right)
            if not len(left):
                return
            one, other = self.first[left], self.first[right]
            np.minimum.at(self.first, np.maximum(one, other), np.minimum(one, other))
            while not np.array_equal(shorter := self.first[self.first], self.first):
                self.first = shorter
