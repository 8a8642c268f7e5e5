"""Patterns: what RE2 may decide in place of Python's ``re``.

Frictionless judges a cell by ``re.compile("^{0}$".format(pattern)).match(cell)``. RE2, which Arrow uses, takes linear
time but reads some patterns otherwise. So the pattern is not handed over as text: Python's own parse of it is written
anew in the part of RE2's syntax that means the same. Whatever has no such form (lookaround, backreferences, flags,
``\\B`` …) gets no translation and stays with Python's ``re``, in bounded time.

Two constructs are narrowed, which is sound because a pattern without negative assertions can only match less:

- A class that contains ``\\d``, ``\\w``, ``\\s`` or a complement of them becomes its ASCII part. Python's classes are
  Unicode's, and the two libraries carry different versions of its tables. On ASCII text nothing is lost.
- ``\\b`` is used on ASCII text only.

Python's ``$`` also matches before a final newline: at the end of a match it is written out as ``\\n?\\z``.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any

# Python's parse tree has no public home; its shape is stable since 3.11, and property tests compare the outcome.

#: RE2's bound on a counted repetition (re2/re2.h, ``kMaxRepeat``).
RE2_MAX_REPEAT = 1000
#: A pattern that parses deeper than this is left to ``re``.
MAX_DEPTH = 100

#: What Python's classes ask of a character (Modules/_sre/sre.c, ``sre_category``, Unicode flavour).
_CATEGORIES: dict[Any, Callable[[str], bool]] = {
    sre.CATEGORY_DIGIT: str.isdecimal,
    sre.CATEGORY_NOT_DIGIT: lambda character: not character.isdecimal(),
    sre.CATEGORY_SPACE: str.isspace,
    sre.CATEGORY_NOT_SPACE: lambda character: not character.isspace(),
    sre.CATEGORY_WORD: lambda character: character.isalnum() or character == "_",
    sre.CATEGORY_NOT_WORD: lambda character: not (character.isalnum() or character == "_"),
}


@dataclass(frozen=True, slots=True)
class Translation:
    """A pattern for RE2.

    Attributes:
        pattern: RE2 syntax; searching for it anywhere is matching at the start of the cell.
        exact: whether a cell that it does not match does not match in Python either, whatever its text. Where false,
            that holds for ASCII cells only.
        ascii_only: whether it may be asked about ASCII cells only.
    """

    pattern: str
    exact: bool
    ascii_only: bool


class _UntranslatableError(Exception):
    """The pattern has a part without an equivalent in RE2."""


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The pattern as frictionless compiles it; raises ``re.error``, ``RecursionError``, ``OverflowError`` for none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return re.compile(f"^{pattern}$")


def translate(pattern: str) -> Translation | None:
    """``pattern`` for RE2, or None where RE2 has no equivalent. Raises ``re.error`` where it is no pattern."""
    if compile_pattern(pattern).flags != re.UNICODE:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = sre_parser.parse(f"^{pattern}$")
    writer = _Writer()
    try:
        written = rf"\A(?:{writer.sequence(tree, tail=True, depth=0)})"
    except _UntranslatableError:
        return None
    return Translation(written, exact=not writer.narrowed, ascii_only=writer.ascii_only)


class _Writer:
    """Writes a parse tree in RE2's syntax and notes what was narrowed."""

    def __init__(self) -> None:
        self.narrowed = False
        self.ascii_only = False

    def sequence(self, nodes: Any, *, tail: bool, depth: int) -> str:
        """The nodes one after the other; ``tail`` where nothing that consumes text follows."""
        if depth > MAX_DEPTH:
            raise _UntranslatableError
        items = list(nodes)
        written: list[str] = []
        for index, (operator, argument) in enumerate(items):
            last = tail and all(_is_end(item) for item in items[index + 1 :])
            written.append(self.node(operator, argument, tail=last, depth=depth + 1))
        return "".join(written)

    def node(self, operator: Any, argument: Any, *, tail: bool, depth: int) -> str:
        if operator is sre.LITERAL:
            return _character(argument)
        if operator is sre.NOT_LITERAL:
            return f"[^{_character(argument)}]"
        if operator is sre.ANY:
            return r"[^\x{A}]"
        if operator is sre.IN:
            return self.character_class(argument)
        if operator is sre.AT:
            return self.position(argument, tail=tail)
        if operator is sre.BRANCH:
            branches = [self.sequence(branch, tail=tail, depth=depth) for branch in argument[1]]
            return f"(?:{'|'.join(branches)})"
        if operator is sre.SUBPATTERN:
            _, added, removed, body = argument
            if added or removed:
                raise _UntranslatableError
            return f"(?:{self.sequence(body, tail=tail, depth=depth)})"
        if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            return self.repeat(*argument, depth=depth)
        raise _UntranslatableError

    def repeat(self, low: int, high: int, body: Any, *, depth: int) -> str:
        # A body that may match nothing is left to ``re``, whose engine has its own rules for empty turns.
        if body.getwidth()[0] == 0 and high != 1:
            raise _UntranslatableError
        if low > RE2_MAX_REPEAT or (high is not sre.MAXREPEAT and high > RE2_MAX_REPEAT):
            raise _UntranslatableError
        written = f"(?:{self.sequence(body, tail=False, depth=depth)})"
        if high is sre.MAXREPEAT:
            return written + {0: "*", 1: "+"}.get(low, f"{{{low},}}")
        return f"{written}{{{low},{high}}}"

    def position(self, argument: Any, *, tail: bool) -> str:
        if argument in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING):
            return r"\A"
        if argument is sre.AT_END and tail:
            return r"(?:\x{A}?\z)"
        if argument is sre.AT_END_STRING:
            return r"\z"
        if argument is sre.AT_BOUNDARY:
            self.ascii_only = True
            return r"\b"
        raise _UntranslatableError

    def character_class(self, items: Sequence[tuple[Any, Any]]) -> str:
        negated = items[0][0] is sre.NEGATE
        members = items[1:] if negated else items
        if any(operator is sre.CATEGORY for operator, _ in members):
            self.narrowed = True
            codes = [code for code in range(128) if _is_member(code, members) != negated]
            if not codes:
                raise _UntranslatableError
            return f"[{''.join(map(_character, codes))}]"
        parts = [
            _character(argument) if operator is sre.LITERAL else _range(*argument) for operator, argument in members
        ]
        return f"[{'^' if negated else ''}{''.join(parts)}]"


def _is_end(item: tuple[Any, Any]) -> bool:
    # Not ``\Z``: what is written for a ``$`` before it takes the newline, which ``\Z`` must still see.
    return bool(item[0] is sre.AT and item[1] is sre.AT_END)


def _character(code: int) -> str:
    if 0xD800 <= code <= 0xDFFF:
        raise _UntranslatableError
    return rf"\x{{{code:X}}}"


def _range(low: int, high: int) -> str:
    """A range without the surrogates, which no cell of Arrow text holds and RE2 refuses."""
    if low < 0xD800 and high > 0xDFFF:
        return _range(low, 0xD7FF) + _range(0xE000, high)
    return f"{_character(low)}-{_character(high)}"


def _is_member(code: int, members: Sequence[tuple[Any, Any]]) -> bool:
    """Whether Python's class of these members holds the character."""
    for operator, argument in members:
        if operator is sre.LITERAL and code == argument:
            return True
        if operator is sre.RANGE and argument[0] <= code <= argument[1]:
            return True
        if operator is sre.CATEGORY and _CATEGORIES[argument](chr(code)):
            return True
    return False
