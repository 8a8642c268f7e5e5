"""Places that keep versions side by side: what is asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from dataset_builder.progress import OnProgress, silent
from dataset_builder.publish.release import ReleaseFile


@dataclass(frozen=True)
class Stored:
    """One thing that is kept, so that it can be deleted for good.

    Attributes:
        path: below the target.
        generation: which of those that are kept under this path, where the place keeps several; else ``""``.
        marker: whether it only says that the path was deleted.
    """

    path: str
    bytes: int
    generation: str = ""
    marker: bool = False


class Store(Protocol):
    """Files by path below a target; a path is never overwritten, but for the pointer."""

    @property
    def address(self) -> str:
        """As the caller wrote it."""

    def missing_gate(self) -> str:
        """Why a restricted snapshot may not go here; ``""`` where a gate is."""

    def alone(self, *, make: bool) -> AbstractContextManager[bool]:
        """Keep others from writing there meanwhile; False where the place cannot.

        Args:
            make: whether a place that is not there is made.

        Raises:
            OutsideError: another publish or purge is under way.
        """

    def leftovers(self) -> list[Stored]:
        """Files of copies that are under way, or were left by who was killed; never a part of a version."""

    def sweep(self) -> None:
        """Delete the leftovers; only for who is alone."""

    def listing(self, below: str) -> dict[str, int]:
        """Path below the folder ``below`` -> bytes; empty where there is none."""

    def peek(self, path: str, most: int) -> bytes | None:
        """The first ``most`` bytes of a file; None where there is none."""

    def open(self, path: str, generation: str = "") -> AbstractContextManager[BinaryIO]:
        """A file as a stream; without a generation, the one that readers get.

        Raises:
            OutsideError: it cannot be read.
        """

    def add_version(self, folder: str, files: Sequence[ReleaseFile], on_progress: OnProgress = silent) -> None:
        """Write ``files`` below ``folder``, the last of them last; what is there already with the same content stays.

        Raises:
            UsageError: another content is there.
            OutsideError: a fault on the way; what has arrived stays, or nothing does.
        """

    def replace(self, path: str, content: bytes, before: bytes | None) -> None:
        """Write a small file over what ``before`` was read from it; None: there was none.

        Raises:
            OutsideError: somebody else wrote it in between.
        """

    def generations(self) -> list[Stored]:
        """All that is kept, deleted and overwritten generations included, sorted by path."""

    def erase(self, things: Iterable[Stored]) -> None:
        """Delete for good."""

    def load_line(self, pattern: str) -> str:
        """The line of Python that loads the Parquet files of ``pattern``."""
