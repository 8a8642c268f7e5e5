"""What a reader is told about the file that it reads."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path

from dataset_builder.limits import Limits
from dataset_builder.read.fields import Declarations


@dataclass(frozen=True)
class InputFile:
    """One file of the corpus.

    Attributes:
        path: where it is.
        locator: its path below the corpus, in POSIX form, or its fsspec address without what grants access.
        source: the source that its glob names, or ``""``.
        fields: article field -> column, for tables.
        preset: the tool that wrote the table, ``none``, or ``""`` where its columns are to tell it.
        metadata: what a metadata file beside it declares.
        extra: names of the fields that dataset.yaml declares.
        default_source: the source of an article that names none.
        wanted: SHA-256 digests of payloads that are looked for. A table's body is then the column that has one of
            them, whatever it is called.
        limits: how much its bytes may become.
        address: the fsspec address that is opened; empty for a file below the corpus.
    """

    path: Path
    locator: str
    source: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    metadata: Declarations = field(default_factory=Declarations)
    extra: frozenset[str] = frozenset()
    default_source: str = ""
    wanted: Set[str] = frozenset()
    preset: str = ""
    address: str = ""
    limits: Limits = field(default_factory=Limits)

    def settle_source(self, *declared: str | None) -> str:
        """The source of an article: its own word, else the metadata's, the glob's, the default."""
        candidates = (*declared, self.metadata.value("source"), self.source, self.default_source)
        return next((name for name in candidates if name), "")
