"""A text under revision that never forgets where each piece came from, so that passes of edits end as one list.

For every text ``t`` and lists of edits ``a``, ``b``, the edits of ``Draft.of(t).edited(a).edited(b)`` replay to the
same text as ``a`` and then ``b`` do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from dataset_builder.records import Edit

#: Pieces that are joined at once.
JOINED = 10_000


class TooManyEditsError(Exception):
    """A text would hold more edits, or lines, than somebody was ready to keep in memory."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the draft: ``original[start:end]`` itself where ``words`` is None, else ``words`` in its place."""

    start: int
    end: int
    words: str | None = None
    rule: str = ""

    def __len__(self) -> int:
        return self.end - self.start if self.words is None else len(self.words)

    def split(self, length: int) -> tuple[Piece, Piece]:
        """The first ``length`` code points and the rest; of a replacement, the first half answers for the original."""
        if self.words is None:
            return Piece(self.start, self.start + length), Piece(self.start + length, self.end)
        head = Piece(self.start, self.end, self.words[:length], self.rule)
        return head, Piece(self.end, self.end, self.words[length:], self.rule)


@dataclass(frozen=True, slots=True)
class Draft:
    """The original, the text as it stands now, and the pieces that tile both.

    ``most`` is how many edits it may come to; None: any number.
    """

    original: str
    text: str
    pieces: tuple[Piece, ...]
    most: int | None = None

    @classmethod
    def of(cls, text: str, most: int | None = None) -> Draft:
        """A draft without edits."""
        return cls(text, text, (Piece(0, len(text)),), most)

    def edited(self, edits: Iterable[Edit]) -> Draft:
        """The draft after ``edits``, which are sorted, do not overlap, and count code points of ``self.text``.

        Raises:
            TooManyEditsError: they are more than may be.
        """
        coming = iter(edits)
        first = next(coming, None)
        if first is None:
            return self
        walk = Walk(list(reversed(self.pieces)))
        # Between two edits there is at most one stretch of what was before; before them all there may be one, too.
        room = None if self.most is None else 2 * self.most + 1
        for edit in chain((first,), coming):
            walk.keep(edit.start)
            walk.replace(edit)
            if room is not None and len(walk.done) > room:
                raise TooManyEditsError
        walk.keep(len(self.text))
        pieces = tuple(walk.done)
        del walk
        return Draft(self.original, self._joined(pieces), pieces, self.most)

    def _joined(self, pieces: Sequence[Piece]) -> str:
        """The text that the pieces tile; some at a time, for short strings take more memory than their characters."""
        parts = (pieces[at : at + JOINED] for at in range(0, len(pieces), JOINED))
        own = self.original
        return "".join("".join([own[p.start : p.end] if p.words is None else p.words for p in part]) for part in parts)

    def origin_of(self, place: int) -> int:
        """Where in the original the code point ``place`` of the text comes from; of a replacement, its begin."""
        position = 0
        for piece in self.pieces:
            if place < position + len(piece):
                return piece.start + (place - position if piece.words is None else 0)
            position += len(piece)
        return len(self.original)

    def edits(self) -> tuple[Edit, ...]:
        """All edits since the original, sorted, in its code points; what was changed and changed back is no edit."""
        return tuple(
            Edit(piece.start, piece.end, piece.words, piece.rule)
            for piece in self.pieces
            if piece.words is not None and piece.words != self.original[piece.start : piece.end]
        )


class Walk:
    """One pass over the pieces; ``ahead`` is a stack with the next piece on top."""

    def __init__(self, ahead: list[Piece]) -> None:
        self.ahead = ahead
        self.done: list[Piece] = []
        self.position = 0  # in the text before the edits
        self.reached = 0  # in the original

    def keep(self, until: int) -> None:
        """Pass on everything before ``until``, and the deletions that stand there."""
        while self.ahead and (self.position < until or not len(self.ahead[-1])):
            self.done.append(self.take(until))

    def replace(self, edit: Edit) -> None:
        """Put the replacement in the place of everything up to the edit's end."""
        start = self.reached
        taken: list[Piece] = []
        while self.ahead and self.position < edit.end:
            taken.append(self.take(edit.end))
        self.done.append(Piece(start, self.reached, edit.replacement, main_rule(taken, edit.rule)))

    def take(self, until: int) -> Piece:
        """The next piece, cut where it passes ``until``."""
        piece = self.ahead.pop()
        if self.position + len(piece) > until:
            piece, rest = piece.split(until - self.position)
            self.ahead.append(rest)
        self.position += len(piece)
        self.reached = piece.end
        return piece


def main_rule(taken: list[Piece], rule: str) -> str:
    """Which rule answers for a stretch: the one that removed most of it; in doubt the latest, ``rule``."""
    removed: dict[str, int] = {rule: 0}
    for piece in taken:
        earlier = piece.rule or rule
        removed[earlier] = removed.get(earlier, 0) + piece.end - piece.start
    return max(removed, key=lambda name: removed[name])
