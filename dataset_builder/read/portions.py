"""A corpus in portions: so many files that one worker reads them in some seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dataset_builder.read.context import InputFile
from dataset_builder.read.streams import is_remote

#: A portion has at most so many bytes, unless it is one file.
PORTION_BYTES = 16 * 1024 * 1024
#: And so many files.
PORTION_FILES = 2_000
#: Every worker gets at least so many portions, so that one slow portion does not leave the others idle.
_PORTIONS_A_WORKER = 4
#: A portion of less is not worth the way to a worker.
_LEAST_BYTES = 64 * 1024


@dataclass(frozen=True)
class Portion:
    """Some files of a corpus, next to each other in the order of the corpus.

    Attributes:
        number: its place among the portions, from 0.
    """

    number: int
    files: tuple[InputFile, ...]

    def __str__(self) -> str:
        first, last = self.files[0].locator, self.files[-1].locator
        return first if len(self.files) == 1 else f"{first} to {last} ({len(self.files)} files)"


def size_of(file: InputFile) -> int:
    """The file's size in bytes; 0 for a file that is not here or cannot be asked."""
    try:
        return 0 if is_remote(file.locator) else file.path.stat().st_size
    except OSError:
        return 0


def portions(files: Sequence[InputFile], sizes: Sequence[int], workers: int) -> list[Portion]:
    """``files`` in portions; how they are cut changes no result.

    Args:
        sizes: bytes of each file.
        workers: how many read at once.
    """
    share = sum(sizes) // (workers * _PORTIONS_A_WORKER) if workers > 1 else PORTION_BYTES
    most = min(PORTION_BYTES, max(_LEAST_BYTES, share))
    found: list[Portion] = []
    start, held = 0, 0
    for index, size in enumerate(sizes):
        if index > start and (held + size > most or index - start >= PORTION_FILES):
            found.append(Portion(len(found), tuple(files[start:index])))
            start, held = index, 0
        held += size
    if start < len(files):
        found.append(Portion(len(found), tuple(files[start:])))
    return found
