"""An explanation for people. The article's text is shown as it is, what cannot be seen in it as an escape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dataset_builder.cli.terminal import Paint, plain
from dataset_builder.explain.diff import DiffLine, Hunk, Span, make_hunks, telling
from dataset_builder.visible import is_unsafe, one_line

if TYPE_CHECKING:
    from dataset_builder.explain.explanation import Explanation
    from dataset_builder.explain.story import FieldStory
    from dataset_builder.records import Claim

#: Hunks that are shown where not all are asked for.
_HUNKS = 100
#: Code points that are shown of what stayed beside a change, and of what was changed.
_BESIDE, _CHANGED = 40, 400
_NAMED = {"\t": "\\t", "\r": "\\r", "\n": "\\n"}


def render_explanation(explanation: Explanation, paint: Paint, *, every: bool = False) -> list[str]:
    """The lines of an explanation, controls escaped."""
    return [
        *_identity(explanation, paint),
        *_cleaning(explanation, paint, every),
        *_fields(explanation, paint),
        *_decision(explanation, paint),
        *_findings(explanation, paint),
    ]


def _identity(explanation: Explanation, paint: Paint) -> Iterator[str]:
    locator, _ = explanation.sightings[0]
    payload = explanation.payload
    yield paint(f"{explanation.id}  {one_line(locator, 300)}: {explanation.outcome}", "heading")
    size = "size unknown" if payload["bytes"] is None else f"{payload['bytes']} bytes"
    told = [size, payload["media_type"], *([payload["charset"]] if payload["charset"] else [])]
    yield f"  payload    sha256 {payload['sha256']}, {one_line(', '.join(told))}"
    for locator, source in explanation.sightings:
        yield f"  seen       {one_line(locator, 300)}, source {one_line(source)}"
    for relation, other in (("near copy of", explanation.copy_of), ("revision of", explanation.revision_of)):
        if other:
            yield f"  {relation} {other}"
    if explanation.earlier:
        yield f"  earlier texts of the page: {', '.join(explanation.earlier)}; name an id to see one"
    if payload["extraction"]:
        yield f"  extracted  by {one_line(payload['extraction'], 200)}, sha256 {payload['extraction_sha256']}"
    if explanation.entities is not None:
        mentions = ", ".join(f"{label} {count}" for label, count in explanation.entities.items())
        yield f"  entities   {mentions or 'none found'}"
    if explanation.flags:
        yield f"  flags      {', '.join(explanation.flags)}"


def _cleaning(explanation: Explanation, paint: Paint, every: bool) -> Iterator[str]:
    yield ""
    if explanation.text is None:
        yield paint("What was removed", "heading") + ": the text was never held"
        return
    text, edits = explanation.text, explanation.edits
    if not edits:
        yield paint("What was removed", "heading") + ": nothing; the text is as it was read"
        return
    rules = Counter(edit.rule for edit in edits)
    yield paint("What was removed", "heading") + f": {len(text):,} characters became {len(explanation.body or ''):,}"
    yield "  by rule    " + ", ".join(f"{rule} {count}" for rule, count in sorted(rules.items()))
    told = edits if every else telling(text, edits)
    for number, hunk in enumerate(make_hunks(text, told)):
        if number == _HUNKS and not every:
            yield f"  … and more; --all shows all {len(edits):,} edits"
            break
        yield from _hunk(hunk, paint)
    if hidden := len(edits) - len(told):
        yield f"  edits of blank space only: {hidden}; --all shows them"


def _hunk(hunk: Hunk, paint: Paint) -> Iterator[str]:
    yield paint(f"  @@ line {hunk.line}: {', '.join(hunk.rules)} @@", "heading")
    for line in hunk.lines:
        yield f"  {_diff_line(line, paint)}".rstrip()


def _diff_line(line: DiffLine, paint: Paint) -> str:
    style = {"-": "removed", "+": "added"}.get(line.sign)
    whole = all(span.changed or not span.text for span in line.spans)
    last = len(line.spans) - 1
    pieces = []
    for index, span in enumerate(line.spans):
        text = _clip(span, first=index == 0, last=index == last)
        if span.changed and span.text and not whole:
            # Where there is no colour, the brackets of wdiff.
            left, right = ("[-", "-]") if line.sign == "-" else ("{+", "+}")
            text = f"{left}{text}{right}" if paint is plain else paint(text, "changed")
        pieces.append(text if style is None or (span.changed and not whole) else paint(text, style))
    return f"{paint(line.sign, style) if style else line.sign} {''.join(pieces)}"


def _clip(span: Span, *, first: bool, last: bool) -> str:
    """What is shown of a piece of a line: what was changed, and a little of what stands beside it."""
    text = span.text
    if span.changed:
        rest = len(text) - _CHANGED
        shown = "".join(_visible(character, strict=True) for character in text[:_CHANGED])
        return f"{shown}… ({rest:,} more)" if rest > 0 else shown
    if len(text) > 2 * _BESIDE:
        head = "" if first and not last else text[:_BESIDE]
        tail = "" if last and not first else text[-_BESIDE:]
        text = f"{head}…{tail}" if not (first and last) else f"{text[: 2 * _BESIDE]}…"
    return "".join(_visible(character) for character in text)


def _visible(character: str, *, strict: bool = False) -> str:
    """``strict``: blank space other than a space is written as an escape, too."""
    if character in _NAMED:
        return _NAMED[character]
    if is_unsafe(character) or (strict and character.isspace() and character != " "):
        return f"\\u{{{ord(character):x}}}"
    return character


def _fields(explanation: Explanation, paint: Paint) -> Iterator[str]:
    yield ""
    yield paint("Where each field came from", "heading")
    for story in explanation.fields:
        yield from _field(story, paint)


def _field(story: FieldStory, paint: Paint) -> Iterator[str]:
    shown = one_line(story.value, 200) if story.value else ""
    yield f"  {paint(one_line(story.field), 'heading')}: {shown or 'no value'}"
    if story.note:
        yield f"    how   {one_line(story.note, 300)}"
    for claim in story.held:
        yield f"    {paint('held', 'added')}  {_claim(claim, shown)}"
    for claim in story.lost:
        yield f"    {paint('lost', 'removed')}  {_claim(claim, shown)}"


def _claim(claim: Claim, shown: str) -> str:
    """Who says so, and in which words; words that stand a line above, and full confidence, go without saying."""
    line = f", line {claim.line}" if claim.line else ""
    sure = "" if claim.confidence >= 1 else f", confidence {claim.confidence:.2f}"
    words = one_line(claim.evidence or claim.value, 160)
    told = f" → {one_line(claim.value, 80)}" if claim.evidence and claim.evidence != claim.value else ""
    said = "" if words == shown and not told else f": “{words}”{told}"
    return f"{claim.origin} by {one_line(claim.rule)}{line}{sure}{said}"


def _decision(explanation: Explanation, paint: Paint) -> Iterator[str]:
    from dataset_builder.schema import RELEASED

    story = explanation.decision
    yield ""
    rejected = bool(explanation.rejected_by)
    if rejected:
        yield paint(f"Decision: rejected, by {', '.join(explanation.rejected_by)}", "heading")
        yield "  what would change it"
        for issue in explanation.issues:
            if issue.code in explanation.rejected_by:
                yield f"    - {issue.code}: {one_line(issue.hint or issue.kind.mend, 300)}"
        yield paint(f"Without these errors: {story.release}, by the rule {story.rule}", "heading")
    else:
        style = "added" if story.release in RELEASED else "removed"
        yield f"{paint('Decision', 'heading')}: {paint(story.release, style)}, by the rule {story.rule}"
    yield f"  reason     {story.reason}"
    conditions = "; ".join(f"{aspect}: {' or '.join(values)}" for aspect, values in story.when.items())
    yield f"  the row    {conditions or 'fits always'}"
    yield f"  rights     {story.rights_class}, {story.license or 'no license'}, covers {story.scope}"
    yield f"  statement  {one_line(story.statement, 300)}"
    evidence = ", ".join(f"{name} {one_line(value, 200)}" for name, value in story.evidence.items())
    yield f"  evidence   {evidence or 'none'}"
    if story.opted_out:
        yield "  opt-out    a signal against mining or AI use was found; it is passed on"
    changes = [*story.would_change]
    changes += [f"{setting}: {release}, by {rule}" for setting, release, rule in story.elsewhere]
    if changes:
        yield "  what would change it"
        yield from (f"    - {one_line(change, 300)}" for change in changes)


def _findings(explanation: Explanation, paint: Paint) -> Iterator[str]:
    from dataset_builder.findings.report import Findings, said

    yield ""
    yield paint("Findings", "heading") + ("" if explanation.issues else ": none")
    findings = Findings(explanation.issues, "build-dataset explain")
    for issue in explanation.issues:
        yield f"  {issue.severity} {issue.code}: {findings.place(issue)}; {said(issue)}"
