"""The last gate before a snapshot is sealed: no emitted byte holds a run of eight words of a withheld body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.compute as pc

from dataset_builder.engines.spool import Spool
from dataset_builder.errors import CorpusError
from dataset_builder.issues import Issue
from dataset_builder.partial.excerpt import excerpt_end
from dataset_builder.release_options import ExcerptLimit
from dataset_builder.snapshot.leak_scan import scan
from dataset_builder.snapshot.pack import EXCERPT, FULL


@dataclass(frozen=True)
class Texts:
    """(id, text) of what is released or of what is withheld, read anew each time.

    Of an article that is released as an excerpt, the excerpt is released and the whole body is withheld.
    """

    spool: Spool
    released: bool
    excerpt: ExcerptLimit = field(default_factory=ExcerptLimit)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for batch in self.spool.read():
            releases = batch.column("release").to_pylist()
            chosen = [row for row, release in enumerate(releases) if self._holds(release)]
            for row in batch.select(["id", "release", "withheld_text"]).take(chosen).to_pylist() if chosen else ():
                text = row["withheld_text"]
                if text is not None and self.released and row["release"] == EXCERPT:
                    text = text[: excerpt_end(text, self.excerpt)]
                if text is not None:
                    yield row["id"], text

    def _holds(self, release: str) -> bool:
        return release in (FULL, EXCERPT) if self.released else release != FULL


#: A notice of rights may stand at the end of a body and in the metadata as well; a longer one is text, not a notice.
NOTICE_WORDS = 12
_NOTICES = ("rights_statement", "usage_terms", "copyright_notice", "attribution")


@dataclass(frozen=True)
class PublicWords:
    """Titles, date words and short notices of rights, which the metadata of a withheld article may show."""

    spool: Spool

    def __iter__(self) -> Iterator[str]:
        for batch in self.spool.read():
            for name in ("title", "date_text"):
                yield from pc.drop_null(batch.column(name)).to_pylist()
            for name in _NOTICES:
                notices = pc.drop_null(batch.column(name)).to_pylist()
                yield from (notice for notice in notices if len(notice.split()) <= NOTICE_WORDS)


def refuse_leaks(snapshot: Path, articles: Spool, excerpt: ExcerptLimit | None = None) -> None:
    """Scan every file below ``snapshot``.

    Args:
        excerpt: how much of a text its excerpt holds; the default where None.

    Raises:
        CorpusError: withheld words stand in a file; ``issues`` names the files and the articles, not the words.
    """
    released = Texts(articles, True, excerpt or ExcerptLimit())
    leaks = scan(snapshot, Texts(articles, False), released, public=PublicWords(articles))
    if not leaks:
        return
    issues = tuple(
        Issue(leak.path, field=leak.place, code="withheld-text-leaked", found=f"{leak.runs} runs of {leak.article}")
        for leak in leaks
    )
    raise CorpusError(
        f"withheld text of {len({leak.article for leak in leaks})} articles stands in {issues[0].path}",
        expected="no run of eight words of a withheld body in any file",
        hint="look at the articles named: is a withheld text also part of a field, such as a summary or a statement?",
        issues=issues,
    )
