"""The tree against the test vectors of Certificate Transparency, and every path of every small tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataset_builder.snapshot.merkle import MerkleTree, is_included, root_of

#: Entries and heads of the reference tree that implementations of RFC 6962 share (the RFC's successor hashes alike).
ENTRIES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
HEADS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize(("size", "head"), HEADS.items())
def test_the_heads_of_the_reference_tree(size: int, head: str) -> None:
    assert MerkleTree(ENTRIES[:size]).root.hex() == head
    assert root_of(iter(ENTRIES[:size])).hex() == head


@pytest.mark.parametrize("size", range(1, 35))
def test_every_leaf_has_a_path_and_it_holds_nowhere_else(size: int) -> None:
    entries = [bytes([number]) for number in range(size)]
    tree = MerkleTree(entries)
    assert root_of(entries) == tree.root
    for index, entry in enumerate(entries):
        path = tree.path(index)
        held = [place for place in range(size) if is_included(entry, place, size, path, tree.root)]
        assert held == [index]
        assert not is_included(b"other", index, size, path, tree.root)
        assert not is_included(entry, index, size, [*path, tree.root], tree.root)


def test_a_node_does_not_pass_for_a_leaf() -> None:
    tree = MerkleTree(ENTRIES[:4])
    node = b"".join(tree.levels[0][:2])
    assert not is_included(node, 0, 2, [tree.levels[1][1]], tree.root)


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=300), st.data())
def test_a_path_is_as_long_as_the_tree_is_deep(entries: list[bytes], data: st.DataObject) -> None:
    tree = MerkleTree(entries)
    index = data.draw(st.integers(0, len(entries) - 1))
    path = tree.path(index)
    assert len(path) <= (len(entries) - 1).bit_length()
    assert is_included(entries[index], index, len(entries), path, tree.root)
    assert not is_included(entries[index], len(entries), len(entries), path, tree.root)
