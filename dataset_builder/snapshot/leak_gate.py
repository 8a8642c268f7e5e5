"""The last gate before a snapshot is sealed: no emitted byte holds a run of eight words of a withheld body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.errors import CorpusError
from dataset_builder.issues import Issue
from dataset_builder.partial.excerpt import excerpt_end
from dataset_builder.progress import OnProgress, silent
from dataset_builder.release_options import ExcerptLimit
from dataset_builder.rights.reading import UNKNOWN, read_license
from dataset_builder.snapshot.emitted_text import readings
from dataset_builder.snapshot.leak_scan import Bodies, scan
from dataset_builder.snapshot.leak_words import words_of
from dataset_builder.snapshot.tally import EXCERPT, FULL, Articles


@dataclass(frozen=True)
class Texts:
    """The cleaned bodies of the released or of the withheld articles, read anew each time."""

    spool: Articles
    released: bool

    def __iter__(self) -> Iterator[Bodies]:
        for batch in self.spool.read():
            with_text = pc.fill_null(pc.is_in(batch.column("release"), pa.array([FULL])), False)
            chosen = with_text if self.released else pc.invert(with_text)
            rows = batch.select(["id", "withheld_text", "body_sha256"])
            rows = rows.filter(pc.and_(chosen, pc.is_valid(batch.column("withheld_text"))))
            if rows.num_rows:
                yield Bodies(rows.column("id"), rows.column("withheld_text"), rows.column("body_sha256"))


#: A notice of rights may stand at the end of a body and in the metadata as well; a longer one is text, not a notice.
NOTICE_WORDS = 12
#: The longest headlines of newspapers have some forty words; where more stand in a title, they are the text.
TITLE_WORDS = 40
_NOTICES = ("rights_statement", "usage_terms", "copyright_notice", "attribution")


@dataclass(frozen=True)
class PublicWords:
    """Titles, date words and notices of rights, which the metadata of a withheld article may show.

    A notice counts if it is short and every word of it is understood as one (:func:`read_license`): a sentence of the
    story that somebody has put into the field is none, however short. A title counts if it is no longer than one.
    """

    spool: Articles
    excerpt: ExcerptLimit = field(default_factory=ExcerptLimit)

    def __iter__(self) -> Iterator[pa.Array]:
        for shown in self._shown():
            yield shown
            yield pa.array(readings(shown), pa.string())  # where they are emitted, they are read so as well

    def _shown(self) -> Iterator[pa.Array]:
        for batch in self.spool.read():
            yield self._excerpts(batch)
            yield from (_short(batch.column(name).drop_null()) for name in ("title", "date_text"))
            said = {notice for name in _NOTICES for notice in batch.column(name).drop_null().unique().to_pylist()}
            yield pa.array(sorted(filter(_is_notice, said)), pa.string())

    def _excerpts(self, batch: pa.RecordBatch) -> pa.Array:
        """The first words of the articles that are released as excerpts; the rest of their bodies stays withheld."""
        chosen = pc.fill_null(pc.equal(batch.column("release"), EXCERPT), False)
        texts = batch.column("withheld_text").filter(chosen).drop_null().to_pylist()
        return pa.array([text[: excerpt_end(text, self.excerpt)] for text in texts], pa.string())


def _short(texts: pa.Array) -> pa.Array:
    """Those that have no more words than a title, in the words of the scan: hyphens join none."""
    return texts.filter(pa.array(np.diff(words_of(texts).firsts) <= TITLE_WORDS, pa.bool_()))


def _is_notice(words: str) -> bool:
    return len(words.split()) <= NOTICE_WORDS and read_license(words).kind != UNKNOWN


def refuse_leaks(
    snapshot: Path, articles: Articles, excerpt: ExcerptLimit | None = None, on_progress: OnProgress = silent
) -> None:
    """Scan every file below ``snapshot``.

    Args:
        excerpt: how much of a text its excerpt holds; the default where None.
        on_progress: is told how far the scan is.

    Raises:
        CorpusError: withheld words stand in a file; ``issues`` names the files and the articles, not the words.
    """
    public = PublicWords(articles, excerpt or ExcerptLimit())
    withheld, released = Texts(articles, released=False), Texts(articles, released=True)
    leaks = scan(snapshot, withheld, released, public=public, on_progress=on_progress)
    if not leaks:
        return
    issues = tuple(
        Issue(leak.path, field=leak.place, code="withheld-text-leaked", found=f"{leak.runs} runs of {leak.article}")
        for leak in leaks
    )
    raise CorpusError(
        f"withheld text of {len({leak.article for leak in leaks})} articles stands in {issues[0].path}",
        expected="no run of eight words of a withheld body in any file",
        hint="look at the articles named: is a withheld text also part of a field, such as a title or a statement?",
        issues=issues,
    )
