"""What a purge would delete: shards of earlier versions with rows of withdrawn articles.

A shard goes whole, so that the version it belongs to is no longer complete: its manifest and its identity stay, and the
newer version holds the other articles. The newest version is never touched; it must be without them already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dataset_builder.errors import UsageError
from dataset_builder.parquet_bounds import grows_beyond
from dataset_builder.progress import OnProgress, silent
from dataset_builder.publish.address import Address, HubAddress

#: Table -> the column that says which article a row is about.
ARTICLE_COLUMNS = {"articles": "id", "excerpts": "id", "features": "id", "catalog": "id", "entities": "article_id"}

#: The beginning of a SHA-256, as every article has it.
_ID = "^[0-9a-f]{32}$"


@dataclass(frozen=True, order=True)
class Doomed:
    """One shard that goes: the version it belongs to, its path below that version, its size in bytes."""

    version: str
    path: str
    bytes: int


@dataclass(frozen=True)
class Purge:
    """What would be deleted at a target.

    Attributes:
        shards: sorted; none where nothing there is about the articles.
        unread: shards that cannot be read, which may be about them; they stay, and are to be deleted by hand.
        notes: what else would happen, one sentence each.
    """

    target: str
    articles: tuple[str, ...]
    shards: tuple[Doomed, ...]
    notes: tuple[str, ...] = ()
    unread: tuple[Doomed, ...] = ()


class Purger(Protocol):
    """A target that can delete for good."""

    def plan(self, articles: Iterable[str], on_progress: OnProgress = silent) -> Purge:
        """What would be deleted; nothing is.

        Raises:
            UsageError: the newest version still holds one of the articles, or which one is the newest is not known.
            OutsideError: the target cannot be reached, or a publish is under way there.
        """

    def carry_out(self, purge: Purge, on_progress: OnProgress = silent) -> None:
        """Delete, then look whether it is gone.

        Raises:
            UsageError: the newest version holds one of the articles by now.
            OutsideError: it is not gone.
        """


@contextmanager
def open_purger(address: Address) -> Iterator[Purger]:
    """What can purge the target at ``address``."""
    opened: AbstractContextManager[Purger]
    if isinstance(address, HubAddress):
        from dataset_builder.publish.purge.hub import hub_purger

        opened = hub_purger(address)
    else:
        from dataset_builder.publish.purge.versioned import versioned_purger

        opened = versioned_purger(address)
    with opened as purger:
        yield purger


def is_shard(path: str) -> bool:
    """Whether a path below a version may hold rows about an article."""
    parts = PurePosixPath(path).parts
    return path.endswith(".parquet") and len(parts) > 1 and parts[0] in ARTICLE_COLUMNS


def holds_any(shard: Path, path: str, articles: Iterable[str]) -> bool | None:
    """Whether the Parquet file ``shard``, published as ``path``, has a row about one of ``articles``.

    None where it cannot be told: it is damaged, grows beyond bounds, or holds no ids where they should be.
    """
    column = ARTICLE_COLUMNS[PurePosixPath(path).parts[0]]
    try:
        if grows_beyond(shard):
            return None
        ids = pq.read_table(shard, columns=[column], partitioning=None).column(column).cast(pa.string())
        sound = pc.all(pc.fill_null(pc.match_substring_regex(ids, _ID), fill_value=False), min_count=0).as_py()
    except (pa.ArrowException, OSError, KeyError, ValueError):
        return None
    return bool(pc.any(pc.is_in(ids, value_set=pa.array(sorted(articles), pa.string()))).as_py()) if sound else None


def still_current(target: str, newest: str, paths: Iterable[str]) -> UsageError:
    """The error that the newest version holds what is to go."""
    return UsageError(
        f"the newest version, {newest}, still holds the articles: {', '.join(sorted(paths)[:3])}",
        expected="a newest version without them",
        hint="raise version in dataset.yaml, build, publish, and then purge the versions before",
        place=target,
    )
