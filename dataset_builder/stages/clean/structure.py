"""The pass over lines: furniture goes, head and dateline become claims, what stays is set as paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dataset_builder.records import Claim, Edit
from dataset_builder.stages.clean.draft import Draft
from dataset_builder.stages.clean.furniture import Decisions, drop_anywhere, drop_at_edges
from dataset_builder.stages.clean.head import head_end, take_headings, take_torn_head
from dataset_builder.stages.clean.lines import Line, lines_of, wraps
from dataset_builder.stages.clean.page import drop_page_frame

PARAGRAPH = "\n\n"


@dataclass(frozen=True, slots=True)
class LinePass:
    """The draft after the pass and what its lines said, in the order of the text."""

    draft: Draft
    claims: tuple[Claim, ...]


def clean_lines(
    draft: Draft, language: str | None, title: str | None, authors: Sequence[str], *, whole_page: bool
) -> LinePass:
    """Decide about every line, then set those that stay as paragraphs with a blank line between."""
    draft = joined_columns(draft)
    lines = lines_of(draft.text)
    decisions = Decisions()
    drop_anywhere(lines, decisions, language)
    if whole_page:
        drop_page_frame(lines, decisions)
    first, last = prose_bounds(lines, decisions, language)
    drop_at_edges(lines, decisions, language, first, last)
    take_headings(lines, decisions, title, head_end(lines, decisions, language))
    if title and not whole_page:
        take_torn_head(lines, decisions, authors)
    claims = tuple(claim for _, claim in sorted(decisions.claims, key=lambda pair: pair[0]))
    laid_out = draft.edited(layout_edits(draft.text, lines, decisions.dropped))
    lines_of.cache_clear()  # nobody asks for these again, and of a long text they take several times its memory
    return LinePass(laid_out, claims)


def prose_bounds(lines: Sequence[Line], decisions: Decisions, language: str | None) -> tuple[int, int]:
    """The indices of the body's first and last line of prose; without any prose the whole text is between them."""
    prose = [index for index in decisions.kept(lines) if lines[index].prose]
    if not prose:
        return 0, len(lines) - 1
    return head_end(lines, decisions, language), prose[-1]


def joined_columns(draft: Draft) -> Draft:
    """The draft with the lines of a hard-wrapped text joined."""
    lines = lines_of(draft.text)
    wrapped = wraps(draft.text, lines)
    return draft.edited(Edit(lines[i].end, lines[i + 1].start, " ", "column-join") for i in sorted(wrapped))


def layout_edits(text: str, lines: Sequence[Line], dropped: dict[int, str]) -> Iterator[Edit]:
    """The edits that remove the dropped lines and leave one blank line between the others.

    A removed line takes the white space after it along, so that each removal is one edit.
    """
    kept = [index for index in range(len(lines)) if index not in dropped]
    last_kept = kept[-1] if kept else -1
    starts = [line.start for line in lines[1:]] + [len(text)]
    if lines and lines[0].start:
        yield Edit(0, lines[0].start, "", "paragraph-break")
    if not lines and text:
        yield Edit(0, len(text), "", "paragraph-break")
    for index, line in enumerate(lines):
        if index in dropped:
            yield Edit(line.start, starts[index], "", dropped[index])
            continue
        gap = PARAGRAPH if index < last_kept else ""
        if text[line.end : starts[index]] != gap:
            yield Edit(line.end, starts[index], gap, "paragraph-break")
