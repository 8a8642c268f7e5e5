"""What cleaning did to a text, as a diff: made from the edits themselves, so that it shows them and not a guess."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dataset_builder.records import Edit

_BLANK = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line; ``changed`` where an edit took it or put it there (empty: the other side has something)."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line before (``-``) or after (``+``) cleaning, or one that stayed (a space)."""

    sign: str
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The line."""
        return "".join(span.text for span in self.spans)

    @property
    def changed(self) -> bool:
        """Whether an edit touched the line."""
        return any(span.changed and span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that changed, with what stands around them.

    Attributes:
        line: 1-based line of the uncleaned text that the change begins in.
        rules: what changed it, in the order of the text.
    """

    line: int
    rules: tuple[str, ...]
    lines: tuple[DiffLine, ...]


@dataclass(slots=True)
class _Block:
    """The text between two line breaks that both stay: what it was, what it is, and by which rules."""

    line: int
    before: list[list[Span]] = field(default_factory=lambda: [[]])
    after: list[list[Span]] = field(default_factory=lambda: [[]])
    rules: list[str] = field(default_factory=list)
    shared: list[tuple[int, int]] = field(default_factory=list)  # lines before and after that hold the same kept piece

    def keep(self, text: str) -> None:
        self.before[-1].append(Span(text))
        self.after[-1].append(Span(text))
        self.shared.append((len(self.before) - 1, len(self.after) - 1))

    def change(self, removed: str, put: str, rule: str) -> None:
        _extend(self.before, removed)
        _extend(self.after, put)
        self.rules.append(rule)


def telling(text: str, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits without those that change nothing but spaces, tabs and line breaks, and touch none that does more."""
    blank = [not (text[edit.start : edit.end] + edit.replacement).strip(_BLANK) for edit in edits]
    ends = {edit.end for edit, nothing in zip(edits, blank, strict=True) if not nothing}
    starts = {edit.start for edit, nothing in zip(edits, blank, strict=True) if not nothing}
    pairs = zip(edits, blank, strict=True)
    return tuple(edit for edit, nothing in pairs if not nothing or edit.start in ends or edit.end in starts)


def line_of(text: str, position: int) -> int:
    """1-based line of a position."""
    return text.count("\n", 0, position) + 1


def make_hunks(text: str, edits: Sequence[Edit], *, context: int = 1) -> Iterator[Hunk]:
    """The changes in the order of the text.

    Args:
        text: the text before cleaning.
        edits: sorted and not overlapping, in code points of ``text``.
        context: lines that are shown before and after a change; none is shown twice.
    """
    before: deque[DiffLine] = deque(maxlen=context)
    lines: list[DiffLine] = []
    rules: list[str] = []
    start = following = 0
    for block in _blocks(text, edits):
        if block.rules:
            if not lines:
                lines, rules, start = [*before], [], block.line
            shown = _diff_lines(block)
            lines += shown
            rules += block.rules
            following = 0
            before.clear()
            continue
        unchanged = DiffLine(" ", tuple(block.before[0]))
        if lines and following < context:
            lines.append(unchanged)
            following += 1
        else:
            before.append(unchanged)
        if lines and following >= context:
            yield Hunk(start, tuple(dict.fromkeys(rules)), tuple(lines))
            lines = []
    if lines:
        yield Hunk(start, tuple(dict.fromkeys(rules)), tuple(lines))


def _blocks(text: str, edits: Sequence[Edit]) -> Iterator[_Block]:
    line = 1
    block = _Block(line)
    for kept, removed, put, rule in _steps(text, edits):
        if rule:
            block.change(removed, put, rule)
            line += removed.count("\n")
            continue
        first, *others = kept.split("\n")
        block.keep(first)
        for piece in others:
            yield block
            line += 1
            block = _Block(line)
            block.keep(piece)
    yield block


def _steps(text: str, edits: Sequence[Edit]) -> Iterator[tuple[str, str, str, str]]:
    """(kept, "", "", "") and ("", removed, put, rule) in turn; what an edit only repeats counts as kept."""
    position = 0
    for edit in edits:
        removed, put = text[edit.start : edit.end], edit.replacement
        same = _common(removed, put)
        removed, put = removed[same:], put[same:]
        yield text[position : edit.start + same], "", "", ""
        tail = _common(removed[::-1], put[::-1])
        yield "", removed[: len(removed) - tail], put[: len(put) - tail], edit.rule
        position = edit.end - tail
    yield text[position:], "", "", ""


def _common(first: str, second: str) -> int:
    """Length of the common beginning."""
    pairs = zip(first, second, strict=False)
    return next((index for index, (one, other) in enumerate(pairs) if one != other), min(len(first), len(second)))


def _extend(lines: list[list[Span]], text: str) -> None:
    first, *others = text.split("\n")
    lines[-1].append(Span(first, changed=True))
    lines += [[Span(piece, changed=True)] for piece in others]


def _diff_lines(block: _Block) -> list[DiffLine]:
    """The block's lines before and after; a line that stayed as it was is shown once."""
    before = [DiffLine("-", tuple(spans)) for spans in block.before]
    after = [DiffLine("+", tuple(spans)) for spans in block.after]
    shown: list[DiffLine] = []
    old = new = 0
    for was, became in block.shared:
        stayed = not (before[was].changed or after[became].changed) and before[was].text == after[became].text
        if stayed and was >= old and became >= new:
            shown += [*before[old:was], *after[new:became], DiffLine(" ", (Span(before[was].text),))]
            old, new = was + 1, became + 1
    return [*shown, *before[old:], *after[new:]]
