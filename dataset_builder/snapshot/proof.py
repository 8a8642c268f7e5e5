"""Proof that an article was in a snapshot, which whoever has the snapshot's Merkle root can check without the rest."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dataset_builder.errors import SnapshotError, UsageError
from dataset_builder.progress import OnProgress, Watch, silent
from dataset_builder.snapshot.manifest import read_manifest
from dataset_builder.snapshot.merkle import is_included
from dataset_builder.snapshot.row_digests import kept_digests, row_digests, row_entry, tree_of
from dataset_builder.snapshot.row_json import row_texts
from dataset_builder.snapshot.withdrawn_check import TOMBSTONES, read_tombstones
from dataset_builder.sound_shard import sound_shard
from dataset_builder.visible import one_line

FORMAT = "news-dataset-proof/1"
#: An article's identifier, or enough of its beginning to tell it from the others.
_REFERENCE = re.compile(r"[0-9a-f]{4,32}")


@dataclass(frozen=True)
class Proof:
    """The inclusion proof of one row of the catalog (RFC 9162, section 2.1.3).

    Attributes:
        id: the article.
        name, version, identity: of the snapshot.
        merkle_root: as its manifest states it, 64 hexadecimal digits.
        tree_size: how many articles the snapshot has.
        leaf_index: which of them this is, by id, from 0.
        row: the catalog's row as canonical JSON; None where it was erased and only its digest was kept.
        row_sha256: the digest of ``row``: the entry of the tree.
        path: the hashes from the leaf to the root, in hexadecimal digits.
    """

    id: str
    name: str
    version: str
    identity: str
    merkle_root: str
    tree_size: int
    leaf_index: int
    row: str | None
    row_sha256: str
    path: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the row leads to the root."""
        entry = bytes.fromhex(self.row_sha256)
        if self.row is not None and (row_entry(self.row) != entry or json.loads(self.row)["id"] != self.id):
            return False
        path = [bytes.fromhex(step) for step in self.path]
        return is_included(entry, self.leaf_index, self.tree_size, path, bytes.fromhex(self.merkle_root))

    def as_dict(self) -> dict[str, Any]:
        """The proof as one JSON object."""
        return {"format": FORMAT, **asdict(self), "path": list(self.path)}


def prove(root: Path, reference: str, *, on_progress: OnProgress = silent) -> Proof:
    """The proof for an article of the snapshot at ``root``; ``reference`` is its id or the beginning of it.

    Args:
        on_progress: is told how many rows of the catalog have been digested.

    Raises:
        UsageError: ``reference`` is no id, or several articles begin with it.
        SnapshotError: no article of this snapshot has it, the catalog cannot be read or does not lead to the root.
    """
    if not _REFERENCE.fullmatch(reference):
        raise UsageError(
            f"the article {one_line(reference, 60)!r}",
            expected="an identifier of 32 hexadecimal digits, or at least its first four",
            hint="the column id of the table catalog has them",
        )
    manifest = read_manifest(root)
    try:
        proof = _prove(root, manifest, reference, Watch("prove", on_progress))
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as error:
        shown = one_line(f"{type(error).__name__}: {error}")
        raise SnapshotError(
            f"the catalog cannot be read: {shown}", hint="build-dataset verify SNAPSHOT", place=str(root)
        ) from None
    if not proof.holds:
        raise SnapshotError(
            f"the row of {proof.id} does not lead to the Merkle root",
            expected=proof.merkle_root,
            hint="build-dataset verify SNAPSHOT says what has changed",
            place=str(root),
        )
    return proof


def catalog_shards(manifest: dict[str, Any]) -> list[str]:
    """The catalog's files, as the manifest lists them."""
    paths = [entry["path"] for entry in manifest["files"]]
    return [path for path in paths if path.startswith("catalog/") and path.endswith(".parquet") and ".." not in path]


def _prove(root: Path, manifest: dict[str, Any], reference: str, watch: Watch) -> Proof:
    shards = catalog_shards(manifest)
    for path in shards:
        sound_shard(root, path)
    tombstones = read_tombstones(root)
    digests = row_digests(root, shards, kept_digests(tombstones), watch)
    index = _index_of(digests.column("id"), reference, root, tombstones)
    article = digests.column("id")[index].as_py()
    tree = tree_of(digests)
    return Proof(
        id=article,
        name=str(manifest["name"]),
        version=str(manifest["version"]),
        identity=str(manifest["identity"]),
        merkle_root=str(manifest["merkle_root"]),
        tree_size=tree.size,
        leaf_index=index,
        row=_row(root, shards, article),
        row_sha256=digests.column("entry")[index].as_py().hex(),
        path=tuple(step.hex() for step in tree.path(index)),
    )


def _index_of(ids: pa.ChunkedArray, reference: str, root: Path, tombstones: dict[str, dict[str, Any]]) -> int:
    found = pc.indices_nonzero(pc.starts_with(ids, reference))
    if len(found) == 1:
        return int(found[0].as_py())
    if len(found):
        raise UsageError(
            f"{len(found)} articles in {root} with an identifier that begins with {reference}",
            expected="the identifier of one article",
            hint="give more of its digits",
        )
    gone = [entry for article, entry in tombstones.items() if article.startswith(reference)]
    told = f"; it was withdrawn: {one_line(str(gone[0].get('reason', '')))}" if len(gone) == 1 else ""
    raise SnapshotError(
        f"no article with the id {reference} is in this snapshot{told}",
        hint=f"see {TOMBSTONES} for the versions that held it" if told else "the column id of the catalog has them",
        place=str(root),
    )


def _row(root: Path, shards: list[str], article: str) -> str | None:
    for path in shards:
        table = pq.read_table(root / path, filters=[("id", "=", article)], partitioning=None)
        for batch in table.combine_chunks().to_batches():
            if batch.num_rows:
                return row_texts(batch)[0]
    return None
