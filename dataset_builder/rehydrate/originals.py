"""The folder of originals, read by the readers that a build has, and sorted into found and stray."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dataset_builder.config import Config, Source
from dataset_builder.engines.spool import Spool
from dataset_builder.issues import Issue, Severity
from dataset_builder.progress import BYTES, OnProgress, counted, silent
from dataset_builder.read.context import InputFile
from dataset_builder.read.corpus import Corpus, read_input
from dataset_builder.read.fields import Declarations
from dataset_builder.read.portions import size_of
from dataset_builder.read.record import RawRecord, Rejection, to_batches
from dataset_builder.records import RAW_SCHEMA, Claim, Origin

#: Rows that travel together; the result does not depend on it.
BATCH_ROWS = 256
#: Strays that are kept in memory and compared with what is missing; the others are counted.
MOST_STRAYS = 2_000
#: The source of what is read here; nobody asks for it.
_SOURCE = "originals"

#: Payload digest -> the article's row of the catalog.
Entry = Callable[[str], Mapping[str, Any]]


@dataclass
class Originals:
    """What a folder of originals holds of a snapshot.

    Attributes:
        folder: is read, and nothing else is done to it.
        known: digests of all payloads that the snapshot knows.
        wanted: digests of those whose text it lacks.
        found: digests of payloads that are here.
        strays: originals that the snapshot does not know, the first of them.
        uncompared: how many more there are.
        issues: files that could not be read.
        on_progress: is told how much of the folder has been read.
    """

    folder: Path
    known: Set[str]
    wanted: Set[str]
    extra_fields: tuple[str, ...] = ()
    found: set[str] = field(default_factory=set)
    strays: list[RawRecord] = field(default_factory=list)
    uncompared: int = 0
    issues: list[Issue] = field(default_factory=list)
    on_progress: OnProgress = silent

    def read(self, scratch: Path, entry: Entry) -> Spool:
        """The records of the payloads that are wanted, each once."""
        rows = (record.as_row() for record in self._wanted(entry))
        return Spool.write(scratch / "originals.arrow", RAW_SCHEMA, to_batches(rows, BATCH_ROWS))

    def _wanted(self, entry: Entry) -> Iterator[RawRecord]:
        strays: set[str] = set()
        for file, record in self._records():
            if record.text is None:
                continue
            digest = record.payload_sha256
            if digest in self.known:
                if digest in self.wanted and digest not in self.found:
                    yield _as_extracted(file, record, entry(digest))
                self.found.add(digest)
            elif len(self.strays) == MOST_STRAYS:
                self.uncompared += 1
            elif digest not in strays:
                strays.add(digest)
                self.strays.append(record)

    def _records(self) -> Iterator[tuple[InputFile, RawRecord]]:
        config = Config(self.folder, sources=(Source(_SOURCE),), extra_fields=self.extra_fields)
        corpus = Corpus.open(config)
        self.issues += [issue for issue in corpus.issues if issue.severity is not Severity.ERROR]
        for rejected in corpus.refused:
            self._unreadable(rejected)
        sizes = {file.path: size_of(file) for file in corpus.files}
        total = sum(sizes.values())
        files = counted(corpus.files, "read", self.on_progress, size=lambda it: sizes[it.path], total=total, unit=BYTES)
        for file in files:
            sought = replace(file, wanted=self.known)
            for item in read_input(sought):
                if isinstance(item, Rejection):
                    self._unreadable(item)
                else:
                    yield sought, item

    def _unreadable(self, rejected: Rejection) -> None:
        """A file that a build would reject is no error here: the article that it may be is reported as missing."""
        issue = rejected.issue
        found = f"{issue.code}: {issue.found}"
        self.issues.append(Issue(issue.path, issue.line, issue.row, code="original-unreadable", found=found))


def _as_extracted(file: InputFile, record: RawRecord, entry: Mapping[str, Any]) -> RawRecord:
    """``record``, read again with the address that the catalog has where the extraction is another than recorded.

    What is extracted from a page may depend on its address, which may have stood in a metadata file beside it.
    """
    recorded = entry["provenance"]["extraction_sha256"]
    if recorded in (None, record.extraction_sha256) or not entry["url"] or "#" in record.locator:
        return record
    told = Declarations((Claim("url", entry["url"], Origin.DECLARED, "catalog"),))
    again = [item for item in read_input(replace(file, metadata=told)) if isinstance(item, RawRecord)]
    return next((item for item in again if item.extraction_sha256 == recorded), record)


def titles_of(record: RawRecord) -> list[str]:
    """What the original is called, by whoever says so."""
    return [" ".join(claim.value.split()) for claim in record.claims if claim.field == "title"]


def addresses_of(record: RawRecord) -> list[str]:
    """The addresses that the original is known to have."""
    claimed = [claim.value for claim in record.claims if claim.field in ("url", "canonical_url")]
    return [*claimed, *([record.url] if record.url else [])]
