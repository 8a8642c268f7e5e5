"""Read one portion of the corpus into a spool."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataset_builder.engines.spool import Spool
from dataset_builder.engines.storage import joined
from dataset_builder.issues import Issue
from dataset_builder.read.corpus import check_source, read_input
from dataset_builder.read.portions import Portion
from dataset_builder.read.record import RawRecord, Rejection, batch_of
from dataset_builder.records import RAW_SCHEMA

#: Rows that travel together through the stages; the result does not depend on it.
BATCH_ROWS = 256
#: And so many characters of text, but for the last article: a worker holds some of such batches at once.
BATCH_CHARACTERS = 4 * 1024 * 1024


@dataclass(frozen=True)
class ReadPortion:
    """What reading one portion came to.

    Attributes:
        spool: its records.
        digests: their ids, sixteen bytes each.
        rejections: one finding for each article that could not be read.
    """

    spool: Spool
    digests: npt.NDArray[np.bytes_]
    rejections: tuple[Issue, ...]


@dataclass(frozen=True)
class Reading:
    """Reads portions, each into a file of its own.

    Attributes:
        sources: the names of the declared sources.
        folder: where the files go.
    """

    sources: frozenset[str]
    folder: str | Path

    def __call__(self, portion: Portion) -> ReadPortion:
        """The records of one portion, and what was wrong with the others."""
        digests: list[str] = []
        rejections: list[Issue] = []

        def batches() -> Iterator[pa.RecordBatch]:
            for records in _bundles(self._accepted(portion, rejections)):
                digests.extend(record.id for record in records)
                yield batch_of(records)

        spool = Spool.write(joined(self.folder, f"raw-{portion.number:06d}.arrow"), RAW_SCHEMA, batches())
        ids = np.frombuffer(bytes.fromhex("".join(digests)), "S16")
        return ReadPortion(spool, ids, tuple(rejections))

    def _accepted(self, portion: Portion, rejections: list[Issue]) -> Iterator[RawRecord]:
        for file in portion.files:
            for item in read_input(file):
                checked = item if isinstance(item, Rejection) else check_source(item, self.sources)
                if isinstance(checked, Rejection):
                    rejections.append(checked.issue)
                else:
                    yield checked


def _bundles(records: Iterable[RawRecord]) -> Iterator[list[RawRecord]]:
    bundle: list[RawRecord] = []
    characters = 0
    for record in records:
        bundle.append(record)
        characters += len(record.text or "")
        if len(bundle) == BATCH_ROWS or characters >= BATCH_CHARACTERS:
            yield bundle
            bundle, characters = [], 0
    if bundle:
        yield bundle
