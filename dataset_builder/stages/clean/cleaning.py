"""Clean one text: passes over characters, spans and lines, until nothing changes any more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dataset_builder.issues import Issue
from dataset_builder.records import Claim, Edit
from dataset_builder.stages.clean.characters import character_edits, mojibake_edits
from dataset_builder.stages.clean.draft import Draft, TooManyEditsError
from dataset_builder.stages.clean.lines import each_line
from dataset_builder.stages.clean.rules import rules_for
from dataset_builder.stages.clean.spans import SpanPass, clean_closing, clean_opening, clean_spans
from dataset_builder.stages.clean.structure import clean_lines

#: Two rounds settle nearly every text; one that has not settled after so many keeps its words (see `clean_text`).
MOST_ROUNDS = 8
#: A sentence that starts small after a full stop: words were lost or set apart. Two or three letters before a stop
#: are often an abbreviation ("vs.", "no."), so four are asked for; a bracket may close after them.
#: The stop comes first in the pattern, so that it is looked for before what stands on either side.
BROKEN_SENTENCE = re.compile(r"\.(?:(?<=[^\W\d_]{4}\.)|(?<=[^\W\d_]{4}\)\.)) [a-zà-öø-þ]{2,20}\b(?![.@])")
#: A claim of these fields is made once; what a later round finds in its place is another line of the head.
SINGLE = ("title", "summary")
#: Every line and every edit takes some hundred bytes of memory; of a limit of characters, one in so many may be one.
EDIT_CHARACTERS = 100
#: What may be a whole page, menus included; other forms reach cleaning through an extractor that takes the frame away.
PLAIN = ("text/plain", "text/markdown")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned text.

    Attributes:
        body: the article's words, paragraphs separated by a blank line, sub-heads paragraphs of their own.
        edits: how it came from the text, in code points of the text; they replay exactly.
        claims: what the removed lines said: title, summary, date_text, author, dateline, kicker.
        flags: codes of doubt about the text, sorted.
        findings: the same doubts and what is missing, said in full; lines are those of the text.
    """

    body: str
    edits: tuple[Edit, ...] = ()
    claims: tuple[Claim, ...] = ()
    flags: tuple[str, ...] = ()
    findings: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Round:
    """The draft after one round, with what was captured and flagged on the way."""

    draft: Draft
    claims: tuple[Claim, ...] = ()
    flags: tuple[str, ...] = ()


def clean_text(
    text: str,
    *,
    language: str | None = None,
    title: str | None = None,
    authors: Sequence[str] = (),
    media_type: str = "text/plain",
    most: int | None = None,
) -> Cleaned:
    """Remove from ``text`` what is not the article's; change no word.

    Rounds are repeated until one changes nothing, so that cleaning the body again changes nothing either. A text that
    does not settle (hostile input) keeps all its words and loses only invisible characters; it is flagged.

    Args:
        text: as extracted, in any state.
        language: BCP-47; rules for other languages are left out. None: all rules.
        title: the title that is already known, so that the line that repeats it is recognised.
        authors: who is known to have written it, so that a name alone above the text of an HTML page is recognised.
        media_type: of what ``text`` was extracted from; HTML has its frame removed already.
        most: so many lines, and so many edits, may the text come to; one of more comes to nothing but a finding, which
            is an error. None: any number.
    """
    try:
        return _cleaned(
            Draft.of(text, most), (language or "").split("-")[0].lower() or None, title, authors, media_type
        )
    except TooManyEditsError:
        return Cleaned("", findings=(too_many(most or 0),))


def too_many(most: int) -> Issue:
    """The finding about a text of more lines or edits than ``most``."""
    found, expected = f"more than {most:,} lines, or edits by cleaning", f"at most {most:,}: one in {EDIT_CHARACTERS}"
    return Issue(code="article-too-large", field="body", found=found, expected=f"{expected} characters of the limit")


def _cleaned(
    original: Draft, primary: str | None, title: str | None, authors: Sequence[str], media_type: str
) -> Cleaned:
    visible = clean_characters(original)
    if original.most is not None and visible.text.count("\n") >= original.most:
        raise TooManyEditsError
    draft, flags = visible, set[str]()
    claims: list[Claim] = []
    for _ in range(MOST_ROUNDS):
        done = one_round(draft, primary, title, authors, media_type)
        claims += done.claims
        flags |= set(done.flags)
        settled = done.draft.text == draft.text
        draft = done.draft
        if settled:
            break
    else:
        draft, claims, flags = visible, [], {"cleaning-unsettled"}
    if BROKEN_SENTENCE.search(draft.text):
        flags.add("broken-sentence")
    return Cleaned(draft.text, draft.edits(), told_once(claims), tuple(sorted(flags)), findings(draft, flags))


def clean_characters(draft: Draft) -> Draft:
    """The draft without invisible characters and with one kind of line break."""
    return draft.edited(character_edits(draft.text))


def one_round(draft: Draft, language: str | None, title: str | None, authors: Sequence[str], media_type: str) -> Round:
    """Characters, spans, lines, dateline, licence; each pass sees what the one before it left."""
    draft = clean_characters(draft.edited(mojibake_edits(draft.text)))
    spans = clean_spans(draft, language)
    lines = clean_lines(spans.draft, language, title, authors, whole_page=media_type in PLAIN)
    first = next((line for line in each_line(lines.draft.text) if line.prose), None)
    opening = clean_opening(lines.draft, first.start, language) if first else SpanPass(lines.draft)
    closing = clean_closing(opening.draft, language)
    return Round(closing.draft, (*lines.claims, *opening.claims, *closing.claims), spans.flags)


def told_once(claims: list[Claim]) -> tuple[Claim, ...]:
    """The claims without repetitions; of title and summary the first, for later ones are other lines of the head."""
    seen: set[tuple[str, str]] = set()
    told: list[Claim] = []
    for claim in claims:
        key = (claim.field, "" if claim.field in SINGLE else claim.value)
        if key not in seen:
            seen.add(key)
            told.append(claim)
    return tuple(told)


def findings(draft: Draft, flags: set[str]) -> tuple[Issue, ...]:
    """What the reader should know about this text; a missing title is said by the stage that knows all claims."""
    found: list[Issue] = []
    if draft.original.strip() and not draft.text:
        found.append(Issue(code="nothing-left", field="body", found="every line is furniture of a page"))
    if "broken-sentence" in flags and (match := BROKEN_SENTENCE.search(draft.text)):
        # Three words show the place; a finding must not carry a run of the text.
        before = draft.text[max(0, match.start() - 60) : match.start() + 1].split()[-2:]
        line = line_in_original(draft, draft.origin_of(match.start()))
        found.append(Issue(line=line, code="broken-sentence", field="body", found=" ".join(before) + match[0][1:]))
    if "damaged-punctuation" in flags:
        joined = {rule.id for rule in rules_for("span", None) if rule.flag == "damaged-punctuation"}
        place = next((edit.start for edit in draft.edits() if edit.rule in joined), None)
        line = 0 if place is None else line_in_original(draft, place)
        told = "punctuation stood twice and was joined"
        found.append(Issue(line=line, code="damaged-punctuation", field="body", found=told))
    if "cleaning-unsettled" in flags:
        found.append(Issue(code="cleaning-unsettled", field="body", found=f"still changing after {MOST_ROUNDS} rounds"))
    return tuple(found)


def line_in_original(draft: Draft, place: int) -> int:
    """The 1-based line of the original on which the code point ``place`` stands."""
    return draft.original.count("\n", 0, place) + 1
