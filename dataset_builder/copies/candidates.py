"""Pairs that are worth measuring: texts that share a key (a band or an anchor), in linear time whatever they share."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from dataset_builder.copies.signature import Keys
from dataset_builder.spelling import Indices

#: Neighbours within a group of sharers that each member is paired with, besides the group's first member. All pairs of
#: groups up to this size plus two; of a larger group (a boilerplate sentence in thousands of articles) a net in which
#: copies of each other are still linked: they are neighbours under some other key.
NEIGHBOURS = 6


#: Row numbers below 2**32.
Places = npt.NDArray[np.uint32]


def sharing(keys: Keys, members: Places) -> Iterator[tuple[Indices, Indices]]:
    """Pairs (smaller, larger) of ``members`` that have the same key, in blocks; a pair may come more than once.

    Args:
        keys: one key a member, in any order.
        members: whose keys they are.
    """
    both = keys.astype(np.uint64)
    both <<= np.uint64(32)
    both |= members
    both.sort()
    keys, rows = (both >> np.uint64(32)).astype(np.uint32), both.astype(np.uint32).astype(np.int64)
    for distance in range(1, NEIGHBOURS + 1):
        near = np.flatnonzero(keys[distance:] == keys[:-distance])
        if not len(near):
            return
        yield rows[near], rows[near + distance]
    begins = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    first = np.repeat(begins, np.diff(np.append(begins, len(keys))))
    far = np.flatnonzero(np.arange(len(keys)) - first > NEIGHBOURS)
    yield rows[first[far]], rows[far]
