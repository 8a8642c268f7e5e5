"""A Merkle tree as RFC 9162 (Certificate Transparency 2.0), section 2.1, defines it, over SHA-256.

A leaf's hash is that of a zero byte and its entry, a node's that of a one byte and its two children, so that nobody can
pass a node off as a leaf. Here an entry is the digest of a row, 32 bytes (:mod:`dataset_builder.snapshot.row_digests`).
Why this is not a library: docs/decisions/merkle-root.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

_LEAF, _NODE = b"\x00", b"\x01"


class MerkleTree:
    """The tree over some entries, in their order.

    Attributes:
        levels: hashes from the leaves up to the root; the last of an odd number goes up as it is, which gives the same
            tree as the RFC's split at the largest power of two.
    """

    def __init__(self, entries: Iterable[bytes]) -> None:
        level = [leaf_hash(entry) for entry in entries]
        self.levels = [level]
        while len(level) > 1:
            paired = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
            level = paired + level[len(level) & ~1 :]
            self.levels.append(level)

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self.levels[0])

    @property
    def root(self) -> bytes:
        """The tree's head; of an empty tree the hash of nothing (section 2.1.1)."""
        return self.levels[-1][0] if self.size else sha256().digest()

    def path(self, index: int) -> list[bytes]:
        """The inclusion path of the leaf at ``index``: the hashes that lead from it to the root (section 2.1.3.1)."""
        steps: list[bytes] = []
        for level in self.levels[:-1]:
            if (sibling := index ^ 1) < len(level):
                steps.append(level[sibling])
            index >>= 1
        return steps


def root_of(entries: Iterable[bytes]) -> bytes:
    """The root alone of the tree over ``entries``, which are read once and not kept.

    What is held are the heads of the whole subtrees so far, largest first: as many as the count has binary ones.
    """
    heads: list[tuple[int, bytes]] = []
    for entry in entries:
        size, head = 1, leaf_hash(entry)
        while heads and heads[-1][0] == size:
            head = node_hash(heads.pop()[1], head)
            size *= 2
        heads.append((size, head))
    if not heads:
        return sha256().digest()
    _, root = heads.pop()
    while heads:
        root = node_hash(heads.pop()[1], root)
    return root


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(_LEAF + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return sha256(_NODE + left + right).digest()


def is_included(entry: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether ``entry`` is the leaf at ``index`` of the tree of ``size`` leaves with this root (section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last = leaf_hash(entry), size - 1
    for other in path:
        if last == 0:
            return False
        if index & 1 or index == last:
            here = node_hash(other, here)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            here = node_hash(here, other)
        index, last = index >> 1, last >> 1
    return last == 0 and here == root
