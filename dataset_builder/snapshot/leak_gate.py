"""The last gate before a snapshot is sealed: no emitted byte holds a run of eight words of a withheld body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc

from dataset_builder.errors import CorpusError
from dataset_builder.issues import Issue
from dataset_builder.snapshot.leak_scan import scan
from dataset_builder.snapshot.tally import WITH_TEXT, Articles


@dataclass(frozen=True)
class Texts:
    """(id, cleaned body) of the released or of the withheld articles, read anew each time."""

    spool: Articles
    released: bool

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for batch in self.spool.read():
            releases = batch.column("release").to_pylist()
            chosen = [row for row, release in enumerate(releases) if (release in WITH_TEXT) is self.released]
            rows = batch.select(["id", "withheld_text"]).take(chosen) if chosen else batch.slice(0, 0)
            for article, text in zip(
                rows.column("id").to_pylist(), rows.column("withheld_text").to_pylist(), strict=True
            ):
                if text is not None:
                    yield article, text


#: A notice of rights may stand at the end of a body and in the metadata as well; a longer one is text, not a notice.
NOTICE_WORDS = 12
_NOTICES = ("rights_statement", "usage_terms", "copyright_notice", "attribution")


@dataclass(frozen=True)
class PublicWords:
    """Titles, date words and short notices of rights, which the metadata of a withheld article may show."""

    spool: Articles

    def __iter__(self) -> Iterator[str]:
        for batch in self.spool.read():
            for name in ("title", "date_text"):
                yield from pc.drop_null(batch.column(name)).to_pylist()
            for name in _NOTICES:
                notices = pc.drop_null(batch.column(name)).to_pylist()
                yield from (notice for notice in notices if len(notice.split()) <= NOTICE_WORDS)


def refuse_leaks(snapshot: Path, articles: Articles) -> None:
    """Scan every file below ``snapshot``.

    Raises:
        CorpusError: withheld words stand in a file; ``issues`` names the files and the articles, not the words.
    """
    leaks = scan(
        snapshot, Texts(articles, released=False), Texts(articles, released=True), public=PublicWords(articles)
    )
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
